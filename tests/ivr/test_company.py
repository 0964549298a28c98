"""The duty manager, brought into the room by a key; nobody is left alone by it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ivr.acd.phones import other_legs
from ivr.carrier.phones import Phone
from ivr.store.engine import reading
from ivr.store.messages import alarm
from ivr.store.rooms import GuestRole, guest
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.ivr.rooming import (
    MENU,
    call_in_room,
    supervised,
)
from tests.ivr.test_repeats import rows
from tests.line import LineUnderTest

PIETER, NGAIRE = "+31205550101", "+6445550102"


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """On both databases."""
    return LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON)


def on_duty(line: LineUnderTest) -> list[Phone]:
    """Two duty managers, in the order in which they are rung."""
    return line.duty_managers(("pieter", PIETER), ("ngaire", NGAIRE))


def alarms(line: LineUnderTest) -> list[str]:
    with reading(line.engine) as connection:
        return list(connection.execute(select(alarm.c.sentence)).scalars())


def asks_for_manager(technician: Phone) -> None:
    technician.press("*").hears(MENU).press("4").hears("We ring the duty manager")


def test_the_duty_manager_comes_in_by_a_key_and_all_three_talk(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    pieter, ngaire = on_duty(line)

    asks_for_manager(ann)
    pieter.rings()
    line.exchange.run_for(3)
    assert caller.is_talking_to(ann)
    pieter.answer().hears("asks for the duty manager").press("1")
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)
    assert caller.is_talking_to(pieter)
    assert not ngaire.ringing
    pieter.hang_up()
    line.exchange.run_for(3)
    assert caller.is_talking_to(ann)
    caller.hang_up()
    line.exchange.run_for(10)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


def test_the_leg_of_a_guest_is_one_of_theirs_when_a_lost_one_is_looked_for(
    line: LineUnderTest,
) -> None:
    _caller, ann = call_in_room(line)
    pieter, _ngaire = on_duty(line)
    asks_for_manager(ann)
    pieter.rings()

    with reading(line.engine) as connection:
        (row,) = connection.execute(select(guest)).all()
        others = other_legs(connection, row.technician_id, "an offer whose ring was lost")
        assert others == {row.leg_sid}
        assert other_legs(connection, row.technician_id, row.id) == set()


def test_managers_are_rung_one_after_the_other_and_the_technician_hears_if_none_comes(
    line: LineUnderTest,
) -> None:
    caller, ann = call_in_room(line)
    pieter, ngaire = on_duty(line)

    asks_for_manager(ann)
    pieter.rings().answer().hears("Press 1 to come in").press("2").hears("Refused")
    ngaire.rings()
    ann.hears("did not answer", within=60)

    assert caller.is_talking_to(ann)
    assert not any("did not answer" in sentence for sentence in caller.heard)
    assert [text for text in alarms(line) if "duty manager" in text]
    ann.press("*").hears("did not answer").hears(MENU)


def test_where_nobody_is_on_duty_the_menu_says_so(line: LineUnderTest) -> None:
    _, ann = call_in_room(line)

    ann.press("*").hears(MENU).press("4").hears("Nobody is on duty").hears(MENU)

    assert [text for text in alarms(line) if "duty manager" in text]


def test_a_technician_may_leave_the_caller_to_the_manager(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    pieter, _ = on_duty(line)
    asks_for_manager(ann)
    pieter.rings().answer().hears("Press 1").press("1")
    line.exchange.run_for(3)

    ann.press("*").hears(MENU)
    line.exchange.run_for(2)
    assert caller.is_talking_to(pieter)
    ann.hang_up()
    line.exchange.run_for(30)
    assert caller.is_talking_to(pieter)
    assert line.technician_states()["ann@example.com"] in {"wrap_up", "available"}

    pieter.hang_up()
    caller.is_left(within=10)
    line.exchange.run_for(10)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


def test_a_caller_who_hangs_up_stops_the_managers_telephone(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    pieter, ngaire = on_duty(line)
    asks_for_manager(ann)
    pieter.rings()

    caller.hang_up()
    line.exchange.run_for(5)

    assert not pieter.ringing
    line.exchange.run_for(30)
    assert not ngaire.ringing
    assert alarms(line) == []


def test_every_request_twice_and_again_at_the_end_is_one_ring_for_each_guest(
    line: LineUnderTest,
) -> None:
    line.exchange.faults.duplicate(lambda _: True, copies=2)
    caller, ann = call_in_room(line)
    pieter, _ = on_duty(line)
    asks_for_manager(ann)
    pieter.rings().answer().hears("Press 1").press("1")
    line.exchange.run_for(3)
    supervised(line, caller, GuestRole.LISTEN)
    caller.hang_up()
    line.exchange.run_for(120)
    before, rung = rows(line.engine), len(line.exchange.ledger.of("ringing"))

    for entry in [entry for entry in line.exchange.ledger if entry["event"] == "request"]:
        line.exchange.replay(entry)
        line.exchange.run_for(1)

    assert rows(line.engine) == before
    assert len(line.exchange.ledger.of("ringing")) == rung == 3
    assert line.violations() == []


@pytest.mark.parametrize("fault", ["500", "lost"])
def test_a_ringing_of_unknown_fate_is_looked_up_and_rings_once(
    line: LineUnderTest, fault: str
) -> None:
    caller, ann = call_in_room(line)
    pieter, ngaire = on_duty(line)
    line.exchange.faults.rest(fault, path="/Calls.json")

    asks_for_manager(ann)
    coming = pieter if fault == "lost" else ngaire
    coming.rings().answer().hears("Press 1").press("1")
    line.exchange.run_for(3)

    assert caller.is_talking_to(coming)


def test_a_guest_whose_end_is_never_told_is_asked_after(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    pieter, _ = on_duty(line)
    asks_for_manager(ann)
    pieter.rings().answer().hears("Press 1").press("1")
    line.exchange.run_for(3)
    line.exchange.faults.drop(lambda request: "/guests/" in request.url)
    ann.hang_up()
    line.exchange.run_for(5)
    assert caller.is_talking_to(pieter)

    pieter.hang_up()
    caller.is_left(within=90)
