"""What arrives twice, late, in another order, or again after all is over changes nothing."""

import itertools
from typing import Any

import pytest
from sqlalchemy import Engine, select

from ivr.carrier.phones import Phone
from ivr.store.engine import reading
from ivr.store.metadata import metadata
from routing.tickets import Ticket, TicketStatus
from tests.ivr.test_signature import sign
from tests.line import ACCOUNT, SERVICE, LineUnderTest

NORTH_AMERICA = "+18779260001"
TICKET = Ticket("100100", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York")


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table but the heartbeats."""
    with reading(engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name != "heartbeat"
        }


def bridged_call(line: LineUnderTest) -> tuple[Phone, Phone]:
    line.desk.put(TICKET)
    ann = line.technician("ann", "+12125550101")
    caller = line.caller().dial(NORTH_AMERICA)
    caller.hears("press 4").press("4").hears("ticket number").press("100100#")
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(5)
    return caller, ann


def test_every_request_delivered_twice_is_one_call_one_ring_one_talk(line: LineUnderTest) -> None:
    line.exchange.faults.duplicate(lambda _: True, copies=2)

    caller, ann = bridged_call(line)

    assert caller.is_talking_to(ann)
    caller.hang_up()
    line.exchange.run_for(20)
    assert line.the_call().disposition == "connected"
    rings = [entry for entry in line.exchange.ledger.of("ringing") if entry["phone"] == ann.number]
    assert len(rings) == 1
    assert line.violations() == []


def test_status_callbacks_in_any_order_and_number_end_in_the_same_row(line: LineUnderTest) -> None:
    line.desk.put(TICKET)
    ends = set()
    for order in itertools.permutations(["initiated", "ringing", "in-progress", "completed"]):
        for dropped in (None, *order[:3]):
            sid = f"CA{abs(hash((order, dropped))):032x}"
            form = {
                "CallSid": sid,
                "AccountSid": ACCOUNT,
                "To": NORTH_AMERICA,
                "From": "+12125550177",
            }
            post(line, "/voice/incoming", form)
            for number, status in enumerate(order):
                if status != dropped or status == "completed":
                    post(
                        line,
                        "/voice/status",
                        {**form, "CallStatus": status, "SequenceNumber": str(number)},
                    )
            call = next(call for call in line.calls() if call.call_sid == sid)
            ends.add((call.disposition, call.outcome))

    assert ends == {("abandoned_menu", None)}


def test_every_request_of_a_finished_call_again_changes_nothing(line: LineUnderTest) -> None:
    caller, _ann = bridged_call(line)
    caller.hang_up()
    line.exchange.run_for(120)
    before, dials = rows(line.engine), len(line.exchange.ledger.of("ringing"))

    requests = [entry for entry in line.exchange.ledger if entry["event"] == "request"]
    for entry in [*requests, *reversed(requests)]:
        line.exchange.replay(entry)
        line.exchange.run_for(1)
    line.exchange.run_for(30)

    assert rows(line.engine) == before
    assert len(line.exchange.ledger.of("ringing")) == dials


def test_the_same_turn_again_is_answered_byte_for_byte(line: LineUnderTest) -> None:
    form = {"CallSid": "CA" + "7" * 32, "AccountSid": ACCOUNT, "To": NORTH_AMERICA, "From": "x"}
    first = post(line, "/voice/incoming", form)
    turn = f"/voice/calls/{form['CallSid']}/turns/1"
    keyed = post(line, turn, {**form, "Digits": "4"})

    assert post(line, "/voice/incoming", form) == first
    assert post(line, turn, {**form, "Digits": "4"}) == keyed
    assert post(line, turn, {**form, "Digits": "9"}) == keyed


def test_a_turn_that_is_not_next_leads_back_and_changes_nothing(line: LineUnderTest) -> None:
    form = {"CallSid": "CA" + "8" * 32, "AccountSid": ACCOUNT, "To": NORTH_AMERICA, "From": "x"}
    first = post(line, "/voice/incoming", form)

    answer = post(line, f"/voice/calls/{form['CallSid']}/turns/5", {**form, "Digits": "4"})

    assert answer == first


def test_a_call_that_has_ended_is_told_to_hang_up(line: LineUnderTest) -> None:
    form = {"CallSid": "CA" + "9" * 32, "AccountSid": ACCOUNT, "To": NORTH_AMERICA, "From": "x"}
    post(line, "/voice/incoming", form)
    post(line, "/voice/status", {**form, "CallStatus": "completed"})

    answer = post(line, f"/voice/calls/{form['CallSid']}/turns/1", {**form, "Digits": "4"})

    assert answer.endswith(b"<Response><Hangup /></Response>")


@pytest.mark.parametrize("fault", ["drop", "lose_reply"])
def test_a_lost_status_callback_of_a_technician_frees_them_all_the_same(
    line: LineUnderTest, fault: str
) -> None:
    getattr(line.exchange.faults, fault)(lambda request: request.url.endswith("/status"))
    caller, ann = bridged_call(line)

    ann.hang_up()
    line.exchange.run_for(90)

    assert not caller.on_a_call
    assert line.technician_states() == {"ann@example.com": "available"}


def post(line: LineUnderTest, path: str, form: dict[str, str]) -> bytes:
    headers = {"X-Twilio-Signature": sign(SERVICE + path, form)}
    response = line.app.test_client().post(path, data=form, headers=headers)
    assert response.status_code == 200, response.data
    return bytes(response.data)
