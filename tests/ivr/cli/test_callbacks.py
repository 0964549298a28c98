"""`ivr callbacks`: seeing, cancelling and asking for callbacks."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.cli import main
from routing.tickets import Ticket, TicketStatus
from tests.calling_back import asks_to_be_called_back
from tests.line import LineUnderTest

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(line: LineUnderTest, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("INSTANCE", str(line.settings.instance))
    monkeypatch.setenv("DATABASE_URL", line.settings.database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def asked(line: LineUnderTest) -> None:
    line.desk.put(Ticket("100300", TicketStatus.OPEN, 3, requester_zone="America/New_York"))
    asks_to_be_called_back(line, line.caller())


def objects(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("asked")
def test_a_callback_is_a_line(ivr: Ivr, line: LineUnderTest) -> None:
    (found,) = objects(ivr("callbacks", "list", "--json"))

    assert (found["id"], found["ticket"], found["number"]) == (1, "100300", "+12125550177")
    assert (found["origin"], found["state"], found["attempts"]) == ("caller", "waiting", 0)
    assert found["asked_in"] == line.the_call().call_sid
    assert "ticket 100300  +12125550177" in ivr("callbacks", "list").stdout
    assert objects(ivr("calls", "--json"))[0]["callback_id"] == 1


@pytest.mark.usefixtures("asked")
def test_a_callback_is_cancelled_once(ivr: Ivr, line: LineUnderTest) -> None:
    told = objects(ivr("callbacks", "cancel", "1", "--yes", "--json"))

    assert told == [{"id": 1, "changed": True}]
    assert "Callback 1 was settled before." in ivr("callbacks", "cancel", "1").stdout
    assert "cancelled" in ivr("callbacks", "list").stdout
    assert line.violations() == []


def test_what_cannot_be_done_is_said(ivr: Ivr) -> None:
    assert "There is no callback 7" in ivr("callbacks", "cancel", "7").stderr
    refused = ivr("callbacks", "request", "--ticket", "100300")
    assert "Nobody will be telephoned. The help desk has no such ticket." in refused.stderr
    assert refused.exit_code == 1
