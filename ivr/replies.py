"""What came back for a turn, in our own words: the edge reads it, the call makes sense of it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Arrival:
    """A caller rings: which call, which of our numbers, and from where if the carrier says."""

    call_sid: str
    dnis: str
    ani: str | None


class QueueExit(StrEnum):
    """How the carrier says that a caller stopped waiting in its queue."""

    LEFT = "left"
    BRIDGED = "bridged"
    ABANDONED = "abandoned"
    FULL = "full"
    ERROR = "error"


class LegEnd(StrEnum):
    """How a telephone that we rang was done with."""

    OVER = "over"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Reply:
    """Only what the carrier said is set. `keys` is "" for keys that were ended at once."""

    keys: str | None = None
    queue_exit: QueueExit | None = None
    recording_sid: str | None = None
    recording_seconds: int | None = None
    dial_answered: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == Reply()
