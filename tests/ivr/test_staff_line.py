"""Technicians change their state by telephone, with a PIN, without any screen."""

import pytest

from ivr.acd.pins import MOST_FAILURES, new_pin
from ivr.acd.technicians import Technician, ask_for_state, technician_by_email
from ivr.store.engine import reading, writing
from ivr.store.technicians import CameBy, TechnicianState
from tests.ivr.test_carrier_requests import queue_a_caller
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


def ann(line: LineUnderTest) -> Technician:
    with reading(line.engine) as connection:
        return technician_by_email(connection, EMAIL)


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


@pytest.mark.parametrize(("key", "reason"), [("1", "lunch"), ("3", "training")])
def test_a_key_more_gives_a_break_its_reason(
    line: LineUnderTest, pin: str, key: str, reason: str
) -> None:
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN").press(f"{pin}#")

    phone.hears("Press 1").press("2").hears("For lunch, press 1. For meeting, press 2.").press(key)

    phone.hears(f"You are now on break: {reason}. Goodbye").is_left()
    assert ann(line).state_reason == reason
    assert ann(line).came_by is CameBy.TELEPHONE


@pytest.mark.parametrize("key", ["9", "#", "0"])
def test_a_key_without_a_reason_is_a_break_without_one(
    line: LineUnderTest, pin: str, key: str
) -> None:
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN").press(f"{pin}#")

    phone.hears("Press 1").press("2").hears("For lunch").press(key)

    phone.hears("You are now on break. Goodbye").is_left()
    assert ann(line).state_reason is None


def test_who_hangs_up_instead_of_giving_a_reason_has_a_break(line: LineUnderTest, pin: str) -> None:
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN").press(f"{pin}#")
    phone.hears("Press 1").press("1").hears("You are now available").is_left()
    phone.dial(staff_number(line)).hears("PIN").press(f"{pin}#")

    phone.hears("Press 1").press("2").hears("For lunch").hang_up().is_left()

    assert line.technician_states() == {EMAIL: "on_break"}


def talk_and_hang_up(line: LineUnderTest) -> None:
    queue_a_caller(line)
    phone = line.technician("ann", ANN).rings().answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    phone.hang_up().is_left()
    line.caller().is_left()
    assert line.technician_states() == {EMAIL: "wrap_up"}


def test_wrap_up_has_a_limit(line: LineUnderTest) -> None:
    talk_and_hang_up(line)
    limit = line.configuration.timers.wrap_up_seconds

    line.exchange.run_for(limit - 10)
    assert line.technician_states() == {EMAIL: "wrap_up"}
    line.exchange.run_for(12)
    assert line.technician_states() == {EMAIL: "available"}


def test_wrap_up_is_ended_early_by_telephone(line: LineUnderTest, pin: str) -> None:
    talk_and_hang_up(line)
    phone = line.exchange.phone(ANN).dial(staff_number(line)).hears("PIN").press(f"{pin}#")

    phone.hears("You are wrap up").press("1").hears("You are now available")

    assert line.technician_states() == {EMAIL: "available"}
