"""The world as one call sees it: its configuration, the help desk, and the clock that counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from callflows.interpreter import World
from callflows.session import Session
from ivr.call_records import Call
from ivr.configuration import Configuration
from ivr.desks.protocol import TicketDesk
from ivr.dial_policy import diallable, policy_of
from routing.decisions import Case, Decision
from routing.matching import Skills
from routing.policy import decide
from routing.queues import queue_for
from routing.regions import Line
from routing.switches import DecideAt
from routing.tickets import DeskAnswer, Found, Ticket

UNRANKED_SEVERITY = 4

FindTicket = Callable[[str], DeskAnswer]


@dataclass(frozen=True)
class Moment:
    """A call as it stands when one of its turns is played."""

    call: Call
    session: Session
    configuration: Configuration
    world: World

    @property
    def now(self) -> datetime:
        return self.world.now


def moment_of(
    call: Call, configuration: Configuration, find_ticket: FindTicket, now: datetime
) -> Moment:
    """The call with everything its next turn depends on."""
    line = configuration.line_for(call.dnis)
    world = world_for(configuration, line, (call.ani, call.arrived_at), now, find_ticket)
    return Moment(call, Session.from_json(call.session), configuration, world)


def world_for(
    configuration: Configuration,
    line: Line,
    came: tuple[str | None, datetime],
    now: datetime,
    find_ticket: FindTicket,
) -> World:
    """What a flow may ask in one turn of a call that `came` from a number at an instant."""
    ani, arrived_at = came

    def decide_call(desk: DeskAnswer) -> Decision:
        product = desk.ticket.product if isinstance(desk, Found) else None
        at_arrival = line.rules_for(product).switches.decide_at is DecideAt.CALL_ARRIVAL
        instant = arrived_at if at_arrival else now
        return decide(Case(instant, line, desk, ani), configuration.holidays)

    def choose_queue(decision: Decision, ticket: Ticket | None) -> str:
        return queue_for(configuration.plan, decision, ticket)

    policy = policy_of(configuration)

    def number_to_call(number: str) -> str | None:
        return diallable(number, line.region.country, policy)

    return World(
        now=now,
        arrived_at=arrived_at,
        line=line,
        ani=ani,
        prompts=configuration.prompts,
        find_ticket=find_ticket,
        decide=decide_call,
        choose_queue=choose_queue,
        limits=configuration.flow_limits,
        voices=configuration.voices,
        number_to_call=number_to_call,
    )


def asked_once(desk: TicketDesk) -> FindTicket:
    """The desk, asked at most once per number: a turn that is played again asks nobody twice."""
    answers: dict[str, DeskAnswer] = {}

    def find(number: str) -> DeskAnswer:
        if number not in answers:
            answers[number] = desk.find(number)
        return answers[number]

    return find


def ticket_of(session: Session) -> Ticket | None:
    """The ticket the desk confirmed in this call, if it did."""
    return session.desk.ticket if isinstance(session.desk, Found) else None


def needs_of(session: Session, line: Line) -> Skills:
    """What this call asks of a technician; an unverified ticket waits with the least urgent."""
    ticket, decision = ticket_of(session), session.decision
    return Skills(
        product=ticket.product if ticket else None,
        language=session.language,
        region=line.region.name,
        severity=decision.severity if decision and decision.severity else UNRANKED_SEVERITY,
    )
