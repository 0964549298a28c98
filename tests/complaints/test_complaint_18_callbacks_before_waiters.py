"""Complaint 18: callbacks are served before people who waited.

Naive: a callback joins its queue anew, with a priority of its own, when it was asked for.
"""

import pytest

from routing.tickets import Ticket, TicketStatus
from tests.calling_back import NORTH_AMERICA, asks_to_be_called_back, picks_up
from tests.line import LineUnderTest

OTHER = "+12125550178"


@pytest.fixture(autouse=True)
def tickets(line: LineUnderTest) -> None:
    for number in ("100300", "100400"):
        line.desk.put(Ticket(number, TicketStatus.OPEN, 3, requester_zone="America/New_York"))


def test_whoever_waited_longer_on_the_line_is_served_before_a_callback(line: LineUnderTest) -> None:
    waits = line.exchange.phone(OTHER, "waits").dial(NORTH_AMERICA)
    waits.hears("press 4").press("4").hears("ticket number").press("100400#").hears("connect you")
    line.exchange.run_for(10)
    asks_to_be_called_back(line, line.caller())

    ann = line.technician("ann", "+12125550101")
    ann.rings().answer().hears("Ticket 1 0 0 4 0 0").hears("press 1 to").press("1")
    line.exchange.run_for(5)

    assert waits.is_talking_to(ann)
    assert not line.caller().ringing
    assert line.violations() == []


def test_a_callback_is_served_before_whoever_came_after_its_caller(line: LineUnderTest) -> None:
    caller = line.caller().dial(NORTH_AMERICA).hears("press 4").press("4").hears("ticket number")
    caller.press("100300#").hears("connect you")
    waits = line.exchange.phone(OTHER, "waits").dial(NORTH_AMERICA)
    waits.hears("press 4").press("4").hears("ticket number").press("100400#").hears("connect you")
    caller.hears("To be called back", within=90).press("2").hears("to call you back is").press("1")
    caller.is_left()
    line.exchange.run_for(2)

    ann = line.technician("ann", "+12125550101")
    ann.rings().answer().hears("Ticket 1 0 0 3 0 0").hears("press 1 to").press("1")
    picks_up(line.caller())
    line.exchange.run_for(5)

    assert line.caller().is_talking_to(ann)
    assert not waits.is_talking_to(ann)
    assert line.violations() == []
