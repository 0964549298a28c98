"""A technician's phone is checked: rung once, answered, the key pressed, and the result kept."""

from dataclasses import replace

import pytest

from ivr.acd.phone_checks import PhoneCheck, ask_for_check, find_check
from ivr.acd.technicians import ask_for_state, move
from ivr.distribution import tick
from ivr.errors import NotChecked
from ivr.store.engine import reading, writing
from ivr.store.phone_checks import CheckState
from ivr.store.technicians import TechnicianState
from tests.ivr.dying import DyingTelephony, Killed
from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest

ANN = "+12125550101"
EMAIL = "ann@example.com"


def ask(line: LineUnderTest) -> PhoneCheck:
    with writing(line.engine) as connection:
        return ask_for_check(connection, EMAIL, line.configuration, line.exchange.clock())


def now_(line: LineUnderTest, check: PhoneCheck) -> PhoneCheck:
    with reading(line.engine) as connection:
        found = find_check(connection, check.id)
    assert found is not None
    return found


def test_a_phone_that_presses_the_key_is_reachable(line: LineUnderTest) -> None:
    ann = line.technician("ann", ANN)
    check = ask(line)

    ann.rings().answer().hears("This is a test. Press 1.").press("1").hears("Thank you")
    ann.is_left()

    assert now_(line, check).state is CheckState.REACHABLE
    assert line.alarms() == {}
    assert line.technician_states() == {EMAIL: "available"}
    # Seen as the technicians' line, which its owner knows.
    (dialled,) = line.exchange.ledger.of("dialed", phone=ANN)
    assert dialled is not None
    assert line.calls() == []
    assert line.violations() == []


def behave(line: LineUnderTest, how: str) -> None:
    ann = line.technician("ann", ANN)
    match how:
        case "voicemail":
            ann.voicemail_greets("Hello, this is Ann. Please leave a message.")
        case "busy":
            ann.is_busy()
        case "dead":
            ann.is_unreachable()
        case "wrong key":
            ann.answers_by_itself().press("w" * 8 + "5")
        case _:
            ann.does_not_answer()


@pytest.mark.parametrize(
    ("how", "state", "said"),
    [
        ("voicemail", CheckState.NO_KEY, "a voicemail, perhaps"),
        ("silent", CheckState.NO_ANSWER, "Nobody answered."),
        ("busy", CheckState.BUSY, "It was busy."),
        ("dead", CheckState.UNREACHABLE, "cannot ring this number"),
        ("wrong key", CheckState.NO_KEY, "5 was pressed instead of 1"),
    ],
)
def test_a_phone_that_does_not_is_told_of(
    line: LineUnderTest, how: str, state: CheckState, said: str
) -> None:
    behave(line, how)
    check = ask(line)

    line.exchange.run_for(60)

    found = now_(line, check)
    assert (found.state, said in found.said) == (state, True)
    assert "phone of ann was checked and cannot be relied on" in line.alarms()["check:1"]
    assert len(line.exchange.ledger.of("dialed", phone=ANN)) == 1
    # A check is not an offer: nobody is put away for it.
    assert line.technician_states() == {EMAIL: "available"}


def test_a_number_the_policy_forbids_is_never_rung(line: LineUnderTest) -> None:
    line.technician("ann", "+19005550101")
    check = ask(line)

    line.exchange.run_for(5)

    assert now_(line, check).state is CheckState.UNREACHABLE
    assert line.exchange.ledger.of("dialed", phone="+19005550101") == []


def test_no_call_is_offered_while_the_phone_is_checked(line: LineUnderTest) -> None:
    ann = line.technician("ann", ANN)
    ask(line)
    ann.rings()
    queue_a_caller(line)
    assert line.technician_states() == {EMAIL: "available"}

    ann.answer().hears("This is a test").press("1").is_left()

    ann.rings(within=5).answer().hears("press 1 to accept").press("1")
    line.exchange.run_for(20)
    assert line.caller().is_talking_to(ann)


@pytest.mark.parametrize("key", [None, "1"])
def test_a_technician_who_has_a_call_is_not_rung(line: LineUnderTest, key: str | None) -> None:
    ann = line.technician("ann", ANN)
    queue_a_caller(line)
    ann.rings()
    if key:
        ann.answer().hears("press 1").press(key)
        line.exchange.run_for(5)

    with pytest.raises(NotChecked):
        ask(line)


def test_asking_twice_rings_once(line: LineUnderTest) -> None:
    ann = line.technician("ann", ANN)
    first = ask(line)
    line.exchange.run_for(3)

    assert ask(line).id == first.id
    ann.rings().answer().hears("This is a test").press("1").is_left()
    line.exchange.run_for(30)
    assert rings(line, ANN) == 1


def test_every_request_twice_is_one_result(line: LineUnderTest) -> None:
    line.exchange.faults.duplicate(lambda _: True, copies=2)
    ann = line.technician("ann", ANN)
    check = ask(line)

    ann.rings().answer().hears("This is a test").press("1").hears("Thank you").is_left()

    assert now_(line, check).state is CheckState.REACHABLE
    assert rings(line, ANN) == 1


@pytest.mark.parametrize("asks", [False, True])
def test_a_worker_that_dies_over_a_check_rings_nobody_twice(
    line: LineUnderTest, asks: bool
) -> None:
    ann = line.technician("ann", ANN)
    check = ask(line)
    dying = DyingTelephony(line.services.telephony, "place_call", asks=asks)
    with pytest.raises(Killed):
        tick(replace(line.services, telephony=dying))

    if asks:
        ann.rings().answer().hears("This is a test").press("1").is_left()
    line.exchange.run_for(60)

    wanted = CheckState.REACHABLE if asks else CheckState.UNKNOWN
    assert now_(line, check).state is wanted
    assert rings(line, ANN) == int(asks)


def test_a_check_nobody_told_the_end_of_ends_by_itself(line: LineUnderTest) -> None:
    line.exchange.faults.drop("status", chance=1.0)
    line.technician("ann", ANN)
    check = ask(line)

    line.exchange.run_for(60)

    assert now_(line, check).state is CheckState.UNKNOWN
    queue_a_caller(line)
    line.exchange.phone(ANN).rings(within=5)


def test_a_phone_is_checked_before_its_owner_comes_on_shift(line: LineUnderTest) -> None:
    ann = line.technician("ann", ANN)
    set_offline(line)
    check = ask(line)

    ann.rings().answer().hears("This is a test").press("1").is_left()

    assert now_(line, check).state is CheckState.REACHABLE
    assert line.technician_states() == {EMAIL: "offline"}


def set_offline(line: LineUnderTest) -> None:
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        ask_for_state(connection, EMAIL, TechnicianState.OFFLINE, now=now, until=now)


def test_who_is_on_a_call_by_then_is_not_rung(line: LineUnderTest) -> None:
    line.technician("ann", ANN)
    check, now = ask(line), line.exchange.clock()
    with writing(line.engine) as connection:
        was, becomes = TechnicianState.AVAILABLE, TechnicianState.RESERVED
        assert move(connection, check.technician_id, was, becomes, now)

    line.exchange.run_for(5)

    assert now_(line, check).state is CheckState.UNKNOWN
    assert line.exchange.ledger.of("dialed", phone=ANN) == []
