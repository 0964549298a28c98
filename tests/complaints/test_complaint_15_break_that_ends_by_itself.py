"""Complaint 15: on a break, a failed outbound call flips the agent back to available.

Naive: whatever ends (a call, an offer, a timer, a lost connection) ends in "available".
"""

from ivr.acd.presence import beat
from ivr.acd.technicians import Asked, ask_for_state, technician_by_email
from ivr.store.engine import writing
from ivr.store.technicians import CameBy, TechnicianState
from tests.ivr.test_carrier_requests import queue_a_caller
from tests.line import LineUnderTest

EMAIL = "ann@example.com"
ON_BREAK = {EMAIL: "on_break"}


def take_a_break(line: LineUnderTest, by: CameBy = CameBy.COMMAND) -> None:
    now, state, how = line.exchange.clock(), TechnicianState.ON_BREAK, Asked(by, "lunch")
    with writing(line.engine) as connection:
        ask_for_state(connection, EMAIL, state, now=now, until=now, how=how)


def test_an_outbound_call_that_fails_does_not_end_a_break(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101").is_unreachable()
    queue_a_caller(line)
    take_a_break(line)

    line.exchange.run_for(200)

    assert len(line.exchange.ledger.of("dialed", phone=ann.number)) <= 1
    assert line.technician_states() == ON_BREAK


def test_an_offer_that_runs_out_does_not_end_a_break(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    ann.rings()
    take_a_break(line)

    line.exchange.run_for(200)

    assert line.technician_states() == ON_BREAK
    assert line.violations() == []


def test_a_call_that_is_over_and_its_wrap_up_do_not_end_a_break(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    take_a_break(line)
    assert line.technician_states() == {EMAIL: "on_call"}

    line.caller().hang_up()
    line.exchange.run_for(300)

    assert line.technician_states() == ON_BREAK


def test_heartbeats_do_not_end_a_break(line: LineUnderTest) -> None:
    line.technician("ann", "+12125550101")
    take_a_break(line, CameBy.CONSOLE)

    for _ in range(10):
        line.exchange.run_for(30)
        with writing(line.engine) as connection:
            person = technician_by_email(connection, EMAIL)
            beat(connection, person.id, line.exchange.clock())

    assert line.technician_states() == ON_BREAK
