"""A technician presses star: the caller hears music, never silence, and loses nothing by it."""

import pytest

from ivr.carrier.phones import Phone
from tests.ivr.rooming import MENU, call_in_room, take
from tests.ivr.test_repeats import rows
from tests.line import LineUnderTest


def hears_music(phone: Phone, since: int) -> bool:
    return any("music" in sound for sound in phone.heard[since:])


def test_star_and_1_is_back_with_the_caller_who_heard_music(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)
    start = len(caller.heard)

    ann.press("*").hears(MENU)
    assert hears_music(caller, start)
    assert not caller.is_talking_to(ann)
    ann.press("1")
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)
    caller.hang_up()
    line.exchange.run_for(10)
    assert line.the_call().disposition == "connected"
    assert line.technician_states() == {"ann@example.com": "wrap_up"}
    assert line.violations() == []


def test_no_key_is_asked_once_more_and_then_back_with_the_caller(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    ann.press("*").hears(MENU).hears("press 1 to go back", within=60)
    line.exchange.run_for(30)

    assert caller.is_talking_to(ann)


def test_a_wrong_key_is_asked_once_more(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    ann.press("*").hears(MENU).press("9").hears("press 1 to go back").press("1")
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)


def test_star_of_the_caller_does_nothing(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    caller.press("*1*2*3##")
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)


def test_every_request_twice_is_one_menu_and_one_way_back(line: LineUnderTest) -> None:
    line.exchange.faults.duplicate(lambda _: True, copies=2)
    caller, ann = call_in_room(line)

    for _ in range(2):
        ann.press("*").hears(MENU).press("1")
        line.exchange.run_for(3)
        assert caller.is_talking_to(ann)
    caller.hang_up()
    line.exchange.run_for(120)
    before = rows(line.engine)
    for entry in [entry for entry in line.exchange.ledger if entry["event"] == "request"]:
        line.exchange.replay(entry)
        line.exchange.run_for(1)

    assert rows(line.engine) == before
    assert line.violations() == []


def test_a_caller_who_hangs_up_meanwhile_is_told_of(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    ann.press("*").hears(MENU)
    caller.hang_up()

    ann.hears("has hung up").is_left()
    line.exchange.run_for(3)
    assert line.the_call().disposition == "connected"
    assert line.technician_states() == {"ann@example.com": "wrap_up"}
    assert line.violations() == []


def test_a_caller_whose_end_is_never_told_is_asked_after_at_once(line: LineUnderTest) -> None:
    line.exchange.faults.drop(lambda request: request.url.endswith("/voice/status"))
    caller, ann = call_in_room(line)

    caller.hang_up()
    ann.is_left(within=10)

    line.exchange.run_for(5)
    assert line.technician_states() == {"ann@example.com": "wrap_up"}


@pytest.mark.parametrize("told", [True, False])
def test_a_technician_lost_in_the_menu_gives_the_caller_back_their_place(
    line: LineUnderTest, told: bool
) -> None:
    if not told:
        line.exchange.faults.drop(lambda request: "/status" in request.url)
    caller, ann = call_in_room(line)
    ann.press("*").hears(MENU)
    tom = line.technician("tom", "+12125550102")

    ann.hang_up()
    caller.hears("lost the technician", within=90)
    take(tom)
    line.exchange.run_for(3)

    assert caller.is_talking_to(tom)
    assert line.the_call().technician == "tom@example.com"
    caller.hang_up()
    line.exchange.run_for(70)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


def test_a_technician_who_hangs_up_in_the_room_ends_the_call(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    ann.hang_up()

    caller.is_left(within=3)
    line.exchange.run_for(3)
    assert line.the_call().disposition == "connected"


@pytest.mark.parametrize("fault", ["429", "500", "lost"])
def test_a_hold_that_came_to_nothing_is_asked_for_again(line: LineUnderTest, fault: str) -> None:
    caller, ann = call_in_room(line)
    start = len(caller.heard)
    line.exchange.faults.rest(fault, path="/Participants/")

    ann.press("*").hears(MENU)
    line.exchange.run_for(5)

    assert hears_music(caller, start)
