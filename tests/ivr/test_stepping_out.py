"""A technician presses star: the caller hears music, never silence, and loses nothing by it."""

from dataclasses import replace

import pytest

from ivr.carrier.phones import Phone
from ivr.carrier.transport import Request
from ivr.desks.protocol import Answer
from ivr.store import engine as store_engine
from tests.calling_back import accepts, asks_to_be_called_back, picks_up
from tests.ivr.rooming import MENU, NORTH_AMERICA, TICKET, call_in_room, take
from tests.ivr.test_repeats import post, rows
from tests.line import ACCOUNT, LineUnderTest


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


def test_hanging_up_in_the_room_is_no_loss_even_if_it_looks_like_star_at_first(
    line: LineUnderTest,
) -> None:
    """Twilio does not say whether a Dial's action is asked for a caller who has hung up."""
    caller, ann = call_in_room(line)
    (entry,) = [
        entry for entry in line.exchange.ledger.of("joined") if entry["phone"] == ann.number
    ]
    room = str(entry["room"]).removeprefix("room-")
    line.exchange.faults.drop(lambda request: request.url.endswith(("/left", "/room/status")))

    form = {"CallSid": ann.call_sid, "AccountSid": ACCOUNT, "CallStatus": "in-progress"}
    post(line, f"/voice/offers/{room}/visits/0/left", form)
    ann.hang_up()

    caller.is_left(within=10)
    line.exchange.run_for(3)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


@pytest.mark.parametrize("who", ["ann", "caller"])
@pytest.mark.parametrize("kept", ["/status", "/room/status", "/left"])
def test_any_one_word_of_a_hang_up_is_enough(line: LineUnderTest, who: str, kept: str) -> None:
    ends = ("/status", "/room/status", "/left")

    def is_another_word(request: Request) -> bool:
        path = request.url.partition("#")[0]
        told = next((end for end in reversed(ends) if path.endswith(end)), None)
        told = "/room/status" if path.endswith("/room/status") else told
        return told is not None and told != kept

    caller, ann = call_in_room(line)
    line.exchange.faults.drop(is_another_word)

    (ann if who == "ann" else caller).hang_up()
    caller.is_left(within=10)
    ann.is_left(within=10)

    line.exchange.run_for(5)
    assert line.the_call().disposition == "connected"


def test_star_before_the_caller_has_come_is_a_menu_and_loses_nobody(line: LineUnderTest) -> None:
    line.desk.put(TICKET)
    ann = line.technician("ann", "+12125550101")
    caller = line.caller().dial(NORTH_AMERICA)
    caller.hears("press 4").press("4").hears("ticket number").press("100100#")
    line.exchange.faults.rest("500", path="/Members/", times=3)

    ann.rings().answer().hears("press 1 to accept").press("1w*").hears(MENU)
    ann.press("2").hears("For VSA").press("1").hears("not in the room yet").hears(MENU)
    line.exchange.run_for(4)
    ann.press("1")
    line.exchange.run_for(20)

    assert caller.is_talking_to(ann)


def test_the_help_desk_is_asked_about_a_second_ticket_while_nothing_is_locked(
    line: LineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.desk.put(replace(TICKET, number="100300", severity=3))
    caller, ann = call_in_room(line)
    locked: list[bool] = []
    find = line.desk.find

    def watched(number: str) -> Answer:
        locked.append(store_engine._write_lock.locked())
        return find(number)

    monkeypatch.setattr(line.desk, "find", watched)

    ann.press("*").hears(MENU).press("5").hears("other ticket").press("100300#").hears("attached")

    assert locked == [False]
    assert caller.on_a_call


def test_a_customer_who_was_called_back_is_held_and_sent_on_like_a_caller(
    line: LineUnderTest,
) -> None:
    line.desk.put(replace(TICKET, number="100300", severity=3))
    customer = line.caller()
    asks_to_be_called_back(line, customer)
    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    picks_up(customer)
    line.exchange.run_for(5)
    start = len(customer.heard)

    ann.press("*").hears(MENU)
    line.exchange.run_for(1)
    assert hears_music(customer, start)
    ann.press("2").hears("For Severity 1").press("1").is_left()
    customer.hears("you keep your place").hears("number 1 in line")
    take(line.technician("tom", "+12125550102"))
    line.exchange.run_for(5)

    assert customer.on_a_call
    customer.hang_up()
    line.exchange.run_for(70)
    assert line.violations() == []
