"""Supervisors in the room: heard by those they asked for alone, and gone when it closes."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.acd.company import Supervision
from ivr.carrier.hearing import can_hear
from ivr.carrier.phones import Phone
from ivr.errors import CannotSupervise
from ivr.journal import Happened
from ivr.store.rooms import GuestRole
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.ivr.rooming import (
    MENU,
    NORTH_AMERICA,
    SUE,
    ask_to_supervise,
    call_in_room,
    happened,
    supervised,
    take,
)
from tests.line import LineUnderTest


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """On both databases."""
    return LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON)


def hears(listener: Phone, speaker: Phone) -> bool:
    assert listener.leg is not None
    assert speaker.leg is not None
    return can_hear(listener.leg, speaker.leg)


@pytest.mark.parametrize(
    ("role", "technician_hears", "caller_hears"),
    [
        (GuestRole.LISTEN, False, False),
        (GuestRole.WHISPER, True, False),
        (GuestRole.JOIN, True, True),
    ],
)
def test_a_supervisor_is_heard_by_those_they_asked_for_alone(
    line: LineUnderTest, role: GuestRole, *, technician_hears: bool, caller_hears: bool
) -> None:
    caller, ann = call_in_room(line)

    sue = supervised(line, caller, role)

    assert hears(sue, caller)
    assert hears(sue, ann)
    assert hears(ann, sue) is technician_hears
    assert hears(caller, sue) is caller_hears
    sue.hang_up()
    line.exchange.run_for(3)
    assert caller.is_talking_to(ann)
    joined = happened(line, Happened.GUEST_JOINED)
    assert [entry.detail["role"] for entry in joined] == [role.value]
    ann.hang_up()
    caller.is_left(within=10)
    line.exchange.run_for(10)
    assert line.violations() == []


def test_a_supervisor_does_not_keep_a_room_alive(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    sue = supervised(line, caller, GuestRole.LISTEN)

    ann.hang_up()

    caller.is_left(within=10)
    sue.is_left(within=10)


def test_who_whispers_waits_until_the_technician_is_in_the_room(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    sue = line.technician("sue", SUE)
    ask_to_supervise(line, caller.call_sid, Supervision(GuestRole.WHISPER, SUE))
    ann.press("*").hears(MENU)

    sue.rings().answer().hears("Press 1").press("1").hears("out of the room")
    ann.press("1")
    line.exchange.run_for(2)
    sue.hears("Press 1").press("1")
    line.exchange.run_for(3)

    assert hears(ann, sue)
    assert not hears(caller, sue)


def test_only_a_technicians_telephone_is_rung_into_a_call_that_is_going_on(
    line: LineUnderTest,
) -> None:
    caller, ann = call_in_room(line)
    line.technician("sue", SUE)
    sid = caller.call_sid
    for call_sid, asked, said in (
        (sid, Supervision(GuestRole.JOIN, "+19005550199"), "not the telephone of any"),
        (sid, Supervision(GuestRole.JOIN, SUE, "ann@example.com"), "not the telephone of ann"),
        ("CA404", Supervision(GuestRole.JOIN, SUE), "no call CA404"),
        (sid, Supervision(GuestRole.JOIN, ann.number), "has the call"),
    ):
        with pytest.raises(CannotSupervise, match=said):
            ask_to_supervise(line, call_sid, asked)
    caller.hang_up()
    line.exchange.run_for(5)

    with pytest.raises(CannotSupervise, match="not talking"):
        ask_to_supervise(line, sid, Supervision(GuestRole.JOIN, SUE))


def test_a_guest_is_offered_no_call_meanwhile(line: LineUnderTest) -> None:
    caller, _ = call_in_room(line)
    sue = supervised(line, caller, GuestRole.LISTEN)

    other = line.exchange.phone("+12125550188", "other")
    other.dial(NORTH_AMERICA).hears("press 4").press("4").hears("ticket number").press("100100#")
    other.hears("number 1 in line")
    line.exchange.run_for(30)

    sue.hang_up()
    take(sue)
    line.exchange.run_for(3)
    assert other.is_talking_to(sue)
    assert line.violations() == []


def test_a_caller_sent_on_leaves_nobody_behind(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    sue = supervised(line, caller, GuestRole.LISTEN)

    ann.press("*").hears(MENU).press("2").hears("For VSA").press("1").is_left()

    take(sue)
    line.exchange.run_for(3)
    assert caller.is_talking_to(sue)
