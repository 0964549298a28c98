"""The help desk's door: who may knock, what is answered, and whom that has telephoned."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from ivr.app import create_app
from ivr.store.callbacks import callback
from ivr.store.engine import reading
from routing.tickets import Ticket, TicketStatus
from tests.calling_back import asks_to_be_called_back, picks_up, post_event, raise_ticket
from tests.line import LineUnderTest, nobody_wakes

SATURDAY = datetime(2026, 3, 7, 15, 0, tzinfo=UTC)
BODY = b'{"event": "e-1", "ticket": "100100"}'


@pytest.fixture
def line(sqlite_engine: Engine, tmp_path: Path) -> LineUnderTest:
    made = LineUnderTest(sqlite_engine, tmp_path / "instance", SATURDAY)
    made.desk.put(a_ticket("100100", 1))
    made.desk.put(a_ticket("100200", 2))
    return made


def a_ticket(number: str, severity: int, phone: str | None = "+12125550177") -> Ticket:
    zone = "America/New_York"
    return Ticket(
        number, TicketStatus.OPEN, severity, "vsa", requester_zone=zone, requester_phone=phone
    )


def test_from_a_signed_event_to_a_conversation(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")

    answer = raise_ticket(line, "100100")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["callback"] == 1
    ann.rings().answer().hears("Severity 1").hears("press 1 to").press("1")
    picks_up(line.caller())
    line.exchange.run_for(5)
    assert line.caller().is_talking_to(ann)
    line.caller().hang_up()
    line.exchange.run_for(10)
    assert line.violations() == []
    assert [(each.state, each.technician) for each in line.callbacks()] == [
        ("joined", "ann@example.com")
    ]
    assert line.calls() == []


def test_the_same_event_again_gets_the_same_answer_and_calls_nobody_twice(
    line: LineUnderTest,
) -> None:
    first, again = raise_ticket(line, "100100"), raise_ticket(line, "100100")

    assert first.data == again.data
    assert raise_ticket(line, "100100", "e-2").json == first.json
    assert len(line.callbacks()) == 1


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        ("100200", "no Severity 1 outside support hours|Severity 1"),
        ("999999", "no such ticket"),
        ("100101", "no number for it that we call"),
        ("100102", "no number for it that we call"),
        ("100103", "closed"),
    ],
)
def test_what_the_rules_do_not_let_in_is_answered_with_the_reason(
    line: LineUnderTest, ticket: str, why: str
) -> None:
    line.desk.put(a_ticket("100101", 1, phone=None))
    line.desk.put(a_ticket("100102", 1, phone="+19005550177"))
    line.desk.put(replace(a_ticket("100103", 1), status=TicketStatus.CLOSED))

    answer = raise_ticket(line, ticket)

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["callback"] is None
    assert any(each in answer.json["reason"] for each in why.split("|"))
    assert line.callbacks() == []


def test_in_support_hours_customers_call_us(sqlite_engine: Engine, tmp_path: Path) -> None:
    noon = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    line = LineUnderTest(sqlite_engine, tmp_path / "instance", noon)
    line.desk.put(a_ticket("100100", 1))

    answer = raise_ticket(line, "100100")

    assert answer.json is not None
    assert answer.json["callback"] is None
    assert "outside support hours" in answer.json["reason"]


def test_a_desk_that_is_down_is_asked_again_by_the_same_event(line: LineUnderTest) -> None:
    line.desk.down = True
    assert raise_ticket(line, "100100").status_code == 503

    line.desk.down = False
    assert raise_ticket(line, "100100").json is not None
    assert len(line.callbacks()) == 1


@pytest.mark.parametrize("seconds_ago", [301, -301])
def test_an_event_of_another_time_is_refused(line: LineUnderTest, seconds_ago: int) -> None:
    answer = post_event(line, BODY, seconds_ago=seconds_ago)

    assert (answer.status_code, answer.data) == (403, b"")
    assert line.callbacks() == []


@pytest.mark.parametrize("seconds_ago", [299, -299])
def test_clocks_may_differ_by_less_than_five_minutes(line: LineUnderTest, seconds_ago: int) -> None:
    assert post_event(line, BODY, seconds_ago=seconds_ago).status_code == 200


def test_another_secret_is_refused(line: LineUnderTest) -> None:
    assert post_event(line, BODY, secret="secret-of-somebody-else").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Supportline-Timestamp": "1772895600"},
        {"X-Supportline-Timestamp": "soon", "X-Supportline-Signature": "0"},
        {"X-Supportline-Timestamp": "\u0661", "X-Supportline-Signature": "\u0661"},
    ],
)
def test_an_unsigned_event_is_refused(line: LineUnderTest, headers: dict[str, str]) -> None:
    sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = line.app.test_client().post("/hooks/help-desk", data=BODY, headers=sent)

    assert (answer.status_code, answer.data) == (403, b"")


def test_both_secrets_are_accepted_while_one_replaces_the_other(line: LineUnderTest) -> None:
    settings = replace(
        line.settings, help_desk_secrets=("the-secret-that-comes", "secret-of-the-help-desk")
    )
    line.app = create_app(replace(line.services, settings=settings), nobody_wakes)

    assert post_event(line, BODY).status_code == 200
    assert post_event(line, BODY, secret="the-secret-that-comes").status_code == 200


def test_without_a_secret_there_is_no_door(line: LineUnderTest) -> None:
    settings = replace(line.settings, help_desk_secrets=())
    line.app = create_app(replace(line.services, settings=settings), nobody_wakes)

    assert post_event(line, BODY, secret="").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"event": "e-1"}',
        b'{"event": "e-1", "ticket": 100100}',
        b'{"event": "e-1", "ticket": "1001x0"}',
        b'{"event": "", "ticket": "100100"}',
        b'{"event": "e 1", "ticket": "100100"}',
        b'{"event": "e-1", "ticket": "100100", "number": "+12125550199"}',
        b'{"event": "e-1", "ticket": "100100", "ticket": "100200"}',
        b"[" * 30_000,
        b"\xff\xfe",
    ],
)
def test_another_body_is_refused_with_a_sentence(line: LineUnderTest, body: bytes) -> None:
    answer = post_event(line, body)

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"].endswith(".")


def test_a_body_that_is_too_large_is_not_read(line: LineUnderTest) -> None:
    body = json.dumps({"event": "e-1", "ticket": "1" * 70_000}).encode()

    assert post_event(line, body).status_code == 413


def test_severity_1_does_not_wait_behind_what_the_customer_asked_for_before(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    evening = datetime(2026, 3, 6, 23, 50, tzinfo=UTC)  # Friday, ten minutes before hours end
    line = LineUnderTest(sqlite_engine, tmp_path / "instance", evening)
    line.desk.put(a_ticket("100100", 1))
    line.desk.put(a_ticket("100300", 3))
    asks_to_be_called_back(line, line.caller(), "100300")
    line.exchange.run_for(10 * 60)

    raise_ticket(line, "100100")

    assert [(each.ticket, each.state) for each in line.callbacks()] == [
        ("100300", "cancelled"),
        ("100100", "waiting"),
    ]
    ann = line.technician("ann", "+12125550101")
    ann.rings().answer().hears("Severity 1")
    with reading(line.engine) as connection:
        assert connection.execute(select(func.count()).select_from(callback)).scalar_one() == 2
    assert line.violations() == []
