"""What documents of more than one kind are made of."""

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Part:
    """How somebody is in a room: whether they start it, end it, and can step out by `*`.

    One who is `muted` only listens; one who `coaches` a leg is heard by that one alone.
    """

    starts: bool = True
    ends: bool = False
    star: bool = False
    wait_url: str = ""
    muted: bool = False
    coaches: str | None = None
    # Where it is told who leaves the room; only what the first one in says of it counts.
    status_url: str | None = None
    # Where a recorded room's recording is told of; None: not recorded.
    recording_url: str | None = None


def add_conference(response: VoiceResponse, room: str, action: str, part: Part) -> None:
    """Into a room; `action` is asked when it closes, or is left."""
    dial = Dial(
        action=action,
        method="POST",
        time_limit=CALL_LIMIT_SECONDS,
        hangup_on_star=True if part.star else None,
    )
    dial.conference(
        room,
        beep=False,
        wait_url=part.wait_url,
        wait_method="POST" if part.wait_url else None,
        start_conference_on_enter=part.starts,
        end_conference_on_exit=part.ends,
        muted=True if part.muted else None,
        coach=part.coaches,
        **_status(part.status_url),
        **_recording(part.recording_url),
    )
    response.append(dial)


def _status(url: str | None) -> dict[str, str]:
    if url is None:
        return {}
    return {
        "status_callback": url,
        "status_callback_method": "POST",
        "status_callback_event": "leave",
    }


def _recording(url: str | None) -> dict[str, str]:
    """Recorded from the start of the room, which is when the caller comes in."""
    if url is None:
        return {}
    return {
        "record": "record-from-start",
        "trim": "do-not-trim",
        "recording_status_callback": url,
        "recording_status_callback_method": "POST",
        "recording_status_callback_event": "completed absent",
    }
