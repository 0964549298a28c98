"""Complaint 14: the browser is closed, and its agent stays available for ever.

Naive: whoever signed in counts until they sign out, so "nobody here" cannot be noticed.
"""

from datetime import timedelta

import pytest

from ivr.acd.presence import beat
from ivr.acd.technicians import Asked, ask_for_state, technician_by_email
from ivr.store.engine import reading, writing
from ivr.store.technicians import CameBy, TechnicianState
from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest

EMAIL = "ann@example.com"


def comes(line: LineUnderTest, by: CameBy) -> None:
    now, state = line.exchange.clock(), TechnicianState.AVAILABLE
    with writing(line.engine) as connection:
        until = now + timedelta(hours=12)
        ask_for_state(connection, EMAIL, state, now=now, until=until, how=Asked(by))


def console_beats(line: LineUnderTest) -> None:
    with writing(line.engine) as connection:
        person = technician_by_email(connection, EMAIL)
        beat(connection, person.id, line.exchange.clock())


def test_a_closed_browser_is_noticed_and_nobody_is_rung(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    comes(line, CameBy.CONSOLE)
    for _ in range(10):
        line.exchange.run_for(30)
        console_beats(line)
    assert line.technician_states() == {EMAIL: "available"}

    line.exchange.run_for(line.configuration.timers.presence_seconds + 1)

    assert line.technician_states() == {EMAIL: "offline"}
    assert line.alarms()["last_on_shift"] == "Nobody is left to take calls: ann was the last."
    queue_a_caller(line)
    line.exchange.run_for(60)
    assert rings(line, ann.number) == 0
    ((people, subject, body),) = line.mail.sent
    assert (people, subject) == ([EMAIL], "You are offline: your console was not seen")
    assert "To be available again" in body


def test_a_call_is_never_touched_and_the_look_comes_after_it(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    comes(line, CameBy.CONSOLE)
    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("1")

    line.exchange.run_for(300)
    assert line.technician_states() == {EMAIL: "on_call"}
    assert line.caller().is_talking_to(ann)

    line.caller().hang_up()
    line.exchange.run_for(5)
    assert line.technician_states() == {EMAIL: "offline"}
    with reading(line.engine) as connection:
        reason = technician_by_email(connection, EMAIL).state_reason
    assert reason == "the console was not seen any more"
    assert line.violations() == []


def test_a_console_that_is_back_by_then_keeps_its_technician(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    comes(line, CameBy.CONSOLE)
    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(300)

    console_beats(line)
    line.caller().hang_up()
    line.exchange.run_for(5)

    assert line.technician_states() == {EMAIL: "wrap_up"}


@pytest.mark.parametrize("by", [CameBy.TELEPHONE, CameBy.COMMAND])
def test_who_has_no_console_is_asked_for_no_heartbeat(line: LineUnderTest, by: CameBy) -> None:
    line.technician("ann", "+12125550101")
    comes(line, by)

    line.exchange.run_for(5 * 60)

    assert line.technician_states() == {EMAIL: "available"}
