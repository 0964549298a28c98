"""Tickets from a CSV file into the embedded help desk: `ivr tickets import`."""

from collections.abc import Collection

from ivr import csv_cells as cells
from ivr.csv_import import Read, read_csv
from ivr.desks.protocol import is_ticket_number
from ivr.store.tickets import LONGEST_TEXT
from routing.tickets import Entitlement, Ticket, TicketStatus


def read_tickets(content: bytes, products: Collection[str]) -> list[Ticket]:
    """The tickets of a CSV file, each number once. `products` are those we support.

    Raises CsvRefused with every mistake.
    """
    rows = read_csv(content, _columns(products), key="number")
    return [Ticket(requester_zone=row.pop("time_zone"), **row) for row in rows]


def _columns(products: Collection[str]) -> dict[str, Read]:
    text = cells.optional(cells.text(LONGEST_TEXT))
    return {
        "number": cells.required(_number),
        "status": cells.required(cells.word(TicketStatus)),
        "severity": cells.optional(cells.whole_number(1, 4)),
        "product": cells.optional(cells.one_of(products)),
        "organisation": text,
        "requester": text,
        # Only ever compared with who calls, so a number that no country has does no harm.
        "requester_phone": cells.optional(cells.phone),
        "time_zone": cells.optional(cells.zone),
        "language": cells.optional(cells.language),
        "entitlement": cells.optional(cells.word(Entitlement), empty=Entitlement.UNKNOWN),
        "subject": text,
    }


def _number(cell: str) -> str:
    if not is_ticket_number(cell):
        raise ValueError(f"{cell!r} cannot be keyed on a telephone; write 1 to 20 digits.")
    return cell
