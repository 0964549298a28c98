"""The world: all that a flow asks from outside, as one small value; and a turn, its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from callflows.model import Ending
from callflows.prompts import Prompts
from callflows.session import Session
from callflows.verbs import Verb
from routing.decisions import Decision
from routing.regions import Line
from routing.tickets import DeskAnswer, Ticket


class FlowLoop(Exception):
    """The flow goes round without end; the message says where, for the journal."""


@dataclass(frozen=True)
class FlowLimits:
    """How often, how long and how many, for every flow alike.

    `tries` are failed answers to one question. A number shorter or longer than `ticket_digits_min`
    and `_max` is no ticket's, and the desk is not asked. A recording shorter than
    `message_min_seconds` is no message.
    """

    tries: int = 3
    ticket_digits_min: int = 3
    ticket_digits_max: int = 10
    gather_timeout_seconds: int = 5
    hold_menu_seconds: int = 60
    message_seconds: int = 180
    message_min_seconds: int = 2
    transfer_seconds: int = 30


def _no_number(number: str) -> None:
    """Nobody is called back: where a World is made without saying which numbers may be called."""
    del number


@dataclass(frozen=True)
class World:
    """One turn's surroundings. Its functions never raise: a desk that is down is an answer.

    `decide` applies the support rules to this call, `choose_queue` names the queue its decision
    leads to. `voices` are by language, for those that are not the region's own. `number_to_call`
    is a number as the carrier or the caller gave it, in E.164; None for one we do not call.
    """

    now: datetime
    arrived_at: datetime
    line: Line
    ani: str | None
    prompts: Prompts
    find_ticket: Callable[[str], DeskAnswer]
    decide: Callable[[DeskAnswer], Decision]
    choose_queue: Callable[[Decision, Ticket | None], str]
    limits: FlowLimits = field(default_factory=FlowLimits)
    voices: Mapping[str, str] = field(default_factory=dict)
    number_to_call: Callable[[str], str | None] = _no_number


@dataclass(frozen=True)
class Note:
    """A text to be put on the caller's ticket; `name` tells it from other notes of the call."""

    name: str
    text: str


@dataclass(frozen=True)
class Turn:
    """What to do now, and where the call stands then. The last verb waits, or hangs up.

    `decided` and `looked_up` are set on the turn it happened, `ending` whenever it hangs up.
    `visited` are the names of the nodes played, in order, `notes` what the ticket is to get.
    `pages` says that the people on call are to be told of this call at once.
    """

    verbs: tuple[Verb, ...]
    session: Session
    decided: Decision | None = None
    looked_up: DeskAnswer | None = None
    ending: Ending | None = None
    visited: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    pages: bool = False
