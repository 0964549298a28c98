"""The documents a call needs from its carrier's edge, in no carrier's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from callflows.verbs import Say, Verb


@dataclass(frozen=True)
class Place:
    """Where a document belongs: its call, the turn that answers it, and the round of waiting.

    `music_seconds` is the longest a piece of music may play now.
    """

    call_sid: str
    turn: int
    tick: int = 0
    caller_id: str = ""
    music_seconds: int = 20


class Documents(Protocol):
    """Renders what the telephone is told to do. The same arguments give the same bytes."""

    def turn(self, verbs: Iterable[Verb], place: Place) -> str:
        """What the caller hears next, up to the next wait or the end."""

    def room(self, call_sid: str, offer_id: str, turn: int, announced: Sequence[Say] = ()) -> str:
        """The caller goes into the room of an accepted offer; `turn` follows when it closes.

        Where it is `announced` that the conversation is recorded, it is, and nowhere else.
        """

    def hangup(self) -> str:
        """The end, without a word."""
