"""A conversation with a flow: a caller in a few verbs, over the interpreter and nothing else.

Every turn is checked for what holds of all turns, and the session is written out and read back
before each, as it is between two requests of the carrier.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Self

import callflows
from callflows.events import Event, HoldKey, HoldTick, Keyed, LeftQueue, QueueResult, Silence
from callflows.interpreter import Ending, FlowLimits, Turn, World, advance, begin
from callflows.loader import load_flow, load_prompts
from callflows.model import Flow
from callflows.plain import plain
from callflows.prompts import Catalogue, Prompts
from callflows.session import Session
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
    TakeMessage,
    Transfer,
    Verb,
    spoken,
)
from routing.decisions import Case, Decision
from routing.policy import decide
from routing.regions import Line
from routing.tickets import DeskAnswer, Found, NotFound, Ticket, Unavailable
from tests.builders import DUBLIN, a_line, a_ticket, at

PACKAGED = Path(callflows.__file__).parent
IN_HOURS = "Wed 2026-03-11 10:00 Europe/Dublin"
TICKET = "100200"
LAST_VERBS = Ask | Enqueue | Hold | LeaveQueue | TakeMessage | Transfer | Continue | Hangup


def packaged_flow(name: str = "support") -> Flow:
    file = f"callflows/flows/{name}.yaml"
    return load_flow((PACKAGED.parent / file).read_text(encoding="utf-8"), file)


def packaged_catalogue(language: str = "en") -> Catalogue:
    file = f"callflows/prompts/{language}.yaml"
    return load_prompts((PACKAGED.parent / file).read_text(encoding="utf-8"), file)


SUPPORT = packaged_flow()
ENGLISH = packaged_catalogue()


class Desk:
    """A help desk in memory, which can be down and remembers what it was asked."""

    def __init__(self, *tickets: Ticket, down: bool = False) -> None:
        self.tickets = {ticket.number: ticket for ticket in tickets}
        self.down = down
        self.asked: list[str] = []

    def find(self, number: str) -> DeskAnswer:
        self.asked.append(number)
        if self.down:
            return Unavailable(number, "no answer in time")
        if number in self.tickets:
            return Found(self.tickets[number])
        return NotFound(number)


class Conversation:
    """One call, from its first turn on; the desk knows ticket 100200 unless another is given."""

    def __init__(
        self,
        line: Line | None = None,
        when: str = IN_HOURS,
        *,
        desk: Desk | None = None,
        flow: Flow = SUPPORT,
        catalogues: Mapping[str, Catalogue] | None = None,
        limits: FlowLimits | None = None,
    ) -> None:
        self.line = line or a_line(DUBLIN)
        self.arrived_at = self.now = at(when)
        self.desk = desk or Desk(a_ticket())
        self.flow = flow
        self.prompts = Prompts(catalogues or {"en": ENGLISH})
        self.limits = limits or FlowLimits()
        self.ani: str | None = None
        self.turns: list[Turn] = []
        self._keep(begin(flow, self.world))

    @property
    def world(self) -> World:
        return World(
            now=self.now,
            arrived_at=self.arrived_at,
            line=self.line,
            ani=self.ani,
            prompts=self.prompts,
            find_ticket=self.desk.find,
            decide=self._decide,
            choose_queue=_queue_of,
            limits=self.limits,
            voices={"nl": "Polly.Laura"},
            number_to_call=_number_to_call,
        )

    @property
    def turn(self) -> Turn:
        return self.turns[-1]

    @property
    def verb(self) -> Verb:
        """What the caller is waiting in, or Hangup."""
        return self.turn.verbs[-1]

    @property
    def session(self) -> Session:
        return self.turn.session

    @property
    def heard(self) -> list[str]:
        """What was said in the last turn, a sentence a line."""
        return spoken(self.turn.verbs)

    def decisions(self) -> list[Decision]:
        return [turn.decided for turn in self.turns if turn.decided is not None]

    def happens(self, event: Event) -> Self:
        session = Session.from_json(self.session.to_json())
        assert session == self.session
        self._keep(advance(self.flow, session, event, self.world))
        return self

    def calls_from(self, ani: str | None) -> Self:
        self.ani = ani
        return self

    def presses(self, digits: str) -> Self:
        return self.happens(Keyed(digits))

    def is_silent(self) -> Self:
        return self.happens(Silence())

    def is_queued(self) -> Self:
        assert isinstance(self.verb, Enqueue), self.heard
        return self

    def waits(self, seconds: int, position: int | None = 1) -> Self:
        """Time passes in the queue, and the carrier asks for the next round."""
        self.now += timedelta(seconds=seconds)
        return self.happens(HoldTick(position, self._waited()))

    def presses_while_waiting(self, key: str) -> Self:
        return self.happens(HoldKey(key, 1, self._waited()))

    def leaves_queue(self, result: QueueResult) -> Self:
        return self.happens(LeftQueue(result))

    def hears(self, *phrases: str) -> Self:
        for phrase in phrases:
            assert phrase.lower() in " ".join(self.heard).lower(), self.heard
        return self

    def does_not_hear(self, *phrases: str) -> Self:
        for phrase in phrases:
            assert phrase.lower() not in " ".join(self.heard).lower(), self.heard
        return self

    def ends(self, ending: Ending) -> Self:
        assert self.verb == Hangup(), self.heard
        assert (self.turn.ending, self.session.ending) == (ending, ending)
        return self

    def _decide(self, desk: DeskAnswer) -> Decision:
        return decide(Case(self.arrived_at, self.line, desk))

    def _waited(self) -> int:
        return int((self.now - self.arrived_at).total_seconds())

    def _keep(self, turn: Turn) -> None:
        check_turn(turn)
        self.turns.append(turn)


def check_turn(turn: Turn) -> None:
    """What holds of every turn of every flow."""
    *sounds, last = turn.verbs
    assert isinstance(last, LAST_VERBS)
    assert all(isinstance(verb, Say | Play | Pause) for verb in sounds)
    assert isinstance(last, Hangup) == (turn.ending is not None)
    assert turn.ending is turn.session.ending
    assert Session.from_json(turn.session.to_json()) == turn.session
    for verb in (*sounds, *(last.says if isinstance(last, Ask | Hold) else ())):
        if isinstance(verb, Say):
            assert verb.text == plain(verb.text) != ""


def _number_to_call(number: str) -> str | None:
    """In Ireland, and numbers of one length only."""
    written_out = f"+353{number[1:]}" if number.startswith("0") else number
    return written_out if len(written_out) == 12 else None


def _queue_of(decision: Decision, ticket: Ticket | None) -> str:
    """A plan of queues in one line: by the class of the decision, and the product if known."""
    return f"{decision.queue_class}-{ticket.product if ticket else 'unknown'}"
