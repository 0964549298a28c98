"""Callbacks for a ticket: asked for by the help desk at night and at weekends, or by an operator.

The rules of the line decide as they would for a call from the ticket's requester at this moment.
"""

from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from sqlalchemy import Connection

from callflows.session import Session
from ivr.acd.callback_records import new_key
from ivr.call_records import Call
from ivr.callback_requests import Request, queue_node, request
from ivr.configuration import Configuration
from ivr.desks.protocol import TicketDesk
from ivr.dial_policy import diallable, policy_of
from ivr.publishing import live
from ivr.store.callbacks import CallbackOrigin
from ivr.store.calls import OUTBOUND, CallStage
from routing.decisions import Case, Decision, Outcome, QueueClass
from routing.policy import decide
from routing.queues import queue_for
from routing.regions import Line
from routing.tickets import DeskAnswer, Found, Ticket, Unavailable

LETTING_IN = {Outcome.CONNECT, Outcome.CALLBACK}
OUT_OF_HOURS = {QueueClass.SEV1_AFTER_HOURS, QueueClass.SEV1_WEEKEND}


class DeskSilent(Exception):
    """The help desk could not be asked; the same request may be made again."""


@dataclass(frozen=True)
class Verdict:
    """Whether a callback is queued (its id, of a new one or the customer's first), and why."""

    callback_id: int | None
    reason: str


def ask_desk(desk: TicketDesk, number: str) -> DeskAnswer:
    """What the desk says of the ticket; asked outside any transaction. Raises DeskSilent."""
    answer = desk.find(number)
    if isinstance(answer, Unavailable):
        raise DeskSilent(f"The help desk could not be asked for ticket {number}: {answer.why}")
    return answer


def request_for_ticket(
    connection: Connection,
    answer: DeskAnswer,
    origin: CallbackOrigin,
    now: datetime,
) -> Verdict:
    """Queue a callback to the requester of a ticket, if the rules let the ticket in now (I8).

    What the help desk asks for must be Severity 1 out of hours: otherwise customers call us. Raises
    CallChanged when somebody else asks for the same at this very moment.
    """
    if not isinstance(answer, Found):
        return Verdict(None, "The help desk has no such ticket.")
    published = live(connection)
    configuration, ticket = published.configuration, answer.ticket
    given = ticket.requester_phone or ""
    line = _line_of(configuration, given)
    decision = decide(Case(now, line, answer, given or None), configuration.holidays)
    to = diallable(given, line.region.country, policy_of(configuration)) if given else None
    refusal = _refusal(decision, to, origin)
    if refusal is not None or to is None:
        return Verdict(None, refusal or "")
    session = Session(
        flow=configuration.flow.name,
        node=queue_node(configuration.flow),
        language=ticket.language or line.region.language,
        keyed=ticket.number,
        desk=answer,
        decision=decision,
        queue=queue_for(configuration.plan, decision, ticket),
        number_to_call=to,
    )
    outbound = _outbound(line, to, published.revision_id, ticket, session, now)
    callback_id = request(connection, Request(outbound, to, origin), session, line, now)
    return Verdict(callback_id, decision.reason)


def _refusal(decision: Decision, to: str | None, origin: CallbackOrigin) -> str | None:
    if decision.outcome not in LETTING_IN:
        return decision.reason
    is_urgent = decision.severity == 1 and decision.queue_class in OUT_OF_HOURS
    if origin is CallbackOrigin.HELP_DESK and not is_urgent:
        return f"It is no Severity 1 outside support hours: {decision.reason}"
    if to is None:
        return "There is no number for it that we call."
    return None


def _line_of(configuration: Configuration, number: str) -> Line:
    """The line of the customer's country, if it has one; else that of unknown numbers."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        country = None
    lines = configuration.lines.values()
    of_country = (line for line in lines if line.region.country == country)
    return next(of_country, configuration.default_line)


def _outbound(
    line: Line, to: str, revision_id: int, ticket: Ticket, session: Session, now: datetime
) -> Call:
    decision = session.decision
    return Call(
        call_sid=new_key(),
        dnis=line.number,
        ani=to,
        line=line.number,
        revision_id=revision_id,
        stage=CallStage.QUEUED,
        arrived_at=now,
        ended_at=None,
        turn=1,
        version=0,
        session=session.to_json(),
        ticket=ticket.number,
        severity=None if decision is None else decision.severity,
        outcome=None if decision is None else decision.outcome.value,
        rule=None if decision is None else decision.rule,
        queue=session.queue,
        technician_id=None,
        direction=OUTBOUND,
    )
