"""Verbs: what the telephone is told to do next, in no carrier's words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A sentence ends before a capital or a digit, so that "7 a.m. your time" stays in one piece.
END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\Wa-z_])")


@dataclass(frozen=True)
class Say:
    """Speak a text. `language` is a BCP 47 tag, `voice` whatever the carrier calls that voice."""

    text: str
    language: str
    voice: str


@dataclass(frozen=True)
class Play:
    """Play a medium, by its name, once."""

    media: str


@dataclass(frozen=True)
class Pause:
    """Say nothing for a while."""

    seconds: int


Sound = Say | Play | Pause


@dataclass(frozen=True)
class Ask:
    """Wait for keys, which may already be pressed while the sounds are heard.

    `timeout` is seconds of silence, `digits` the most keys taken (None: no limit), `speech`
    whether the caller may talk instead. Answered by Keyed or Silence.
    """

    says: tuple[Sound, ...]
    timeout: int
    digits: int | None = None
    finish_on: str = "#"
    speech: bool = False


@dataclass(frozen=True)
class Enqueue:
    """Let the caller wait in a queue. Answered by HoldTick and HoldKey, at last by LeftQueue."""

    queue: str


@dataclass(frozen=True)
class Hold:
    """One round of waiting; the carrier asks again when it ends. `keys`: one key may be pressed."""

    says: tuple[Sound, ...]
    keys: bool


@dataclass(frozen=True)
class LeaveQueue:
    """Take the caller out of the queue, in answer to a hold event. Answered by LeftQueue."""


@dataclass(frozen=True)
class TakeMessage:
    """Record the caller after a tone. Answered by MessageTaken."""

    max_seconds: int
    finish_on: str = "#"


@dataclass(frozen=True)
class Transfer:
    """Connect the caller to another number (E.164). Answered by TransferEnded."""

    number: str
    timeout: int


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Continue:
    """Go on to the next turn at once. Answered by Resumed."""


Verb = Sound | Ask | Enqueue | Hold | LeaveQueue | TakeMessage | Transfer | Hangup | Continue


def spoken(verbs: Iterable[Verb]) -> list[str]:
    """What the caller would hear, a sentence a line; a medium is its name in brackets."""
    lines: list[str] = []
    for verb in verbs:
        match verb:
            case Say(text):
                lines += END_OF_SENTENCE.split(text)
            case Play(media):
                lines.append(f"[{media}]")
            case Ask(says) | Hold(says):
                lines += spoken(says)
            case TakeMessage():
                lines.append("[tone]")
            case _:
                pass
    return lines
