"""Callbacks through the simulated carrier: asked for in the queue, made by a technician."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from ivr.acd import callbacks
from ivr.acd.callback_records import read_callback
from ivr.callback_requests import cancel
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.publishing import live, publish
from ivr.store.acd import queued_call
from ivr.store.callbacks import callback
from ivr.store.engine import reading, writing
from routing.tickets import Ticket, TicketStatus
from tests.calling_back import NORTH_AMERICA, accepts, asks_to_be_called_back, picks_up
from tests.line import LineUnderTest


@pytest.fixture(autouse=True)
def tickets(line: LineUnderTest) -> Iterator[None]:
    try_again_after_one_minute(line)
    for number, severity in (("100100", 1), ("100300", 3), ("100400", 3)):
        line.desk.put(
            Ticket(number, TicketStatus.OPEN, severity, "vsa", requester_zone="America/New_York")
        )
    yield
    line.exchange.run_for(5)
    assert line.violations() == []


def try_again_after_one_minute(line: LineUnderTest) -> None:
    files = dict(read_directory(PROJECT_DIRECTORY))
    files["line.yaml"] = files["line.yaml"].replace("retry_minutes: 15", "retry_minutes: 1")
    with writing(line.engine) as connection:
        publish(connection, files, "retries sooner", "tests", line.exchange.clock())


def test_a_caller_presses_2_and_talks_to_a_technician_later(line: LineUnderTest) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller)
    assert line.the_call().disposition == "callback_requested"
    assert line.the_call().callback_id == 1

    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    picks_up(caller)
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    caller.hang_up()
    ann.is_left()
    line.exchange.run_for(5)
    assert line.technician_states() == {"ann@example.com": "wrap_up"}
    assert len(line.calls()) == 1


def test_the_customer_who_does_not_answer_is_called_again_later(line: LineUnderTest) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller)
    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    caller.rings()

    ann.hears("customer did not answer", within=60).is_left()
    line.exchange.run_for(5)
    assert line.technician_states() == {"ann@example.com": "available"}
    assert not caller.ringing

    line.exchange.run_for(30)
    assert not ann.ringing
    accepts(ann, within=150)
    picks_up(caller)
    line.exchange.run_for(5)
    assert caller.is_talking_to(ann)
    caller.hang_up()


@pytest.mark.parametrize("how", ["busy", "unreachable", "machine", "rejects", "hangs up"])
def test_whatever_is_no_customer_is_tried_three_times_and_people_are_told(
    line: LineUnderTest, how: str
) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller)
    ann = line.technician("ann", "+12125550101")
    if how == "busy":
        caller.is_busy()
    if how == "unreachable":
        caller.is_unreachable()
    if how == "machine":
        caller.voicemail_greets("This is Pat. Leave a message.")

    for _ in range(3):
        accepts(ann, within=150)
        if how == "rejects":
            caller.rings().reject()
        if how == "hangs up":
            caller.rings().answer().hears("technical support").hang_up()
        ann.hears("customer did not answer", within=90).is_left()
    line.exchange.run_for(90)

    assert len(line.exchange.ledger.of("ringing", phone=ann.number)) == 3
    assert line.technician_states() == {"ann@example.com": "available"}
    (letter,) = line.mail.sent
    assert letter[1].startswith("The callback about ticket 100300 was given up: not reached")


def test_a_technician_who_is_lost_gives_the_place_back_and_the_customers_phone_falls_silent(
    line: LineUnderTest,
) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller)
    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    caller.rings()

    ann.hang_up()
    line.exchange.run_for(5)

    assert not caller.ringing
    tom = line.technician("tom", "+12125550102")
    while not (ann.ringing or tom.ringing):
        line.exchange.run_for(1)
    next_one = ann if ann.ringing else tom
    accepts(next_one)
    picks_up(caller)
    line.exchange.run_for(5)
    assert caller.is_talking_to(next_one)
    next_one.hang_up()
    caller.is_left(within=30)


def test_a_customer_who_presses_1_too_late_is_not_put_into_an_empty_room(
    line: LineUnderTest,
) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller)
    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    caller.rings().answer().hears("technical support")
    line.exchange.faults.rest("500", path="/Calls/", times=50)

    ann.hang_up()
    line.exchange.run_for(2)
    caller.press("1").hears("goodbye").is_left()
    line.exchange.faults.clear()


def test_a_request_that_was_lost_calls_the_customer_once(line: LineUnderTest) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller)
    ann = line.technician("ann", "+12125550101")
    ann.rings().answer().hears("press 1 to")
    line.exchange.faults.rest("lost", path="/Calls.json")
    ann.press("1")

    picks_up(caller)
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    assert len(line.exchange.ledger.of("ringing", phone=caller.number)) == 1
    caller.hang_up()


def test_another_number_is_called_when_the_caller_keyed_it(line: LineUnderTest) -> None:
    caller, mobile = line.caller(), line.exchange.phone("+12125550188", "mobile")
    caller.dial(NORTH_AMERICA).hears("press 4").press("4").hears("ticket number")
    caller.press("100300#").hears("To be called back", within=90).press("2")
    caller.hears("to call you back is").press("2").hears("enter the telephone number")
    caller.press("212 555 0188#".replace(" ", "")).hears("2 1 2 5 5 5 0 1 8 8").press("1").is_left()

    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    picks_up(mobile)
    line.exchange.run_for(5)
    assert mobile.is_talking_to(ann)
    mobile.hang_up()


def test_when_hours_end_the_callback_waits_for_the_next_day_and_keeps_its_place(
    line: LineUnderTest,
) -> None:
    asks_to_be_called_back(line, line.caller())
    with writing(line.engine) as connection:
        # As if it had been asked for in the last minute: the hours that end are looked at now.
        evening = datetime(2026, 3, 5, 0, 1, tzinfo=UTC)
        configuration = live(connection).configuration
        (made,) = connection.execute(select(callback)).all()
        callbacks.wait(connection, read_callback(made), configuration, evening, evening)

    ann = line.technician("ann", "+12125550101")
    line.exchange.run_for(30)

    assert not ann.ringing
    with reading(line.engine) as connection:
        (waits,) = connection.execute(select(queued_call)).all()[1:]
    assert waits.not_before == datetime(2026, 3, 5, 13, 0, tzinfo=UTC)  # 8 in New York


def test_a_callback_that_nobody_can_make_is_given_up_and_people_are_told(
    line: LineUnderTest,
) -> None:
    asks_to_be_called_back(line, line.caller())

    with writing(line.engine) as connection:
        soon = line.exchange.clock()
        connection.execute(update(callback).values(expires_at=soon, due_at=soon))
    line.exchange.run_for(5)

    (letter,) = line.mail.sent
    assert "nobody could make it in time" in letter[1]


def cancels(line: LineUnderTest) -> bool:
    with writing(line.engine) as connection:
        return cancel(connection, 1, line.exchange.clock(), "tests")


def test_a_callback_that_is_cancelled_is_made_no_more(line: LineUnderTest) -> None:
    asks_to_be_called_back(line, line.caller())
    ann = line.technician("ann", "+12125550101")
    ann.rings()

    assert cancels(line)
    line.exchange.run_for(5)

    assert not ann.ringing
    assert line.technician_states() == {"ann@example.com": "available"}
    assert not cancels(line)


def test_when_it_is_cancelled_the_customers_phone_falls_silent_and_the_technician_is_told(
    line: LineUnderTest,
) -> None:
    asks_to_be_called_back(line, line.caller())
    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    line.caller().rings()

    assert cancels(line)

    ann.hears("did not answer").is_left()
    assert not line.caller().ringing
    line.exchange.run_for(5)
    assert line.technician_states() == {"ann@example.com": "available"}
