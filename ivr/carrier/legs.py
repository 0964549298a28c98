"""Legs: one call between the carrier and one phone, its states and what its phone does."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ivr.carrier.tasks import Task

if TYPE_CHECKING:
    from ivr.carrier.bridges import Bridge
    from ivr.carrier.numbers import OwnNumber
    from ivr.carrier.phones import Phone
    from ivr.carrier.recordings import Take
    from ivr.carrier.rooms import Participant


class Status(StrEnum):
    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


OVER = frozenset({Status.COMPLETED, Status.BUSY, Status.FAILED, Status.NO_ANSWER, Status.CANCELED})


class Direction(StrEnum):
    INBOUND = "inbound"
    API = "outbound-api"
    DIAL = "outbound-dial"


@dataclass(frozen=True)
class Address:
    """Where TwiML is to be had."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Inline:
    """TwiML that came with a REST request."""

    twiml: str


Source = Address | Inline


@dataclass(frozen=True)
class Subscription:
    """Who is told about the progress of a leg, and of what."""

    address: Address
    events: frozenset[str] = frozenset({"completed"})


class HungUp(Exception):
    """The leg is over: whatever its script was doing ends here."""


class Redirected(Exception):
    """REST gave the leg another document."""

    def __init__(self, source: Source) -> None:
        super().__init__("redirected")
        self.source = source


@dataclass(frozen=True)
class Key:
    key: str


@dataclass(frozen=True)
class SpeechBegan:
    text: str


@dataclass(frozen=True)
class SpeechEnded:
    text: str


Sound = Key | SpeechBegan | SpeechEnded


@dataclass(eq=False)
class Leg:
    """Everything known about one leg. Times are the exchange's seconds."""

    sid: str
    direction: Direction
    from_: str
    to: str
    phone: "Phone"
    created_at: float
    parent: "Leg | None" = None
    number: "OwnNumber | None" = None
    status: Status = Status.QUEUED
    subscription: Subscription | None = None
    fallback: Address | None = None
    forwarded_from: str = ""
    call_token: str = ""
    answered_by: str = ""
    answered_at: float | None = None
    ended_at: float | None = None
    # The far end.
    picked_up: bool = False
    declined: bool = False
    # The script, and what its verbs listen to: `dtmf`, `speech`.
    task: Task | None = None
    ears: frozenset[str] = frozenset()
    inbox: deque[Sound] = field(default_factory=deque)
    waits_for_caller: bool = False
    speaking: SpeechBegan | None = None
    speech_began_at: float = 0.0
    takes: "list[Take]" = field(default_factory=list)
    bridge: "Bridge | None" = None
    participant: "Participant | None" = None
    moved_away: bool = False
    redirects_in_a_row: int = 0
    begun: bool = False  # not only queued any more
    queue_seconds: float = 0.0  # how long a created call waits for its turn
    events_sent: int = 0

    @property
    def answered(self) -> bool:
        return self.answered_at is not None

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def duration(self) -> int:
        """Whole seconds from the answer to the end; 0 when never answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round(self.ended_at - self.answered_at)

    def poke(self) -> None:
        if self.task is not None:
            self.task.poke()

    def hear_from_caller(self, sound: Sound) -> bool:
        """A key or words of the person at the phone; False when no verb listens to them."""
        if ("dtmf" if isinstance(sound, Key) else "speech") not in self.ears:
            return False
        self.inbox.append(sound)
        self.poke()
        return True

    def open_ears(self, *kinds: str) -> None:
        """What was said or pressed before nobody listened is not heard any more."""
        self.ears = frozenset(kinds)
        self.inbox.clear()

    def close_ears(self) -> list[Sound]:
        """Stop listening; what was left unread."""
        unread = list(self.inbox)
        self.ears = frozenset()
        self.inbox.clear()
        return unread
