"""Callers who still wait when their support hours end (A7): the grace, and no second decision."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.carrier.phones import Phone
from ivr.journal import Happened
from routing.tickets import Ticket, TicketStatus
from tests.ivr.rooming import happened, republish
from tests.line import LineUnderTest

TICKET = Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="America/New_York")
TWO_MINUTES_OF_GRACE = {"grace_seconds: 900": "grace_seconds: 120"}


def a_caller(engine: Engine, folder: Path, at: str) -> tuple[LineUnderTest, Phone]:
    """Somebody who calls at this time of a Wednesday on the clock of New York."""
    starts_at = datetime.fromisoformat(f"2026-03-04T{at}-05:00")
    line = LineUnderTest(engine, folder / "instance", starts_at)
    republish(line, TWO_MINUTES_OF_GRACE)
    line.desk.put(TICKET)
    return line, line.caller().dial("+35315262938").hears("ticket number").press("100300#")


def test_whoever_called_a_second_before_the_end_is_let_in_and_still_answered_after_it(
    engine: Engine, tmp_path: Path
) -> None:
    line, caller = a_caller(engine, tmp_path, "18:59:59")
    caller.hears("connect you").hears("in line")
    line.exchange.run_for(90)
    ann = line.technician("ann", "+12125550101")

    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    assert len(happened(line, Happened.DECIDED)) == 1
    assert line.violations() == []


def test_whoever_called_at_the_end_is_not(engine: Engine, tmp_path: Path) -> None:
    _line, caller = a_caller(engine, tmp_path, "19:00:00")

    caller.hears("outside our support hours").hears("after the tone")


def test_when_the_grace_is_over_the_caller_may_choose_and_is_not_decided_about_again(
    engine: Engine, tmp_path: Path
) -> None:
    line, caller = a_caller(engine, tmp_path, "18:58:00")
    caller.hears("All technicians are still helping", within=400)

    over = line.exchange.clock() - datetime.fromisoformat("2026-03-04T19:02:00-05:00")
    assert abs(over.total_seconds()) < 15  # The last round ends with what was begun in it.
    caller.press("2").hears("number to call you back").press("1").hears("Goodbye")
    line.exchange.run_for(10)

    asked = next(call for call in line.calls() if call.disposition is not None)
    assert (asked.outcome, asked.disposition) == ("connect", "callback_requested")
    assert line.violations() == []


@pytest.mark.parametrize(("at", "minutes"), [("18:40:00", 10), ("18:57:00", 5)])
def test_the_longest_wait_or_the_grace_whichever_ends_first(
    engine: Engine, tmp_path: Path, at: str, minutes: int
) -> None:
    line, caller = a_caller(engine, tmp_path, at)
    began = line.exchange.clock()
    caller.hears("All technicians are still helping", within=700)

    waited = (line.exchange.clock() - began).total_seconds()
    assert abs(waited - 60 * minutes) < 20
