"""`ivr supervise`: who may hear a call, and by which telephone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from ivr.cli import main
from ivr.store.engine import reading
from ivr.store.rooms import guest
from tests.ivr.rooming import call_in_room
from tests.line import LineUnderTest

Ivr = Callable[..., Result]
SUE = "+12125550190"


@pytest.fixture
def ivr(line: LineUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    """The command line of a line with one call in its room, and Sue, who may listen."""
    call_in_room(line)
    line.technician("sue", SUE)
    monkeypatch.setenv("INSTANCE", str(line.settings.instance))
    monkeypatch.setenv("DATABASE_URL", line.settings.database_url)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_a_supervisor_is_rung_into_a_call(ivr: Ivr, line: LineUnderTest) -> None:
    sid = line.the_call().call_sid
    who = ("--who", "sue@example.com")

    result = ivr("supervise", sid, "--as", "whisper", "--phone", SUE, *who, "--json")

    told = json.loads(result.stdout)
    assert (told["call_sid"], told["as"], told["phone"]) == (sid, "whisper", SUE)
    with reading(line.engine) as connection:
        row = connection.execute(select(guest)).one()
    assert (row.id, row.role, row.state) == (told["guest"], "whisper", "pending")


def test_what_cannot_be_done_is_a_sentence_and_rings_nobody(ivr: Ivr, line: LineUnderTest) -> None:
    sid = line.the_call().call_sid

    stranger = ivr("supervise", sid, "--as", "join", "--phone", "+12125550199")
    nowhere = ivr("supervise", "CA404", "--as", "join", "--phone", SUE)
    manager = ivr("supervise", sid, "--as", "duty_manager", "--phone", SUE)

    assert (stranger.exit_code, nowhere.exit_code, manager.exit_code) == (1, 1, 2)
    assert "is not the telephone of any technician" in stranger.output
    assert "There is no call CA404" in nowhere.output
    with reading(line.engine) as connection:
        assert connection.execute(select(guest)).all() == []
