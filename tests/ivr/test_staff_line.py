"""Technicians change their state by telephone, with a PIN, without any screen."""

import pytest

from ivr.acd.pins import MOST_FAILURES, new_pin
from ivr.acd.technicians import ask_for_state
from ivr.store.engine import writing
from ivr.store.technicians import TechnicianState
from tests.line import LineUnderTest

ANN = "+12125550101"
EMAIL = "ann@example.com"


@pytest.fixture
def pin(line: LineUnderTest) -> str:
    """Ann, on a break, and her PIN."""
    line.technician("ann", ANN)
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        state = TechnicianState.ON_BREAK
        ask_for_state(connection, EMAIL, state, now=now, until=now)
        return new_pin(connection, EMAIL)


def staff_number(line: LineUnderTest) -> str:
    assert line.configuration.technician_line is not None
    return line.configuration.technician_line


@pytest.mark.parametrize(
    ("key", "state"), [("1", "available"), ("2", "on_break"), ("3", "offline")]
)
def test_a_pin_and_a_key_change_the_state(
    line: LineUnderTest, pin: str, key: str, state: str
) -> None:
    phone = line.exchange.phone(ANN).dial(staff_number(line))

    phone.hears("PIN").press(f"{pin}#").hears("You are on break").press(key)

    phone.hears(f"You are now {state.replace('_', ' ')}. Goodbye")
    assert line.technician_states() == {EMAIL: state}


def test_three_wrong_pins_end_the_call_and_change_nothing(line: LineUnderTest, pin: str) -> None:
    wrong = "0" * 6 if pin != "0" * 6 else "1" * 6
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN")

    for _ in range(2):
        phone.press(f"{wrong}#").hears("not right")
    phone.press(f"{wrong}#").hears("Goodbye").is_left()

    assert line.technician_states() == {EMAIL: "on_break"}


def test_too_many_wrong_pins_lock_it_until_a_new_one_is_made(line: LineUnderTest, pin: str) -> None:
    wrong = "0" * 6 if pin != "0" * 6 else "1" * 6
    phone = line.exchange.phone(ANN)
    for _ in range(MOST_FAILURES // 3 + 1):
        phone.dial(staff_number(line)).hears("PIN").press(f"{wrong}#w{wrong}#w{wrong}#")
        line.exchange.run_for(40)
        phone.hang_up()
        line.exchange.run_for(5)
    for _ in range(4):
        phone.dial(staff_number(line)).hears("PIN").press(f"{wrong}#").hears("not right")
        phone.hang_up().is_left()
    phone.dial(staff_number(line)).hears("PIN").press(f"{pin}#").hears("not right")
    phone.hang_up().is_left()

    with writing(line.engine) as connection:
        fresh = new_pin(connection, EMAIL)

    phone.dial(staff_number(line)).hears("PIN").press(f"{fresh}#").hears("You are on break")


@pytest.mark.usefixtures("pin")
def test_a_telephone_of_nobody_is_told_so(line: LineUnderTest) -> None:
    phone = line.exchange.phone("+12125550199").dial(staff_number(line))

    phone.hears("for technicians").is_left()

    assert line.calls() == []


def test_every_request_twice_changes_the_state_once(line: LineUnderTest, pin: str) -> None:
    line.exchange.faults.duplicate(lambda _: True, copies=2)
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN").press(f"{pin}#")

    phone.hears("Press 1").press("1").hears("You are now available")

    assert line.technician_states() == {EMAIL: "available"}


@pytest.mark.usefixtures("pin")
def test_silence_is_a_wrong_pin_and_comes_to_an_end(line: LineUnderTest) -> None:
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN")

    phone.is_left(within=60)

    assert line.technician_states() == {EMAIL: "on_break"}
