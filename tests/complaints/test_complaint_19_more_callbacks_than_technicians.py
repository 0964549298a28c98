"""Complaint 19: more callbacks are launched than there are agents, and one caller gets several.

Naive: customers are dialled first, on the guess that somebody will be free; and each request, from
each call, is a callback of its own.
"""

import pytest
from sqlalchemy import func, select

from ivr.acd.callbacks import CALL_CUSTOMER
from ivr.carrier.phones import Phone
from ivr.store.acd import outbox
from ivr.store.callbacks import callback
from ivr.store.engine import reading
from routing.tickets import Ticket, TicketStatus
from tests.calling_back import accepts, asks_to_be_called_back, picks_up
from tests.line import LineUnderTest

TICKETS = ("100300", "100301", "100302")


@pytest.fixture(autouse=True)
def tickets(line: LineUnderTest) -> None:
    for number in TICKETS:
        line.desk.put(Ticket(number, TicketStatus.OPEN, 3, requester_zone="America/New_York"))


def customers(line: LineUnderTest) -> list[Phone]:
    return [line.exchange.phone(f"+1212555018{n}", f"customer {n}") for n in range(3)]


def test_no_customer_rings_before_a_technician_has_accepted(line: LineUnderTest) -> None:
    for phone, ticket in zip(customers(line), TICKETS, strict=True):
        asks_to_be_called_back(line, phone, ticket)
    ann = line.technician("ann", "+12125550101")

    ann.rings().answer().hears("press 1 to")
    assert not any(phone.ringing for phone in customers(line))
    ann.press("1").hears("calling the customer now")
    line.exchange.run_for(5)

    assert [phone.ringing for phone in customers(line)] == [True, False, False]
    customers(line)[0].answer().hears("Press 1 to be connected").press("1")
    line.exchange.run_for(30)
    assert [phone.ringing for phone in customers(line)] == [False, False, False]
    assert line.violations() == []


def test_a_caller_who_asks_again_is_called_once_and_keeps_the_first_place(
    line: LineUnderTest,
) -> None:
    caller = line.caller()
    asks_to_be_called_back(line, caller, "100300")
    asks_to_be_called_back(line, caller, "100301")
    other = customers(line)[0]
    asks_to_be_called_back(line, other, "100300")

    assert [call.callback_id for call in line.calls()] == [1, 1, 1]
    with reading(line.engine) as connection:
        (only,) = connection.execute(select(callback)).all()
    assert only.asked_in == line.calls()[0].call_sid

    # About the same ticket the number confirmed last is the one to call.
    ann = line.technician("ann", "+12125550101")
    accepts(ann)
    picks_up(other)
    line.exchange.run_for(60)
    assert other.is_talking_to(ann)
    assert not caller.ringing
    with reading(line.engine) as connection:
        rung = select(func.count()).where(outbox.c.kind == CALL_CUSTOMER)
        assert connection.execute(rung).scalar_one() == 1
    assert line.violations() == []
