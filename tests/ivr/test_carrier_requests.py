"""Requests to the carrier: committed first, sent once, and looked up when their fate is unknown."""

import pytest

from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

TICKET = Ticket("100100", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York")


def queue_a_caller(line: LineUnderTest) -> None:
    line.desk.put(TICKET)
    caller = line.caller().dial("+35315262938")
    caller.hears("ticket number").press("100100#").hears("connect you")


def rings(line: LineUnderTest, number: str) -> int:
    return len(line.exchange.ledger.of("ringing", phone=number))


def test_a_create_that_times_out_after_the_carrier_took_it_rings_once(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    line.exchange.faults.rest("lost", path="/Calls.json")

    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(10)

    assert line.caller().is_talking_to(ann)
    assert rings(line, ann.number) == 1


@pytest.mark.parametrize("fault", ["429", "500"])
def test_a_create_that_was_refused_for_now_rings_in_the_end(
    line: LineUnderTest, fault: str
) -> None:
    ann = line.technician("ann", "+12125550101")
    line.exchange.faults.rest(fault, path="/Calls.json")

    queue_a_caller(line)
    ann.rings(within=200).answer().hears("press 1").press("1")
    line.exchange.run_for(10)

    assert line.caller().is_talking_to(ann)
    assert rings(line, ann.number) == 1


@pytest.mark.parametrize("fault", ["lost", "500"])
def test_a_lost_dequeue_is_made_up_for(line: LineUnderTest, fault: str) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    line.exchange.faults.rest(fault, path="/Members/", times=50)

    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(40)

    assert line.caller().is_talking_to(ann)
    assert line.violations() == []


def test_a_phone_the_policy_forbids_is_never_rung(line: LineUnderTest) -> None:
    line.technician("ann", "+19005550101")
    tom = line.technician("tom", "+12125550102")

    queue_a_caller(line)

    tom.rings(within=60)
    assert line.exchange.ledger.of("ringing", phone="+19005550101") == []


def test_a_caller_who_hangs_up_silences_the_ringing_phone(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    ann.rings()

    line.caller().hang_up()
    line.exchange.run_for(3)

    assert not ann.ringing
    line.exchange.run_for(60)
    assert line.the_call().disposition == "abandoned_queue"
    assert line.technician_states() == {"ann@example.com": "available"}


def test_a_caller_who_hangs_up_while_the_technician_accepts_leaves_nobody_alone(
    line: LineUnderTest,
) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    line.exchange.faults.rest("500", path="/Members/", times=50)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(1)

    line.caller().hang_up()

    ann.is_left(within=15)
    line.exchange.run_for(90)
    assert line.technician_states() == {"ann@example.com": "available"}
    assert line.violations() == []


def test_a_technician_who_is_lost_before_the_bridge_costs_the_caller_no_place(
    line: LineUnderTest,
) -> None:
    ann = line.technician("ann", "+12125550101")
    tom = line.technician("tom", "+12125550102")
    queue_a_caller(line)
    line.exchange.faults.rest("500", path="/Members/", times=50)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(1)

    ann.hang_up()

    tom.rings(within=60).answer().hears("press 1").press("1")
    line.exchange.faults.clear()
    line.exchange.run_for(40)
    assert line.caller().is_talking_to(tom)
