"""Tickets from a file: which cells are accepted, and what becomes of them in the table."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.csv_import import CsvRefused
from ivr.store.engine import reading, writing
from ivr.store.tickets import CHUNK, find_ticket, put_tickets
from ivr.ticket_import import read_tickets
from routing.tickets import Entitlement, Ticket, TicketStatus

EXAMPLES = Path(__file__).parents[2] / "examples" / "tickets.csv"
PRODUCTS = ["vsa", "traverse", "emm", "365-command"]
HEADER = (
    "number,status,severity,product,organisation,requester,requester_phone,"
    "time_zone,language,entitlement,subject"
)
RIGHT = {
    "number": "100100",
    "status": "open",
    "severity": "1",
    "product": "vsa",
    "organisation": "Harbor Freightways",
    "requester": "Dana Whitcomb",
    "requester_phone": "+12125550111",
    "time_zone": "America/New_York",
    "language": "en",
    "entitlement": "active",
    "subject": "VSA server unreachable",
}


def a_file(**cells: str) -> bytes:
    return f"{HEADER}\n{','.join((RIGHT | cells).values())}\n".encode()


def test_every_cell_becomes_what_the_desk_says() -> None:
    assert read_tickets(a_file(), PRODUCTS) == [
        Ticket(
            number="100100",
            status=TicketStatus.OPEN,
            severity=1,
            product="vsa",
            organisation="Harbor Freightways",
            requester="Dana Whitcomb",
            requester_phone="+12125550111",
            requester_zone="America/New_York",
            language="en",
            entitlement=Entitlement.ACTIVE,
            subject="VSA server unreachable",
        )
    ]


def test_all_but_number_and_status_may_be_empty() -> None:
    empty = dict.fromkeys(list(RIGHT)[2:], "")

    assert read_tickets(a_file(**empty), PRODUCTS) == [Ticket("100100", TicketStatus.OPEN)]


def test_leading_zeros_are_part_of_a_number() -> None:
    assert read_tickets(a_file(number="0042"), PRODUCTS)[0].number == "0042"


REFUSED = [
    ("number", "", "This must not be empty."),
    ("number", "1e5", "'1e5' cannot be keyed on a telephone; write 1 to 20 digits."),
    ("number", "-100100", "'-100100' cannot be keyed on a telephone; write 1 to 20 digits."),
    ("number", "１００", "'１００' cannot be keyed on a telephone; write 1 to 20 digits."),
    ("status", "", "This must not be empty."),
    (
        "status",
        "Open",
        "'Open' is not known; write one of open, pending, hold, solved, closed.",
    ),
    ("severity", "0", "'0' must be a whole number from 1 to 4."),
    ("severity", "P1", "'P1' must be a whole number from 1 to 4."),
    ("severity", "1.0", "'1.0' must be a whole number from 1 to 4."),
    ("product", "VSA", "'VSA' is not known; write one of vsa, traverse, emm, 365-command."),
    (
        "requester_phone",
        "212-555-0111",
        "'212-555-0111' must be + and the digits of the whole number, like +14155550100.",
    ),
    ("time_zone", "ET", "There is no time zone 'ET'; "),
    ("language", "english", "'english' is not a language; write two small letters, like en."),
    ("entitlement", "yes", "'yes' is not known; write one of active, lapsed, unknown."),
    ("subject", "x" * 301, "This has 301 characters; 300 is the most."),
]


@pytest.mark.parametrize(("column", "cell", "why"), REFUSED)
def test_a_wrong_cell_is_refused(column: str, cell: str, why: str) -> None:
    with pytest.raises(CsvRefused) as refused:
        read_tickets(a_file(**{column: cell}), PRODUCTS)

    (mistake,) = refused.value.mistakes
    assert (mistake.line, mistake.column) == (2, column)
    assert mistake.why.startswith(why)


def test_a_number_may_come_only_once() -> None:
    with pytest.raises(CsvRefused, match="line 3, column number: 100100 is already on line 2"):
        read_tickets(a_file() + a_file().splitlines(keepends=True)[1], PRODUCTS)


def test_tickets_are_inserted_updated_and_left_alone_by_number(engine: Engine) -> None:
    first = [Ticket(str(number), TicketStatus.OPEN, severity=3) for number in range(CHUNK + 2)]
    second = [Ticket("0", TicketStatus.CLOSED), *first[1:], Ticket("9999", TicketStatus.HOLD)]
    with writing(engine) as connection:
        inserted = put_tickets(connection, first)
    with writing(engine) as connection:
        changed = put_tickets(connection, second)
    with reading(engine) as connection:
        kept = [find_ticket(connection, number) for number in ("0", "501", "9999", "10000")]

    assert inserted == {"inserted": CHUNK + 2, "updated": 0, "unchanged": 0}
    assert changed == {"inserted": 1, "updated": 1, "unchanged": CHUNK + 1}
    assert kept == [second[0], first[501], second[-1], None]


def test_the_examples_have_one_ticket_for_each_thing_to_try() -> None:
    tickets = {each.number: each for each in read_tickets(EXAMPLES.read_bytes(), PRODUCTS)}
    severe = tickets["100100"]

    assert (severe.severity, severe.status) == (1, TicketStatus.OPEN)
    assert (severe.product, severe.requester_zone) == ("vsa", "America/New_York")
    assert (tickets["100200"].severity, tickets["100300"].severity) == (2, 3)
    assert tickets["100300"].status == TicketStatus.OPEN
    assert tickets["100400"].status == TicketStatus.CLOSED
    assert tickets["100500"].status == TicketStatus.HOLD
    assert tickets["100600"].entitlement == Entitlement.LAPSED
    assert {each.product for each in tickets.values()} >= set(PRODUCTS)
    assert {each.severity for each in tickets.values()} == {1, 2, 3, 4, None}
    assert {each.status for each in tickets.values()} == set(TicketStatus)
