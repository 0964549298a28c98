"""What documents of more than one kind are made of."""

from collections.abc import Iterable

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from callflows.plain import plain
from callflows.verbs import Say

# Seconds of silence after which a message is over: people stop to look something up.
MESSAGE_SILENCE_SECONDS = 10
CALL_LIMIT_SECONDS = 2 * 60 * 60


def say(parent: VoiceResponse | Gather, sound: Say) -> None:
    parent.say(plain(sound.text), voice=sound.voice or None, language=sound.language or None)


def farewell(sounds: Iterable[Say]) -> str:
    """Last sentences, and the end."""
    response = VoiceResponse()
    for sound in sounds:
        say(response, sound)
    response.hangup()
    return str(response)


def conference(room: str, action: str) -> str:
    """Into a room; `action` is asked when it closes."""
    response = VoiceResponse()
    dial = Dial(action=action, method="POST", time_limit=CALL_LIMIT_SECONDS)
    dial.conference(
        room,
        beep=False,
        wait_url="",
        start_conference_on_enter=True,
        end_conference_on_exit=True,
    )
    response.append(dial)
    return str(response)
