"""Complaint 1: a volunteer's number was dead, so the call never fell through; it kept ringing.

Naive: the number is rung again and again, and whoever it belongs to counts as available.
"""

from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest


def test_a_dead_number_is_rung_once_and_the_next_technician_at_once(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101").is_unreachable()
    tom = line.technician("tom", "+12125550102")

    queue_a_caller(line)
    tom.rings(within=5).answer().hears("press 1").press("1")
    line.exchange.run_for(20)

    assert line.caller().is_talking_to(tom)
    assert rings(line, ann.number) == 0
    assert line.technician_states()["ann@example.com"] == "on_break"
    assert "phone of ann cannot be reached" in line.alarms()["phone:1"]
    assert line.violations() == []


def test_a_dead_number_that_is_the_only_one_still_ends_in_voicemail(line: LineUnderTest) -> None:
    line.technician("ann", "+12125550101").is_unreachable()

    queue_a_caller(line)
    line.caller().hears("after the tone", within=700)

    assert len(line.exchange.ledger.of("dialed", phone="+12125550101")) == 1
    assert line.technician_states()["ann@example.com"] == "on_break"
    assert line.alarms()["last_on_shift"] == ("Nobody is left to take calls: ann was the last.")
    assert line.violations() == []
