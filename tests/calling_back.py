"""What people do about a callback: ask for it, take it, answer it."""

from ivr.carrier.phones import Phone
from tests.line import LineUnderTest

NORTH_AMERICA = "+18779260001"


def asks_to_be_called_back(line: LineUnderTest, caller: Phone, ticket: str = "100300") -> None:
    """Waits a minute, presses 2, confirms the own number and hangs up."""
    caller.dial(NORTH_AMERICA).hears("press 4").press("4").hears("ticket number")
    caller.press(f"{ticket}#").hears("connect you").hears("To be called back", within=90)
    caller.press("2").hears("to call you back is").press("1")
    caller.hears("call you back at that number").is_left()
    line.exchange.run_for(2)


def accepts(technician: Phone, within: float = 30) -> None:
    technician.rings(within).answer().hears("wants to be called back").hears("press 1 to")
    technician.press("1").hears("calling the customer now")


def picks_up(caller: Phone, within: float = 30) -> None:
    greeting = "technical support, calling you back about your ticket 1 0 0"
    caller.rings(within).answer().hears(greeting).press("1")
