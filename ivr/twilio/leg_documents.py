"""The documents of technicians' telephones: the whisper, the room, and their own line."""

from collections.abc import Iterable

from twilio.twiml.voice_response import Gather, VoiceResponse

from callflows.verbs import Say
from ivr.acd.rooms import room_name
from ivr.twilio.links import TwilioLinks
from ivr.twilio.pieces import conference, farewell, say

WHISPER_KEY_SECONDS = 6
SORRY = "Sorry, something went wrong. Goodbye."


class LegDocuments:
    """What technicians hear; no document of theirs belongs to a flow."""

    def __init__(self, links: TwilioLinks) -> None:
        self._links = links

    def technician_room(self, offer_id: str) -> str:
        """The technician who accepted goes into the room and waits there for the caller."""
        return conference(room_name(offer_id), self._links.offer_ended(offer_id))

    def whisper(self, offer_id: str, sounds: Iterable[Say], attempt: int) -> str:
        """What a rung technician hears, and the key that is asked for; no key ends the leg."""
        response = VoiceResponse()
        gather = Gather(
            action=self._links.offer_key(offer_id, attempt),
            method="POST",
            input="dtmf",
            num_digits=1,
            timeout=WHISPER_KEY_SECONDS,
        )
        for sound in sounds:
            say(gather, sound)
        response.append(gather)
        response.hangup()
        return str(response)

    def say_goodbye(self, sounds: Iterable[Say]) -> str:
        """A last sentence, and the end."""
        return farewell(sounds)

    def question(self, sounds: Iterable[Say], action: str, digits: int | None) -> str:
        """A sentence and the keys that answer it, outside any flow (the technicians' line)."""
        response = VoiceResponse()
        gather = Gather(
            action=action,
            method="POST",
            input="dtmf",
            num_digits=digits,
            finish_on_key="#",
            timeout=WHISPER_KEY_SECONDS,
            action_on_empty_result=True,
        )
        for sound in sounds:
            say(gather, sound)
        response.append(gather)
        response.hangup()
        return str(response)

    def sorry(self, incident: str) -> str:
        """What a technician hears when we fail; their leg ends, and the call goes on without."""
        return f"{farewell([Say(SORRY, 'en', '')])}<!-- incident {incident} -->"
