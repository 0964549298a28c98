"""Missed offers: away with a notice, never the last one, and leads told in time."""

import pytest
from sqlalchemy import func, select

from ivr.acd.pins import new_pin
from ivr.acd.technicians import Technician, ask_for_state, technician_by_email
from ivr.store.acd import offer
from ivr.store.engine import reading, writing
from ivr.store.technicians import TechnicianState
from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest

ANN = "+12125550101"
TOM = "+12125550102"
EMAIL = "ann@example.com"


def ann(line: LineUnderTest) -> Technician:
    with reading(line.engine) as connection:
        return technician_by_email(connection, EMAIL)


def ask(line: LineUnderTest, state: TechnicianState, email: str = EMAIL) -> None:
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        until = now.replace(hour=23)
        ask_for_state(connection, email, state, now=now, until=until)


def test_who_misses_an_offer_is_away_and_told_how_to_come_back(line: LineUnderTest) -> None:
    line.technician("ann", ANN)
    tom = line.technician("tom", TOM)
    with writing(line.engine) as connection:
        pin = new_pin(connection, EMAIL)

    queue_a_caller(line)
    tom.rings(within=40)

    assert line.technician_states()[EMAIL] == "on_break"
    assert ann(line).state_reason == "missed an offer"
    ((people, subject, body),) = line.mail.sent
    assert (people, subject) == ([EMAIL], "You missed a call")
    assert line.configuration.technician_line is not None
    assert line.configuration.technician_line in body
    assert f"ivr technicians set {EMAIL} available" in body

    phone = line.exchange.phone(ANN)
    phone.dial(line.configuration.technician_line).hears("PIN").press(f"{pin}#")
    phone.hears("You are on break").press("1").hears("You are now available")
    assert line.technician_states()[EMAIL] == "available"


def test_two_misses_in_a_row_are_an_alarm_and_a_mail_to_the_queue(line: LineUnderTest) -> None:
    line.technician("ann", ANN)
    line.technician("tom", TOM).answers_by_itself()
    queue_a_caller(line)
    line.exchange.run_for(30)
    assert "misses:1" not in line.alarms()
    line.caller().hang_up().is_left()
    ask(line, TechnicianState.OFFLINE, "tom@example.com")
    line.technician("eve", "+12125550103")
    line.exchange.run_for(30)
    ask(line, TechnicianState.AVAILABLE)
    ask(line, TechnicianState.ON_BREAK, "eve@example.com")

    queue_a_caller(line)
    ask(line, TechnicianState.AVAILABLE, "eve@example.com")
    line.exchange.run_for(30)

    assert line.alarms()["misses:1"] == "ann has missed 2 calls in a row."
    subjects = [subject for people, subject, _ in line.mail.sent if EMAIL not in people]
    assert subjects == ["ann has missed 2 calls in a row"]


@pytest.mark.parametrize("key", ["1", "2"])
def test_a_key_between_two_misses_makes_the_second_the_first(line: LineUnderTest, key: str) -> None:
    phone = line.technician("ann", ANN)
    queue_a_caller(line)
    line.exchange.run_for(30)
    assert ann(line).misses == 1

    phone.rings(within=200).answer().hears("press 1").press(key)
    line.exchange.run_for(5)

    assert ann(line).misses == 0


def test_the_last_one_on_shift_is_never_put_away(line: LineUnderTest) -> None:
    phone = line.technician("ann", ANN)
    line.technician("tom", TOM)
    ask(line, TechnicianState.ON_BREAK, "tom@example.com")

    queue_a_caller(line)
    line.exchange.run_for(30)

    assert line.technician_states()[EMAIL] == "available"
    sentence = "ann, the only technician who could take calls, misses them."
    assert line.alarms()["last_on_shift"] == sentence
    phone.rings(within=150).answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    assert line.caller().is_talking_to(phone)
    assert line.violations() == []


def test_a_technician_on_a_call_is_somebody_who_is_left(line: LineUnderTest) -> None:
    phone = line.technician("ann", ANN)
    queue_a_caller(line)
    phone.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    line.technician("tom", TOM)

    second = line.exchange.phone("+12125550178", "second")
    second.dial("+35315262938").hears("ticket number").press("100100#").hears("connect you")
    line.exchange.run_for(30)

    assert line.technician_states() == {EMAIL: "on_call", "tom@example.com": "on_break"}


def test_what_was_asked_for_while_it_rang_stands(line: LineUnderTest) -> None:
    line.technician("tom", TOM)
    phone = line.technician("ann", ANN)
    ask(line, TechnicianState.ON_BREAK, "tom@example.com")
    queue_a_caller(line)
    phone.rings()

    ask(line, TechnicianState.OFFLINE)
    line.exchange.run_for(30)

    assert line.technician_states()[EMAIL] == "offline"
    assert ann(line).state_reason is None


def test_a_caller_who_hangs_up_makes_nobody_miss_a_call(line: LineUnderTest) -> None:
    phone = line.technician("ann", ANN)
    line.technician("tom", TOM)
    queue_a_caller(line)
    phone.rings()

    line.caller().hang_up()
    line.exchange.run_for(10)

    assert line.technician_states()[EMAIL] == "available"
    assert ann(line).misses == 0


def test_a_carrier_that_takes_no_calls_makes_nobody_miss_one(line: LineUnderTest) -> None:
    line.technician("ann", ANN)
    line.technician("tom", TOM)
    line.exchange.faults.rest("500", path="/Calls.json", times=None)

    queue_a_caller(line)
    line.exchange.run_for(60)

    assert set(line.technician_states().values()) <= {"available", "reserved"}
    assert ann(line).misses == 0
    with reading(line.engine) as connection:
        # Once again at once, then after the pause: not a new offer every second.
        made = connection.execute(select(func.count()).select_from(offer)).scalar_one()
    assert made <= 6


def test_a_number_the_policy_forbids_sends_its_technician_away(line: LineUnderTest) -> None:
    line.technician("ann", "+19005550101")

    queue_a_caller(line)
    line.exchange.run_for(30)

    assert line.technician_states()[EMAIL] == "on_break"
    assert ann(line).state_reason == "the phone cannot be reached"
    assert rings(line, "+19005550101") == 0
    assert "phone:1" in line.alarms()


@pytest.mark.parametrize("lost", [False, True])
def test_the_next_call_is_offered_when_the_phone_is_down_again(
    line: LineUnderTest, lost: bool
) -> None:
    """Rung while it still says goodbye, it would be busy, and its owner put away for nothing."""
    phone = line.technician("ann", ANN)
    queue_a_caller(line)
    phone.rings().answer().hears("press 1")
    second = line.exchange.phone("+12125550178", "second")
    second.dial("+35315262938").hears("ticket number").press("100100#").hears("connect you")
    if lost:
        line.exchange.faults.drop("status", chance=1.0)

    phone.press("2").hears("Refused").is_left()

    phone.rings(within=10).answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    assert second.is_talking_to(phone)
    assert ann(line).misses == 0
    assert len(line.exchange.ledger.of("dialed", phone=ANN)) == 2
