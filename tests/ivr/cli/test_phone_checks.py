"""`ivr technicians check`: what is rung, waited for, said, and with which end."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from ivr.acd.phone_checks import find_check, settle
from ivr.acd.technicians import move, technician_by_email, upsert_technician
from ivr.cli.technicians import technicians
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.distribution import WORKER
from ivr.publishing import publish
from ivr.store.acd import outbox
from ivr.store.engine import reading, writing
from ivr.store.messages import heartbeat
from ivr.store.phone_checks import CheckState, phone_check
from ivr.store.statements import insert_once
from ivr.store.technicians import TechnicianState
from tests.line import a_technician_row

ANN, TOM = "ann@example.com", "tom@example.com"

Check = Callable[..., Result]


@pytest.fixture
def check(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The command, with Ann and Tom known and no worker running."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    now = datetime.now(UTC)
    with writing(engine) as connection:
        publish(connection, read_directory(PROJECT_DIRECTORY), "first edition", "tests", now)
        for number, name in enumerate(("ann", "tom"), start=1):
            upsert_technician(connection, a_technician_row(name, f"+1212555010{number}"), now)
    return lambda *words: CliRunner().invoke(technicians, ["check", *words])


def worker_comes_to(engine: Engine, monkeypatch: pytest.MonkeyPatch, state: CheckState) -> None:
    """A worker that brings every check to this, while the command waits."""
    with writing(engine) as connection:
        insert_once(connection, heartbeat, {"job": WORKER, "at": datetime.now(UTC)})

    def settle_all(_seconds: float) -> None:
        with writing(engine) as connection:
            for check_id in connection.execute(select(phone_check.c.id)).scalars().all():
                found = find_check(connection, check_id)
                assert found is not None
                settle(connection, found, state, datetime.now(UTC))

    monkeypatch.setattr("ivr.cli.phone_checks.time.sleep", settle_all)


def test_a_phone_that_is_reachable_ends_well_and_is_seen_in_the_list(
    check: Check, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_comes_to(engine, monkeypatch, CheckState.REACHABLE)

    ended = check(ANN, "--json")

    assert ended.exit_code == 0
    told = json.loads(ended.stdout)
    assert (told["email"], told["phone"], told["state"]) == (ANN, "+12125550101", "reachable")
    listed = CliRunner().invoke(technicians, ["list"]).stdout
    assert "reachable at the last check" in listed
    as_json = CliRunner().invoke(technicians, ["list", "--json"]).stdout.splitlines()
    assert [json.loads(line)["phone_check"] is None for line in as_json] == [False, True]


def test_one_phone_that_is_not_is_enough_to_end_badly(
    check: Check, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_comes_to(engine, monkeypatch, CheckState.NO_KEY)

    ended = check("--all")

    assert ended.exit_code == 1
    assert ended.stdout.count("no_key  It was answered and no key was pressed") == 2


def test_without_a_worker_it_says_so_and_the_check_stands(check: Check, engine: Engine) -> None:
    ended = check(ANN)

    assert ended.exit_code == 1
    assert "No worker is running" in ended.stderr
    assert "pending" in ended.stdout
    with reading(engine) as connection:
        assert connection.execute(select(outbox.c.kind)).scalars().all() == ["check_phone"]


def test_who_is_on_a_call_is_left_out_of_all_and_refused_alone(
    check: Check, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_comes_to(engine, monkeypatch, CheckState.REACHABLE)
    now, steps = datetime.now(UTC), ("offline", "available", "reserved", "on_call")
    with writing(engine) as connection:
        tom = technician_by_email(connection, TOM)
        for was, becomes in zip(steps, steps[1:], strict=False):
            move(connection, tom.id, TechnicianState(was), TechnicianState(becomes), now)

    everybody, alone = check("--all"), check(TOM)

    assert (everybody.exit_code, len(everybody.stdout.splitlines())) == (0, 1)
    assert "tom has a call" in everybody.stderr
    assert alone.exit_code == 1
    assert "tom has a call" in alone.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "Name one technician"),
        ([ANN, "--all"], "Name one technician"),
        (["nobody@example.com"], "There is no technician"),
    ],
)
def test_what_cannot_be_checked_is_refused(check: Check, words: list[str], why: str) -> None:
    ended = check(*words)

    assert ended.exit_code != 0
    assert why in ended.stderr
