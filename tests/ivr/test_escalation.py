"""Callers nobody free can take: people on call are rung, and the chain always ends."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from ivr.acd.builtin import distribute
from ivr.acd.technicians import ask_for_state
from ivr.carrier.phones import Phone
from ivr.journal import Happened, entries
from ivr.store.engine import reading, writing
from ivr.store.messages import alarm
from ivr.store.technicians import TechnicianState
from routing.tickets import Ticket, TicketStatus
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.line import LineUnderTest

DUBLIN = "+35315262938"
# On call for Severity 1 at that hour, and the duty managers, in their order.
SAM, MAYA = ("sam.whitfield", "+12125550102"), ("maya.torres", "+14155550101")
PIETER, NGAIRE = ("pieter.dewit", "+441164960105"), ("ngaire.scott", "+13105550108")
LONGEST_WAIT = 600


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """A line on a Wednesday at noon in New York, on both databases."""
    line = LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON, worker_seconds=2)
    for number, severity in (("100100", 1), ("100300", 3)):
        line.desk.put(
            Ticket(number, TicketStatus.OPEN, severity, "vsa", requester_zone="America/New_York")
        )
    return line


def everybody_on_call(line: LineUnderTest) -> list[Phone]:
    return [line.off_shift(*person) for person in (SAM, MAYA, PIETER, NGAIRE)]


def queue_a_caller(line: LineUnderTest, ticket: str = "100100") -> Phone:
    caller = line.caller().dial(DUBLIN).hears("ticket number").press(f"{ticket}#")
    return caller.hears("connect you")


def rings(line: LineUnderTest) -> list[str]:
    """Which telephones of technicians rang, in order."""
    return [entry["phone"] for entry in line.exchange.ledger.of("ringing")]


def whys(line: LineUnderTest) -> list[str]:
    with reading(line.engine) as connection:
        journal = entries(connection, line.calls()[-1].call_sid)
    return [str(each.detail["why"]) for each in journal if each.what is Happened.OFFERED]


def alarms(line: LineUnderTest) -> dict[str, str]:
    with reading(line.engine) as connection:
        rows = connection.execute(select(alarm.c.about, alarm.c.sentence))
        return {row.about: row.sentence for row in rows}


def test_somebody_on_call_is_rung_while_offline_and_is_offline_afterwards(
    line: LineUnderTest,
) -> None:
    sam, *_others = everybody_on_call(line)

    caller = queue_a_caller(line)
    sam.rings().answer().hears("Severity 1").hears("press 1 to accept").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(sam)
    assert line.technician_states()["sam.whitfield@example.com"] == "on_call"
    caller.hang_up()
    line.exchange.run_for(90)
    assert line.the_call().disposition == "connected"
    assert line.technician_states()["sam.whitfield@example.com"] == "offline"
    (why,) = whys(line)
    assert why.endswith("so step 1 of the escalation: on call by rota severity-1.")
    assert line.violations() == []


def test_somebody_on_call_is_rung_on_a_break_and_is_on_the_same_break_afterwards(
    line: LineUnderTest,
) -> None:
    sam, *_others = everybody_on_call(line)
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        state = TechnicianState.ON_BREAK
        ask_for_state(connection, "sam.whitfield@example.com", state, now=now, until=now)

    queue_a_caller(line)
    sam.rings().answer().hears("press 1").press("2")
    line.exchange.run_for(3)

    assert line.technician_states()["sam.whitfield@example.com"] == "on_break"
    assert line.violations() == []


def test_whoever_is_free_comes_before_those_on_call(line: LineUnderTest) -> None:
    everybody_on_call(line)
    ann = line.technician("ann", "+12125550199")

    caller = queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    assert rings(line) == [ann.number]


def test_somebody_on_call_is_rung_also_for_what_they_are_not_asked_otherwise(
    line: LineUnderTest,
) -> None:
    sam = line.technician(*SAM, severities=frozenset({4}))

    caller = queue_a_caller(line)
    sam.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(sam)
    caller.hang_up()
    line.exchange.run_for(10)
    assert line.technician_states()["sam.whitfield@example.com"] == "wrap_up"
    assert line.violations() == []


def test_severity_1_nobody_accepts_climbs_by_itself_to_the_duty_manager(
    line: LineUnderTest,
) -> None:
    sam, maya, pieter, _ngaire = everybody_on_call(line)

    caller = queue_a_caller(line)
    sam.rings().answer().hears("press 1").press("2")
    maya.rings()
    pieter.rings(within=60).answer().hears("press 1").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(pieter)
    assert rings(line) == [sam.number, maya.number, pieter.number]
    assert "step 2 of the escalation: on call by rota duty-manager" in whys(line)[-1]
    assert line.violations() == []


def test_nobody_of_a_step_keeps_the_caller_from_the_next(line: LineUnderTest) -> None:
    """Sam is no technician any more, and Maya is on a call: the duty manager rings at once."""
    maya = line.technician(*MAYA)
    pieter = line.off_shift(*PIETER)
    queue_a_caller(line, "100300")
    maya.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(5)

    other = line.exchange.phone("+12125550188", "other")
    other.dial(DUBLIN).hears("ticket number").press("100100#").hears("connect you")
    pieter.rings(within=10).answer().hears("press 1").press("1")
    line.exchange.run_for(5)

    assert other.is_talking_to(pieter)
    assert (
        "sam.whitfield@example.com is on call by rota severity-1, but is no technician"
        in (alarms(line)["on call:severity-1:sam.whitfield@example.com"])
    )
    assert line.violations() == []


def test_a_caller_of_a_queue_without_a_chain_wakes_nobody(line: LineUnderTest) -> None:
    everybody_on_call(line)

    queue_a_caller(line, "100300")
    line.exchange.run_for(120)

    assert rings(line) == []


def ends_in_voicemail(line: LineUnderTest, caller: Phone, began: datetime) -> None:
    """The caller is asked for a message within the longest wait, and people hear of it."""
    caller.hears("after the tone", within=LONGEST_WAIT + 60)
    waited = line.exchange.clock() - began
    assert waited <= timedelta(seconds=LONGEST_WAIT + 60)
    caller.hears("[beep]").speak("Please call us back, all of it is down.").hang_up()
    line.exchange.run_for(90)
    assert line.the_call().disposition == "voicemail"
    assert (
        "Nobody answered a caller of Severity 1: Severity 1, ticket 100100"
        in (alarms(line)["unanswered:severity-1"])
    )
    told = [
        (to, body) for to, subject, body in line.mail.sent if subject.startswith("Nobody answered")
    ]
    assert [to for to, _body in told] == [["severity-1@support.example.com"]]
    assert alarms(line)["unanswered:severity-1"] in told[0][1]
    assert_never_silent(caller)
    assert line.violations() == []


def assert_never_silent(caller: Phone) -> None:
    """From the connection to the tone, something is heard at least every half minute."""
    heard = [
        datetime.fromisoformat(event["at"]) for event in caller.events if event["event"] == "heard"
    ]
    gaps = [after - before for before, after in zip(heard, heard[1:], strict=False)]
    assert max(gaps) <= timedelta(seconds=30)


def test_without_any_technician_at_all_the_caller_reaches_voicemail(line: LineUnderTest) -> None:
    began = line.exchange.clock()
    caller = queue_a_caller(line)

    ends_in_voicemail(line, caller, began)

    assert "Tried: nobody, for nobody could be rung." in alarms(line)["unanswered:severity-1"]


def test_with_everybody_refusing_the_caller_reaches_voicemail(line: LineUnderTest) -> None:
    phones = [*everybody_on_call(line), line.technician("ann", "+12125550199")]
    began = line.exchange.clock()
    caller = queue_a_caller(line)

    def refuse() -> None:
        for phone in phones:
            if phone.ringing:
                phone.answer().press("www2")

    line.exchange.every(1, refuse)
    ends_in_voicemail(line, caller, began)

    assert {phone.number for phone in phones} == set(rings(line))
    assert "sam.whitfield refused (" in alarms(line)["unanswered:severity-1"]


@pytest.mark.parametrize("how", ["is_unreachable", "is_busy", "does_not_answer", "voicemail"])
def test_with_every_phone_dead_the_caller_reaches_voicemail(line: LineUnderTest, how: str) -> None:
    phones = [*everybody_on_call(line), line.technician("ann", "+12125550199")]
    for phone in phones:
        if how == "voicemail":
            phone.voicemail_greets("Leave a message after the tone, please.")
        else:
            getattr(phone, how)()
    began = line.exchange.clock()
    caller = queue_a_caller(line)

    ends_in_voicemail(line, caller, began)

    told = alarms(line)["unanswered:severity-1"]
    assert all(f"{phone.name} did not take it" in told for phone in phones)


def test_each_is_rung_again_after_a_pause_while_the_caller_waits(line: LineUnderTest) -> None:
    sam, maya, pieter, ngaire = everybody_on_call(line)
    began = line.exchange.clock()
    queue_a_caller(line)
    line.exchange.run_for(LONGEST_WAIT)

    rang: dict[str, list[datetime]] = {}
    for entry in line.exchange.ledger.of("ringing"):
        rang.setdefault(entry["phone"], []).append(datetime.fromisoformat(entry["at"]))
    assert set(rang) == {sam.number, maya.number, pieter.number, ngaire.number}
    assert max(times[0] for times in rang.values()) - began < timedelta(seconds=150)
    for times in rang.values():
        assert len(times) > 1
        assert all(
            later - earlier >= timedelta(seconds=120)
            for earlier, later in zip(times, times[1:], strict=False)
        )


def test_while_no_caller_waits_in_a_queue_with_a_chain_nothing_on_call_is_looked_at(
    line: LineUnderTest,
) -> None:
    everybody_on_call(line)
    queue_a_caller(line, "100300")
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(line.engine, "before_cursor_execute", note)
    with writing(line.engine) as connection:
        distribute(connection, line.configuration, line.exchange.clock())
    event.remove(line.engine, "before_cursor_execute", note)

    assert not [statement for statement in asked if "on_call_override" in statement]
    assert len([statement for statement in asked if "FROM queued_call" in statement]) == 1
