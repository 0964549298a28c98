"""Callers of a number that nobody configured are served like any other."""

from routing.tickets import Ticket, TicketStatus
from tests.line import SERVICE, LineUnderTest

TICKET = Ticket("4444", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York")


def test_a_number_nobody_configured_has_no_menu_in_any_turn(line: LineUnderTest) -> None:
    line.exchange.add_number("+12125550188", f"{SERVICE}/voice/incoming", f"{SERVICE}/voice/status")
    line.desk.put(TICKET)
    caller = line.caller().dial("+12125550188")

    caller.hears("ticket number").press("4#").hears("could not find").hears("ticket number")

    caller.press("4444#").hears("connect you")
