"""Events: what has happened on the telephone since the last turn, in no carrier's words."""

from dataclasses import dataclass
from typing import Literal

QueueResult = Literal["overflow", "message", "bridged", "abandoned", "full", "error"]


@dataclass(frozen=True)
class Arrived:
    """The call has just come in; it is answered by `begin`."""


@dataclass(frozen=True)
class Keyed:
    """The caller pressed these keys, without the one that ended them; may be empty."""

    digits: str


@dataclass(frozen=True)
class Silence:
    """The caller let the question pass."""


@dataclass(frozen=True)
class Resumed:
    """A Continue came back."""


@dataclass(frozen=True)
class HoldTick:
    """The carrier asks what to play to a waiting caller. `position` counts from 1.

    `recent_wait_minutes` is what callers like this one, helped of late, had waited; None where
    nothing honest can be said.
    """

    position: int | None
    waited_seconds: int
    recent_wait_minutes: int | None = None


@dataclass(frozen=True)
class HoldKey:
    """A waiting caller pressed a key; the rest as in HoldTick."""

    digits: str
    position: int | None
    waited_seconds: int
    recent_wait_minutes: int | None = None


@dataclass(frozen=True)
class LeftQueue:
    """The caller is no longer in the queue.

    `overflow`: waited longer than allowed · `message`: left by the key we answered with LeaveQueue
    · `bridged`: talked to a technician, who has hung up · `abandoned`: hung up while waiting
    · `full`, `error`: the carrier would not queue the call.
    """

    result: QueueResult


@dataclass(frozen=True)
class MessageTaken:
    """The recording ended; 0 seconds when there is none."""

    seconds: int


@dataclass(frozen=True)
class TransferEnded:
    """The other number hung up after talking (`answered`), or never answered."""

    answered: bool


Event = (
    Arrived
    | Keyed
    | Silence
    | Resumed
    | HoldTick
    | HoldKey
    | LeftQueue
    | MessageTaken
    | TransferEnded
)
