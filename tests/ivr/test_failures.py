"""When something of ours fails or is late, the caller hears a sentence and the call has an end."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NoReturn

import pytest

from ivr.app import create_app
from ivr.desks.memory import DeskInMemory
from routing.tickets import Ticket, TicketStatus
from tests.ivr.test_repeats import post
from tests.ivr.test_signature import sign
from tests.line import ACCOUNT, SERVICE, LineUnderTest, nobody_wakes

DUBLIN = "+35315262938"
TICKET = Ticket("100100", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York")


class BrokenDesk(DeskInMemory):
    """A help desk that breaks its promise never to raise."""

    def find(self, number: str) -> NoReturn:
        raise RuntimeError(f"no luck with {number}")


def break_desk(line: LineUnderTest) -> None:
    services = replace(line.services, desk=BrokenDesk())
    line.app = create_app(services, nobody_wakes)


def test_a_caller_of_a_broken_line_hears_an_apology_and_leaves_a_message(
    line: LineUnderTest,
) -> None:
    break_desk(line)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100100#")

    caller.hears("leave a message").hears("beep")
    caller.speak("Our server is down.", seconds=6).press("#").hears("Goodbye")

    line.exchange.run_for(30)
    assert line.the_call().disposition == "system_fallback"
    assert line.the_call().voicemail_id is not None
    assert line.violations() == []


def test_a_call_only_the_fallback_ever_saw_has_its_disposition_too(line: LineUnderTest) -> None:
    form = {"CallSid": "CA" + "5" * 32, "AccountSid": ACCOUNT, "To": DUBLIN, "From": "+12125550177"}

    answer = post(line, "/voice/fallback", {**form, "ErrorCode": "11200"})

    assert b"<Record" in answer
    assert line.the_call().disposition == "system_fallback"


def test_a_technician_whose_document_never_came_hears_a_sentence_and_no_call_is_made_of_it(
    line: LineUnderTest,
) -> None:
    line.desk.put(TICKET)
    ann = line.technician("ann", "+12125550101")
    line.caller().dial(DUBLIN).hears("ticket number").press("100100#")
    ann.rings()
    tom = line.technician("tom", "+12125550102")
    line.exchange.faults.drop(lambda request: request.url.partition("#")[0].endswith("/keys/0"))

    ann.answer().hears("press 1 to accept").press("1")
    ann.hears("something went wrong", within=60).is_left()

    line.exchange.faults.clear()
    tom.rings().answer().hears("press 1 to accept").press("1")
    line.exchange.run_for(5)
    assert line.the_call().technician == "tom@example.com"
    assert line.caller().is_talking_to(tom)


def test_a_callback_that_could_not_be_kept_is_refused_so_that_it_comes_again(
    line: LineUnderTest,
) -> None:
    form = {"CallSid": "CA" + "5" * 32, "AccountSid": ACCOUNT, "CallStatus": "completed"}
    line.engine.dispose()
    services = replace(line.services, clock=broken_clock)
    client = create_app(services, nobody_wakes).test_client()
    headers = {"X-Twilio-Signature": sign(SERVICE + "/voice/status", form)}

    assert client.post("/voice/status", data=form, headers=headers).status_code == 503


def broken_clock() -> NoReturn:
    raise RuntimeError("the clock has stopped")


def test_a_technician_whose_leg_fails_is_told_so_and_the_caller_keeps_waiting(
    line: LineUnderTest,
) -> None:
    line.desk.put(TICKET)
    ann = line.technician("ann", "+12125550101")
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100100#")
    ann.rings()
    working, line.app = (
        line.app,
        create_app(replace(line.services, clock=broken_clock), nobody_wakes),
    )

    ann.answer().hears("something went wrong")
    line.app = working

    line.exchange.run_for(5)
    assert caller.on_a_call
    line.technician("tom", "+12125550102").rings(60).answer().hears("press 1").press("1")
    line.exchange.run_for(10)
    assert line.the_call().technician == "tom@example.com"


def test_a_waiting_caller_survives_a_round_that_fails(line: LineUnderTest) -> None:
    line.desk.put(TICKET)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100100#").hears("line")
    working, line.app = (
        line.app,
        create_app(replace(line.services, clock=broken_clock), nobody_wakes),
    )
    line.exchange.run_for(21)
    line.app = working
    line.exchange.run_for(30)

    ann = line.technician("ann", "+12125550101")
    ann.rings(60).answer().hears("press 1").press("1")
    line.exchange.run_for(10)

    assert caller.is_talking_to(ann)


@pytest.mark.parametrize("slow_seconds", [0.5, 1.0])
def test_a_slow_turn_says_one_moment_and_keeps_the_keys(
    line: LineUnderTest, slow_seconds: float
) -> None:
    line.desk.put(TICKET)
    line.desk.slow_seconds = slow_seconds
    with ThreadPoolExecutor(4) as turns:
        services = replace(line.services, turns=turns, patience_seconds=0.3)
        line.app = create_app(services, nobody_wakes)
        caller = line.caller().dial(DUBLIN).hears("ticket number").press("100100#")

        caller.hears("One moment please").hears("connect you", within=60)

    assert line.desk.asked == ["100100"]


def test_a_turn_that_is_late_for_ever_ends_in_an_apology(line: LineUnderTest) -> None:
    with ThreadPoolExecutor(8) as turns:
        services = replace(line.services, turns=turns, patience_seconds=0.05, desk=SleepyDesk())
        line.app = create_app(services, nobody_wakes)
        caller = line.caller().dial(DUBLIN).hears("ticket number").press("100100#")

        for _ in range(3):
            caller.hears("One moment please")
        caller.hears("We are sorry", within=60)
        caller.hang_up()
    line.exchange.run_for(10)

    assert line.the_call().disposition == "system_fallback"


class SleepyDesk(DeskInMemory):
    """A help desk that takes longer than it may."""

    def find(self, number: str) -> NoReturn:
        time.sleep(1)
        raise TimeoutError(number)


def test_a_caller_whose_end_was_never_told_is_asked_after(line: LineUnderTest) -> None:
    line.exchange.faults.drop(lambda request: request.url.endswith("/voice/status"))
    caller = line.caller().dial(DUBLIN).hears("ticket number")

    caller.hang_up()
    line.exchange.run_for(90)

    assert line.the_call().disposition == "abandoned_menu"


def test_a_recording_that_was_never_told_of_is_found(line: LineUnderTest) -> None:
    faults = line.exchange.faults
    line.desk.put(replace(TICKET, severity=3, requester_zone="Asia/Tokyo"))
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100100#").hears("beep")
    faults.drop(lambda request: "/recording" in request.url or "/turns/" in request.url)

    caller.speak("Our backups are late.", seconds=8)
    line.exchange.run_for(9)
    caller.hang_up()
    line.exchange.run_for(200)

    assert line.the_call().disposition == "voicemail"
    assert line.the_call().voicemail_id is not None
