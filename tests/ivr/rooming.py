"""A call in its room, for the tests of what can be done there."""

from collections.abc import Mapping
from typing import Any

from ivr.acd.company import Supervision, supervise
from ivr.carrier.phones import Phone
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.journal import Entry, Happened, entries
from ivr.publishing import publish
from ivr.store.engine import reading, writing
from ivr.store.rooms import GuestRole
from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

NORTH_AMERICA = "+18779260001"
TICKET = Ticket("100100", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York")
SUE = "+12125550190"
MENU = "To go back, press 1"


def call_in_room(line: LineUnderTest, **skills: Any) -> tuple[Phone, Phone]:
    """A caller and Ann, talking; nobody else is there yet."""
    line.desk.put(TICKET)
    ann = line.technician("ann", "+12125550101", **skills)
    caller = line.caller().dial(NORTH_AMERICA)
    caller.hears("press 4").press("4").hears("ticket number").press("100100#")
    take(ann)
    line.exchange.run_for(5)
    assert caller.is_talking_to(ann)
    return caller, ann


def take(technician: Phone, within: float = 30) -> None:
    technician.rings(within).answer().hears("press 1 to accept").press("1")


def republish(line: LineUnderTest, changes: Mapping[str, str]) -> None:
    """The first edition with some texts of line.yaml changed, for calls from now on."""
    files = dict(read_directory(PROJECT_DIRECTORY))
    for old, new in changes.items():
        assert old in files["line.yaml"]
        files["line.yaml"] = files["line.yaml"].replace(old, new)
    with writing(line.engine) as connection:
        publish(connection, files, "changed", "tests", line.exchange.clock())


def happened(line: LineUnderTest, what: Happened) -> list[Entry]:
    with reading(line.engine) as connection:
        found = entries(connection, line.the_call().call_sid)
    return [entry for entry in found if entry.what is what]


def ask_to_supervise(line: LineUnderTest, call_sid: str, asked: Supervision) -> None:
    with writing(line.engine) as connection:
        supervise(connection, line.configuration, call_sid, asked, line.exchange.clock())


def supervised(line: LineUnderTest, caller: Phone, role: GuestRole) -> Phone:
    sue = line.technician("sue", SUE)
    ask_to_supervise(line, caller.call_sid, Supervision(role, SUE, "sue@example.com"))
    sue.rings().answer().hears("Ticket 1 0 0 1 0 0").hears("Press 1 to come in").press("1")
    line.exchange.run_for(3)
    return sue
