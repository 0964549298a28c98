"""Verbs as TwiML: the one place where our words become Twilio's.

Every document ends in an explicit verb, so no call is ever cut off by running out of document;
the whisper is the exception the carrier's protocol asks for.
"""

from collections.abc import Iterable, Sequence

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from callflows.verbs import (
    Ask,
    Continue,
    Enqueue,
    Hangup,
    Hold,
    LeaveQueue,
    Pause,
    Play,
    Say,
    Sound,
    TakeMessage,
    Transfer,
    Verb,
)
from ivr.acd.rooms import room_name
from ivr.documents import Place
from ivr.twilio.links import TwilioLinks
from ivr.twilio.pieces import (
    CALL_LIMIT_SECONDS,
    MESSAGE_SILENCE_SECONDS,
    Part,
    add_conference,
    farewell,
    say,
)

# Every waiting caller is in one queue of the carrier's; which one they wait in is ours to know.
CARRIER_QUEUE = "supportline"
MESSAGE_MAX_SECONDS = 180
ONE_MOMENT_SECONDS = 2

APOLOGY = (
    "We are sorry. We cannot take your call as usual just now. "
    "Please leave a message with your ticket number after the tone, "
    "and press pound when you are done."
)
APOLOGY_THANKS = "Thank you. Your message will be heard. Goodbye."


class TwimlDocuments:
    """The documents of a call, for the calls module to keep and the webhooks to give."""

    def __init__(self, links: TwilioLinks) -> None:
        self._links = links

    def turn(self, verbs: Iterable[Verb], place: Place) -> str:
        """What the caller hears next, up to the next wait or the end."""
        response, verb = VoiceResponse(), None
        for verb in verbs:
            match verb:
                case Say() | Play() | Pause():
                    self._sound(response, verb, place)
                case Hold():
                    self._hold(response, verb, place)
                case LeaveQueue():
                    response.leave()
                case Hangup():
                    response.hangup()
                case _:
                    self._wait(response, verb, place)
        if verb is None or isinstance(verb, Say | Play | Pause):
            response.hangup()
        return str(response)

    def room(self, call_sid: str, offer_id: str, turn: int, announced: Sequence[Say] = ()) -> str:
        """The caller goes into the room of an accepted offer, after what must be announced."""
        response, action = VoiceResponse(), self._links.turn(call_sid, turn)
        for sound in announced:
            say(response, sound)
        part = Part(
            ends=True,
            wait_url=self._links.room_music(offer_id, 0),
            recording_url=self._links.conversation(offer_id) if announced else None,
        )
        add_conference(response, room_name(offer_id), action, part)
        return str(response)

    def one_moment(self, address: str) -> str:
        """We are slow: say so, and let the carrier ask again in a moment."""
        response = VoiceResponse()
        response.say("One moment please.")
        response.pause(length=ONE_MOMENT_SECONDS)
        response.redirect(address, method="POST")
        return str(response)

    def apology(self, incident: str, recording_url: str | None) -> str:
        """What a caller hears when we fail: an apology and the tone, never silence.

        `incident` is found again in the log. A message left here is imported later.
        """
        response = VoiceResponse()
        response.say(APOLOGY)
        response.record(
            action=self._links.fallback_recorded(),
            method="POST",
            max_length=MESSAGE_MAX_SECONDS,
            finish_on_key="#",
            timeout=MESSAGE_SILENCE_SECONDS,
            play_beep=True,
            recording_status_callback=recording_url,
            recording_status_callback_method="POST" if recording_url else None,
        )
        return f"{response}<!-- incident {incident} -->"

    def step_out(self) -> str:
        """A waiting caller leaves the carrier's queue after a moment, and goes on from there."""
        response = VoiceResponse()
        response.pause(length=ONE_MOMENT_SECONDS)
        response.leave()
        return str(response)

    def thanks_for_message(self) -> str:
        return farewell([Say(APOLOGY_THANKS, "en", "")])

    def hangup(self) -> str:
        response = VoiceResponse()
        response.hangup()
        return str(response)

    def nothing(self) -> str:
        """The answer to a request that asks for no document."""
        return str(VoiceResponse())

    def _wait(
        self,
        response: VoiceResponse,
        verb: Ask | Enqueue | TakeMessage | Transfer | Continue,
        place: Place,
    ) -> None:
        """A verb that is answered by the call's next turn."""
        next_turn = self._links.turn(place.call_sid, place.turn)
        match verb:
            case Ask():
                self._ask(response, verb, next_turn, place)
            case Enqueue():
                response.enqueue(
                    CARRIER_QUEUE,
                    action=next_turn,
                    method="POST",
                    wait_url=self._links.hold(place.call_sid, place.turn, 0),
                    wait_url_method="POST",
                )
            case TakeMessage(max_seconds, finish_on):
                self._record(response, place, max_seconds, finish_on)
            case Transfer(number, timeout):
                dial = Dial(
                    action=next_turn,
                    method="POST",
                    timeout=timeout,
                    time_limit=CALL_LIMIT_SECONDS,
                    caller_id=place.caller_id or None,
                    answer_on_bridge=True,
                )
                dial.number(number)
                response.append(dial)
            case Continue():
                response.redirect(next_turn, method="POST")

    def _ask(self, response: VoiceResponse, ask: Ask, next_turn: str, place: Place) -> None:
        gather = Gather(
            action=next_turn,
            method="POST",
            input="dtmf speech" if ask.speech else "dtmf",
            timeout=ask.timeout,
            num_digits=ask.digits,
            finish_on_key=ask.finish_on,
            action_on_empty_result=True,
        )
        for sound in ask.says:
            self._sound(gather, sound, place)
        response.append(gather)
        response.redirect(next_turn, method="POST")

    def _hold(self, response: VoiceResponse, hold: Hold, place: Place) -> None:
        next_round = self._links.hold(place.call_sid, place.turn, place.tick + 1)
        parent = response
        if hold.keys:
            parent = Gather(action=next_round, method="POST", input="dtmf", num_digits=1, timeout=1)
            response.append(parent)
        for sound in hold.says:
            self._sound(parent, sound, place)
        # Music that cannot be fetched is skipped: without this, rounds would follow at once.
        response.pause(length=1)
        response.redirect(next_round, method="POST")

    def _record(
        self, response: VoiceResponse, place: Place, max_seconds: int, finish_on: str
    ) -> None:
        response.record(
            action=self._links.turn(place.call_sid, place.turn),
            method="POST",
            max_length=max_seconds,
            finish_on_key=finish_on,
            timeout=MESSAGE_SILENCE_SECONDS,
            play_beep=True,
            recording_status_callback=self._links.recording(place.call_sid),
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )

    def _sound(self, parent: VoiceResponse | Gather, sound: Sound, place: Place) -> None:
        match sound:
            case Say():
                say(parent, sound)
            case Play(media):
                parent.play(self._links.media(media, place.music_seconds))
            case Pause(seconds):
                parent.pause(length=max(1, seconds))
