"""Whole calls through the simulated carrier: people meeting on the telephone."""

import pytest

from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

NORTH_AMERICA = "+18779260001"


@pytest.fixture(autouse=True)
def tickets(line: LineUnderTest) -> None:
    line.desk.put(Ticket("100100", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York"))
    line.desk.put(Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="America/New_York"))


def test_a_caller_with_a_ticket_talks_to_a_technician(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    caller = line.caller().dial(NORTH_AMERICA)
    caller.hears("press 4").press("4").hears("ticket number").press("100100#").hears("connect you")

    ann.rings().answer().hears("Severity 1").hears("press 1 to accept").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    caller.hang_up()
    line.exchange.run_for(10)
    assert line.the_call().disposition == "connected"
    assert line.the_call().technician == "ann@example.com"
    assert line.violations() == []
