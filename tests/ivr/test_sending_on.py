"""A technician sends the caller on: to another queue, to a transfer target; nobody is lost."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ivr.acd.call_tickets import tickets_of
from ivr.call_records import find_call
from ivr.carrier.phones import Phone
from ivr.journal import Happened
from ivr.store.acd import queued_call
from ivr.store.engine import reading
from routing.tickets import Ticket, TicketStatus
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.ivr.rooming import MENU, call_in_room, happened, republish, take
from tests.ivr.test_repeats import rows
from tests.line import LineUnderTest

CONSULTING = "+14155550100"
TRANSFERS = {
    "transfers: {}": f'transfers:\n  consulting: {{label: Consulting, number: "{CONSULTING}"}}\n'
    '  account-manager: {label: Account Manager, number: "+35315550103", regions: [ireland]}\n'
}


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """On both databases."""
    return LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON)


def steps_out(technician: Phone) -> Phone:
    return technician.press("*").hears(MENU)


def test_a_caller_sent_to_another_queue_keeps_severity_since_and_place(
    line: LineUnderTest,
) -> None:
    caller, ann = call_in_room(line)
    line.exchange.run_for(120)

    steps_out(ann).press("2").hears("For VSA, press 1").hears("For General").press("1")
    ann.hears("goes to VSA").is_left()
    caller.hears("you keep your place").hears("number 1 in line")
    line.exchange.run_for(2)

    assert line.technician_states() == {"ann@example.com": "wrap_up"}
    with reading(line.engine) as connection:
        first, second = connection.execute(select(queued_call).order_by(queued_call.c.id)).all()
    assert (second.queue, second.state) == ("vsa", "waiting")
    same = ("severity", "rank", "since", "product", "language", "region")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]
    take(line.technician("tom", "+12125550102"))
    line.exchange.run_for(3)
    assert line.the_call().technician == "tom@example.com"
    caller.hang_up()
    line.exchange.run_for(70)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


def test_who_sent_a_caller_on_is_not_offered_them_again_for_a_while(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    steps_out(ann).press("2").hears("For VSA").press("1").is_left()
    line.exchange.run_for(100)
    assert not ann.ringing

    take(ann, within=60)
    line.exchange.run_for(3)
    assert caller.is_talking_to(ann)


def test_a_caller_sent_on_after_a_long_talk_still_waits_as_long_as_anybody(
    line: LineUnderTest,
) -> None:
    republish(line, {"longest_wait_seconds: 600": "longest_wait_seconds: 240"})
    caller, ann = call_in_room(line)
    line.exchange.run_for(270)

    steps_out(ann).press("2").hears("For VSA").press("1")
    line.exchange.run_for(60)
    assert caller.on_a_call

    caller.hears("after the tone", within=300).hears("beep")
    caller.speak("Please call me.", seconds=5).press("#")
    line.exchange.run_for(60)
    assert line.the_call().disposition == "voicemail"


def test_a_caller_is_connected_with_a_target_and_that_ends_the_call(line: LineUnderTest) -> None:
    republish(line, TRANSFERS)
    caller, ann = call_in_room(line)
    consulting = line.exchange.phone(CONSULTING, "consulting")

    steps_out(ann).press("3").hears("For Consulting, press 1").press("1")
    ann.hears("connected with Consulting").is_left()
    caller.hears("connecting you")
    consulting.rings().answer()
    line.exchange.run_for(5)

    assert caller.is_talking_to(consulting)
    assert line.technician_states() == {"ann@example.com": "wrap_up"}
    shown = [event["from"] for event in consulting.events if event["event"] == "ringing"]
    assert shown == ["+18779260001"]
    consulting.hang_up()
    caller.is_left()
    line.exchange.run_for(5)
    assert line.the_call().disposition == "transferred"
    assert line.violations() == []


def test_a_target_that_does_not_answer_puts_the_caller_back_in_line(line: LineUnderTest) -> None:
    republish(line, TRANSFERS)
    caller, ann = call_in_room(line)
    line.exchange.phone(CONSULTING, "consulting")

    steps_out(ann).press("3").hears("For Consulting").press("1")
    caller.hears("connecting you").hears("nobody answered", within=60).hears("number 1 in line")

    tom = line.technician("tom", "+12125550102")
    take(tom)
    line.exchange.run_for(3)
    assert caller.is_talking_to(tom)
    caller.hang_up()
    line.exchange.run_for(70)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


def test_a_target_beyond_the_caps_of_the_dial_policy_is_not_rung(line: LineUnderTest) -> None:
    republish(line, {**TRANSFERS, "calls_per_hour: 1000": "calls_per_hour: 1"})
    caller, ann = call_in_room(line)
    line.exchange.phone(CONSULTING, "consulting")

    steps_out(ann).press("3").hears("For Consulting").press("1")
    caller.hears("nobody answered", within=10).hears("number 1 in line")

    assert line.exchange.ledger.of("ringing", phone=CONSULTING) == []


def test_targets_of_other_regions_are_not_heard(line: LineUnderTest) -> None:
    republish(line, TRANSFERS)
    _, ann = call_in_room(line)

    steps_out(ann).press("3").hears("For Consulting, press 1")

    assert not any("Account Manager" in sentence for sentence in ann.heard)


def test_a_target_taken_away_meanwhile_is_not_rung(line: LineUnderTest) -> None:
    republish(line, TRANSFERS)
    _, ann = call_in_room(line)
    republish(line, {})

    steps_out(ann).press("3").hears("No transfers").hears(MENU)


def test_where_no_targets_are_set_up_key_3_says_so(line: LineUnderTest) -> None:
    _, ann = call_in_room(line)

    steps_out(ann).press("3").hears("No transfers").hears(MENU)


def test_a_key_that_is_on_no_list_is_the_menu_again(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    steps_out(ann).press("2").hears("For VSA").press("9").hears("press 1 to go back").press("1")
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)


def test_a_second_ticket_is_looked_up_and_kept_with_the_call(line: LineUnderTest) -> None:
    line.desk.put(Ticket("100400", TicketStatus.OPEN, 2, "emm"))
    line.desk.put(Ticket("100500", TicketStatus.CLOSED, 2, "emm"))
    line.desk.put(Ticket("100600", TicketStatus.OPEN, 2, "emm"))
    caller, ann = call_in_room(line)

    steps_out(ann)
    for keyed, said in (
        ("999999#", "There is no ticket"),
        ("100500#", "is closed"),
        ("100100#", "belongs to this call already"),
        ("100400#", "4 0 0 is attached"),
        ("100400#", "belongs to this call already"),
        ("100600#", "6 0 0 is attached"),
    ):
        ann.press("5").hears("other ticket").press(keyed).hears(said).hears(MENU)
    ann.press("5").hears("as many tickets as it may have").hears(MENU).press("1")
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)
    with reading(line.engine) as connection:
        call = find_call(connection, line.the_call().call_sid)
        assert call is not None
        assert tickets_of(connection, call) == ["100100", "100400", "100600"]
    attached = happened(line, Happened.TICKET_ATTACHED)
    assert [entry.detail["ticket"] for entry in attached] == ["100400", "100600"]


def test_a_desk_that_is_down_attaches_nothing_and_no_key_is_the_menu(line: LineUnderTest) -> None:
    _, ann = call_in_room(line)
    line.desk.down = True

    steps_out(ann).press("5").hears("other ticket").press("100400#")
    ann.hears("cannot be looked up").hears(MENU)
    ann.press("5").hears("other ticket").hears("press 1 to go back")


@pytest.mark.parametrize("keys", [["2", "1"], ["3", "1"]])
def test_every_request_twice_and_again_at_the_end_sends_a_caller_on_once(
    line: LineUnderTest, keys: list[str]
) -> None:
    republish(line, TRANSFERS)
    line.exchange.faults.duplicate(lambda _: True, copies=2)
    caller, ann = call_in_room(line)
    line.exchange.phone(CONSULTING, "consulting").answers_by_itself()

    steps_out(ann).press(keys[0]).hears("press 1").press(keys[1]).is_left()
    line.exchange.run_for(20)
    caller.hang_up()
    line.exchange.run_for(120)
    before, dialled = rows(line.engine), len(line.exchange.ledger.of("dialed"))
    for entry in [entry for entry in line.exchange.ledger if entry["event"] == "request"]:
        line.exchange.replay(entry)
        line.exchange.run_for(1)

    assert rows(line.engine) == before
    assert len(line.exchange.ledger.of("dialed")) == dialled
    assert len(happened(line, Happened.HANDED_ON)) == 1
    assert line.violations() == []


@pytest.mark.parametrize("fault", ["500", "lost"])
def test_a_caller_whose_way_on_was_lost_at_the_carrier_gets_there(
    line: LineUnderTest, fault: str
) -> None:
    caller, ann = call_in_room(line)
    sid = caller.call_sid
    line.exchange.faults.rest(fault, path=f"/Calls/{sid}", times=6)

    steps_out(ann).press("2").hears("For VSA").press("1")

    caller.hears("you keep your place", within=120)
    line.exchange.run_for(5)
    assert len(happened(line, Happened.HANDED_ON)) == 1
