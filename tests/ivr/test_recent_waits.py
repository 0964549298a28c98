"""What callers are told of waiting: what it was, and only where that is honest."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, update

from ivr.acd.queue import live_queued_call
from ivr.acd.recent_waits import recent_wait_minutes
from ivr.store.acd import OfferState, QueuedState, offer, queued_call
from ivr.store.calls import call
from ivr.store.engine import reading, writing
from ivr.store.technicians import TechnicianState, technician
from tests.ivr.test_carrier_requests import queue_a_caller
from tests.line import LineUnderTest


@pytest.fixture
def line(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> LineUnderTest:
    """One caller waits; ann talks to somebody else."""
    noon = datetime.fromisoformat("2026-03-04T17:00:00+00:00")
    line = LineUnderTest(engine, tmp_path_factory.mktemp("instance"), noon)
    queue_a_caller(line)
    line.off_shift("ann", "+12125550101")
    at_work(line, TechnicianState.WRAP_UP)
    return line


def at_work(line: LineUnderTest, state: TechnicianState) -> None:
    with writing(line.engine) as connection:
        connection.execute(update(technician).values(state=state))


def answered(line: LineUnderTest, *minutes: float, ago: int = 10, **changed: object) -> None:
    """Callers like the one who waits, each answered after so many minutes, so long ago."""
    now = line.exchange.clock() - timedelta(minutes=ago)
    with writing(line.engine) as connection:
        waiting = live_queued_call(connection, line.caller().call_sid or "")
        assert waiting is not None
        for waited in minutes:
            stay = {
                "call_sid": waiting.call_sid,
                "queue": waiting.queue,
                "severity": waiting.severity,
                "rank": 0.0,
                "since": now - timedelta(minutes=waited),
                "state": QueuedState.LEFT,
                **changed,
            }
            made = connection.execute(insert(queued_call).values(**stay)).inserted_primary_key
            connection.execute(
                insert(offer).values(
                    id=f"{made}{waited}{ago}"[-32:],
                    call_sid=waiting.call_sid,
                    queued_call_id=made[0] if made else 0,
                    technician_id=1,
                    state=OfferState.ACCEPTED,
                    live=False,
                    why="",
                    offered_at=now,
                    expires_at=now + timedelta(seconds=45),
                    settled_at=now,
                    checked_at=now,
                )
            )


def told(line: LineUnderTest) -> int | None:
    with reading(line.engine) as connection:
        waiting = live_queued_call(connection, line.caller().call_sid or "")
        assert waiting is not None
        return recent_wait_minutes(connection, waiting, line.exchange.clock())


@pytest.mark.parametrize(
    ("waits", "minutes"),
    [
        ((3, 3, 3, 3, 3), 3),
        ((1, 2, 4.5, 30, 60), 5),  # The middle one, rounded up: one long wait says nothing.
        ((1, 1, 1, 1, 1), None),
        ((1, 1, 1.1, 2, 2), 2),
        ((9, 9, 9, 9), None),
        ((), None),
    ],
)
def test_it_is_the_middle_of_at_least_five(
    line: LineUnderTest, waits: tuple[float, ...], minutes: int | None
) -> None:
    answered(line, *waits)

    assert told(line) == minutes


@pytest.mark.parametrize(
    "changed", [{"queue": "vsa"}, {"severity": 3}, {"entered_at": "since"}], ids=str
)
def test_other_callers_do_not_count(line: LineUnderTest, changed: dict[str, object]) -> None:
    if "entered_at" in changed:
        changed = {"entered_at": line.exchange.clock()}
    answered(line, 9, 9, 9, 9)
    answered(line, 9, ago=11, **changed)

    assert told(line) is None


@pytest.mark.parametrize(("ago", "minutes"), [(59, 9), (61, None)])
def test_only_the_last_hour_counts(line: LineUnderTest, ago: int, minutes: int | None) -> None:
    answered(line, 9, 9, 9, 9, 9, ago=ago)

    assert told(line) == minutes


def test_those_who_were_called_back_do_not_count(line: LineUnderTest) -> None:
    answered(line, 9, 9, 9, 9, 9)
    with writing(line.engine) as connection:
        connection.execute(update(call).values(direction="outbound"))

    assert told(line) is None


@pytest.mark.parametrize("state", [TechnicianState.OFFLINE, TechnicianState.ON_BREAK])
def test_nothing_is_said_when_nobody_is_at_work(
    line: LineUnderTest, state: TechnicianState
) -> None:
    answered(line, 9, 9, 9, 9, 9)
    at_work(line, state)

    assert told(line) is None


def test_a_caller_hears_it_with_their_position(line: LineUnderTest) -> None:
    answered(line, 4, 4, 4, 4, 4)
    second = line.caller("+12125550178").dial("+35315262938").hears("ticket number")

    second.press("100100#").hears("number 2 in line").hears("in the last hour waited about 4 min")
