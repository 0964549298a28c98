"""Table of the tickets kept locally: what the embedded help desk knows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from ivr.store.metadata import metadata
from ivr.store.types import words
from routing.tickets import Entitlement, Ticket, TicketStatus

LONGEST_TEXT = 300

# Few enough for the limit on the parameters of one statement, on either database.
CHUNK = 500

ticket = Table(
    "ticket",
    metadata,
    # As callers key it: digits, so that 0042 is not 42.
    Column("number", String(20), primary_key=True),
    Column("status", words(TicketStatus), nullable=False),
    Column("severity", Integer),
    Column("product", String(LONGEST_TEXT)),
    Column("organisation", String(LONGEST_TEXT)),
    Column("requester", String(LONGEST_TEXT)),
    Column("requester_phone", String(20)),
    Column("requester_zone", String(64)),
    Column("language", String(2)),
    Column("entitlement", words(Entitlement), nullable=False),
    Column("subject", String(LONGEST_TEXT)),
    CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
)


def find_ticket(connection: Connection, number: str) -> Ticket | None:
    """The ticket with exactly this number."""
    row = connection.execute(select(ticket).where(ticket.c.number == number)).mappings().first()
    return None if row is None else Ticket(**row)


def put_tickets(connection: Connection, tickets: Sequence[Ticket]) -> Counter[str]:
    """Insert or update by number; counts what was `inserted`, `updated` and `unchanged`.

    No number may come twice in `tickets`.
    """
    counts: Counter[str] = Counter()
    for chunk in _chunks(tickets):
        query = select(ticket).where(ticket.c.number.in_([each.number for each in chunk]))
        known = {row["number"]: Ticket(**row) for row in connection.execute(query).mappings()}
        new = [each for each in chunk if each.number not in known]
        changed = [each for each in chunk if each.number in known and each != known[each.number]]
        if new:
            connection.execute(insert(ticket), [_columns(each) for each in new])
        if changed:
            same = update(ticket).where(ticket.c.number == bindparam("same_number"))
            connection.execute(
                same, [{**_columns(each), "same_number": each.number} for each in changed]
            )
        counts["inserted"] += len(new)
        counts["updated"] += len(changed)
        counts["unchanged"] += len(chunk) - len(new) - len(changed)
    return counts


def _chunks(tickets: Sequence[Ticket]) -> Iterator[Sequence[Ticket]]:
    for start in range(0, len(tickets), CHUNK):
        yield tickets[start : start + CHUNK]


def _columns(each: Ticket) -> dict[str, Any]:
    return {column.name: getattr(each, column.name) for column in ticket.columns}
