"""The documents of technicians' telephones: the whisper, the room, and their own line."""

from collections.abc import Iterable

from twilio.twiml.voice_response import Gather, VoiceResponse

from callflows.verbs import Say
from ivr.acd.rooms import room_name
from ivr.twilio.links import TwilioLinks
from ivr.twilio.pieces import Part, add_conference, farewell, say

WHISPER_KEY_SECONDS = 6
SORRY = "Sorry, something went wrong. Goodbye."


class LegDocuments:
    """What technicians hear; no document of theirs belongs to a flow."""

    def __init__(self, links: TwilioLinks) -> None:
        self._links = links

    def technician_room(
        self, offer_id: str, visit: int, first: Iterable[Say] = (), *, recorded: bool = False
    ) -> str:
        """The technician goes to the caller, for the first time or back from the menu.

        `*` leaves the room, and so does the end of the call: `room_left` finds out which. A room
        that is recorded starts with the caller, who has heard of it by then.
        """
        response = VoiceResponse()
        for sound in first:
            say(response, sound)
        action = self._links.room_left(offer_id, visit)
        recording_url = self._links.conversation(offer_id) if recorded else None
        part = Part(
            star=True,
            starts=not recorded,
            status_url=self._links.room_status(offer_id),
            recording_url=recording_url,
        )
        add_conference(response, room_name(offer_id), action, part)
        return str(response)

    def stepping_out(self, offer_id: str, visit: int, question: str) -> str:
        """A moment, in which the end of the call may become known, and then the menu."""
        response = VoiceResponse()
        response.pause(length=1)
        response.redirect(self._links.room_menu(offer_id, visit, 0, question, 0), method="POST")
        return str(response)

    def room_music(self, offer_id: str, tick: int, media: str, seconds: int) -> str:
        """One round of what a caller in a room hears who has nobody to talk to."""
        response = VoiceResponse()
        response.play(self._links.media(media, seconds))
        response.redirect(self._links.room_music(offer_id, tick + 1), method="POST")
        return str(response)

    def guest_room(self, guest_id: str, offer_id: str, *, muted: bool, coaches: str | None) -> str:
        """A guest goes into the room of an offer, which neither begins nor ends with them."""
        response = VoiceResponse()
        part = Part(starts=False, muted=muted, coaches=coaches)
        add_conference(response, room_name(offer_id), self._links.guest_left(guest_id), part)
        return str(response)

    def announcement(self, sounds: Iterable[Say]) -> str:
        """Said into the ear of somebody in a room, who stays there."""
        response = VoiceResponse()
        for sound in sounds:
            say(response, sound)
        return str(response)

    def whisper(self, action: str, sounds: Iterable[Say]) -> str:
        """What a rung technician hears, and the key that is asked for; no key ends the leg."""
        response = VoiceResponse()
        gather = Gather(
            action=action,
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
