"""Eight processes that distribute one queue at once never make a double offer."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from ivr.acd.queue import put_in_queue
from ivr.acd.technicians import ask_for_state, upsert_technician
from ivr.call_records import Call, add_call
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.configuration.loader import load_configuration
from ivr.publishing import publish
from ivr.store.acd import OfferState, offer
from ivr.store.calls import CallStage
from ivr.store.engine import reading, writing
from ivr.store.technicians import TechnicianState
from routing.matching import Skills
from tests.line import a_technician_row

PROCESSES = 8
OFFERS_EACH = 375
TECHNICIANS = 20
CALLS = 60
NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)


def fill(connection: Connection) -> None:
    """Twenty free technicians, sixty waiting calls."""
    files = read_directory(PROJECT_DIRECTORY)
    revision = publish(connection, files, "first edition", "tests", NOW).revision
    rules = load_configuration(files).matching
    until = datetime.now(UTC) + timedelta(hours=1)
    for number in range(TECHNICIANS):
        row = a_technician_row(f"t{number}", f"+121255502{number:02}")
        upsert_technician(connection, row, NOW)
        ask_for_state(connection, row.email, TechnicianState.AVAILABLE, now=NOW, until=until)
    for number in range(CALLS):
        sid = f"CA{number:032}"
        add_call(connection, a_call(sid, revision))
        put_in_queue(connection, sid, "general", Skills(severity=3), rules, NOW)


def a_call(sid: str, revision: int) -> Call:
    return Call(
        call_sid=sid,
        dnis="+14156945700",
        ani=None,
        line="+14156945700",
        revision_id=revision,
        stage=CallStage.QUEUED,
        arrived_at=NOW,
        ended_at=None,
        turn=1,
        version=0,
        session="{}",
        ticket="100300",
        severity=3,
        outcome="connect",
        rule="R01",
        queue="general",
        technician_id=None,
    )


@pytest.mark.timeout(260)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_eight_processes_make_no_double_offer(kind: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    with writing(engine) as connection:
        fill(connection)

    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.ivr.claiming", url, str(OFFERS_EACH)]
    running = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(PROCESSES)
    ]
    ended = [process.communicate(timeout=240) for process in running]

    assert [process.returncode for process in running] == [0] * PROCESSES, ended
    made = sum(int(out) for out, _error in ended)
    assert made >= 3000
    assert_no_two_at_once(engine, made)


def assert_no_two_at_once(engine: Engine, made: int) -> None:
    """No technician and no call had a second offer before the first one ended."""
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(offer)).scalar_one() == made
        for column in (offer.c.technician_id, offer.c.call_sid):
            twice = select(column).where(offer.c.live).group_by(column).having(func.count() > 1)
            assert connection.execute(twice).all() == []


def test_the_database_itself_forbids_a_second_live_offer(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        add_offer(connection, "a", f"CA{0:032}", 1)

    for offer_id, call_sid, technician in (("b", f"CA{1:032}", 1), ("c", f"CA{0:032}", 2)):
        with pytest.raises(IntegrityError), writing(engine) as connection:
            add_offer(connection, offer_id, call_sid, technician)


def add_offer(connection: Connection, offer_id: str, call_sid: str, technician: int) -> None:
    connection.execute(
        insert(offer).values(
            id=offer_id,
            call_sid=call_sid,
            queued_call_id=1,
            technician_id=technician,
            state=OfferState.PENDING,
            live=True,
            why="",
            offered_at=NOW,
            expires_at=NOW,
            checked_at=NOW,
        )
    )
