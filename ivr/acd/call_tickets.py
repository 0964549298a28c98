"""Further tickets of a call: those a technician attaches to it (A18)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from ivr import journal
from ivr.call_records import Call
from ivr.journal import Happened
from ivr.store.rooms import call_ticket
from ivr.store.statements import insert_once
from routing.tickets import DeskAnswer, Found, TicketStatus, Unavailable


class Attached(StrEnum):
    """What became of a ticket number that a technician keyed."""

    ATTACHED = "ticket_attached"
    KNOWN = "ticket_known"
    UNKNOWN = "ticket_unknown"
    CLOSED = "ticket_closed"
    UNCHECKED = "ticket_unchecked"
    FULL = "tickets_full"


def tickets_of(connection: Connection, call: Call) -> list[str]:
    """The tickets of a call: the one it came with first, then those attached, in order."""
    query = select(call_ticket.c.ticket).where(call_ticket.c.call_sid == call.call_sid)
    rows = connection.execute(query.order_by(call_ticket.c.at, call_ticket.c.ticket))
    return [*filter(None, [call.ticket]), *rows.scalars().all()]


def attach(
    connection: Connection,
    call: Call,
    answer: DeskAnswer,
    technician_id: int,
    most: int,
    now: datetime,
) -> Attached:
    """Attach the ticket the desk answered with, if it is one that can be worked on."""
    if isinstance(answer, Unavailable):
        return Attached.UNCHECKED
    if not isinstance(answer, Found):
        return Attached.UNKNOWN
    if answer.ticket.status is TicketStatus.CLOSED:
        return Attached.CLOSED
    known = tickets_of(connection, call)
    if answer.ticket.number in known:
        return Attached.KNOWN
    if len(known) >= most:
        return Attached.FULL
    values = {"call_sid": call.call_sid, "ticket": answer.ticket.number}
    insert_once(connection, call_ticket, {**values, "technician_id": technician_id, "at": now})
    told = {"ticket": answer.ticket.number, "technician": technician_id}
    journal.write(connection, call.call_sid, Happened.TICKET_ATTACHED, now, **told)
    return Attached.ATTACHED
