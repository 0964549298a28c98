"""Callers nobody answered: who is told, and what, when one has waited as long as anybody may."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, select

from ivr.acd.queue import QueuedCall
from ivr.alarms import raise_alarm
from ivr.call_records import Call
from ivr.configuration import Configuration
from ivr.mail import post_mail
from ivr.store.acd import OfferState, offer
from ivr.store.technicians import technician

CAME_TO = {
    OfferState.REFUSED: "refused",
    OfferState.TIMED_OUT: "did not take it",
    OfferState.WITHDRAWN: "was being rung",
    OfferState.PENDING: "was being rung",
    OfferState.ACCEPTED: "was lost",
}


def nobody_answered(
    connection: Connection,
    configuration: Configuration,
    seen: Call,
    queued: QueuedCall,
    now: datetime,
) -> None:
    """Raise an alarm and write to the people of the queue, once for each stay of a caller in it."""
    queue = next((each for each in configuration.plan.queues if each.name == queued.queue), None)
    label = queue.label if queue is not None else queued.queue
    waited = int((now - queued.since).total_seconds())
    ticket = f"ticket {seen.ticket}" if seen.ticket else "no ticket"
    what = f"Nobody answered a caller of {label}: Severity {queued.severity}, {ticket}"
    tried = "; ".join(_tried(connection, queued)) or "nobody, for nobody could be rung"
    sentence = f"{what}, after {waited} s. Tried: {tried}."
    raise_alarm(connection, f"unanswered:{queued.queue}", sentence, now)
    if queue is not None:
        body = f"{sentence}\n\nCall: {seen.call_sid}\nAt: {now:%Y-%m-%d %H:%M} UTC\n"
        post_mail(connection, f"unanswered:{queued.id}", queue.notify, what, body, now)


def _tried(connection: Connection, queued: QueuedCall) -> list[str]:
    """Everybody who was rung for this stay, in order, what came of it, and how often."""
    query = (
        select(technician.c.name, offer.c.state)
        .join(offer, offer.c.technician_id == technician.c.id)
        .where(offer.c.queued_call_id == queued.id)
        .order_by(offer.c.offered_at, offer.c.id)
    )
    counted = Counter(f"{row.name} {CAME_TO[row.state]}" for row in connection.execute(query))
    return [what if times == 1 else f"{what} ({times} times)" for what, times in counted.items()]
