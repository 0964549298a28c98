"""What claiming the next pair costs, by how many callers wait.

A queue of each size stands in a database of its own. The sizes are measured in turns, so that
whatever else the machine does falls on all of them alike. A claim is one pass of the distributor
with one technician free; what it offered is withdrawn again before the next, outside the clock.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, text

from ivr.acd import offers
from ivr.acd.builtin import distribute
from ivr.acd.technicians import ask_for_state, upsert_technician
from ivr.configuration import Configuration
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.publishing import live, publish
from ivr.store.acd import OfferState, QueuedState, offer, queued_call
from ivr.store.calls import CallStage, call
from ivr.store.engine import writing
from ivr.store.technicians import TechnicianState
from ivr.technician_import import TechnicianRow
from routing.matching import Skills, WaitingCall, rank

NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
BATCH = 2_000
TECHNICIANS = 20
SEVERITIES = (1, 2, 3, 4)
LINE = "+14156945700"


@dataclass(frozen=True)
class Claims:
    """The claims of one size: `median` and `slowest` in seconds, `ratio` to the smallest size."""

    waiting: int
    rounds: int
    median: float
    slowest: float
    ratio: float


def measure(
    engines: Mapping[int, Engine], rounds: int, progress: Callable[[int], None]
) -> list[Claims]:
    """Claim `rounds` times from each prepared queue; `progress` is told after each round."""
    taken: dict[int, list[float]] = {waiting: [] for waiting in engines}
    for done in range(rounds):
        for waiting, engine in engines.items():
            taken[waiting].append(_claim(engine, NOW + timedelta(seconds=done)))
        progress(1)
    smallest = statistics.median(taken[min(taken)])
    return [
        Claims(waiting, rounds, median, max(seconds), median / smallest)
        for waiting, seconds in taken.items()
        for median in [statistics.median(seconds)]
    ]


def prepare(engine: Engine, waiting: int) -> None:
    """One free technician, nineteen who are offline, and `waiting` callers of all severities."""
    with writing(engine) as connection:
        files = read_directory(PROJECT_DIRECTORY)
        publish(connection, files, "first edition", "ivr bench", NOW)
        published = live(connection)
        for number in range(TECHNICIANS):
            upsert_technician(connection, _technician(number), NOW)
        email, until = _technician(0).email, NOW + timedelta(hours=12)
        ask_for_state(connection, email, TechnicianState.AVAILABLE, now=NOW, until=until)
    for first in range(0, waiting, BATCH):
        numbers = range(first, min(first + BATCH, waiting))
        with writing(engine) as connection:
            rows = [_call(number, published.revision_id) for number in numbers]
            connection.execute(insert(call), rows)
            stays = [_stay(number, published.configuration) for number in numbers]
            connection.execute(insert(queued_call), stays)
    with writing(engine) as connection:
        connection.execute(text("ANALYZE"))


def _claim(engine: Engine, now: datetime) -> float:
    with writing(engine) as connection:
        configuration = live(connection).configuration
        began = time.perf_counter()
        made = distribute(connection, configuration, now)
        seconds = time.perf_counter() - began
    if made != 1:
        raise RuntimeError(f"A claim made {made} offers, not one.")
    with writing(engine) as connection:
        for call_sid in _offered(connection):
            offers.withdraw(connection, call_sid, now, "the next round")
    return seconds


def _offered(connection: Connection) -> Iterator[str]:
    query = select(offer.c.call_sid).where(offer.c.state == OfferState.PENDING)
    return iter(connection.execute(query).scalars().all())


def _technician(number: int) -> TechnicianRow:
    anything: frozenset[str] = frozenset()
    return TechnicianRow(
        name=f"Technician {number}",
        email=f"technician-{number}@example.com",
        phone=f"+121255501{number:02}",
        products=anything,
        regions=anything,
        languages=anything,
        severities=frozenset(),
        level=1,
    )


def _since(number: int) -> datetime:
    return NOW - timedelta(milliseconds=7 * number)


def _severity(number: int) -> int:
    return SEVERITIES[number % len(SEVERITIES)]


def _sid(number: int) -> str:
    return f"CA{number:032}"


def _stay(number: int, configuration: Configuration) -> dict[str, object]:
    severity, since = _severity(number), _since(number)
    needs = Skills("vsa", "en", "north-america", severity)
    waiting = WaitingCall(_sid(number), "general", severity, since, needs)
    return {
        "call_sid": _sid(number),
        "queue": "general",
        "severity": severity,
        "rank": rank(waiting, configuration.matching),
        "since": since,
        "product": needs.product,
        "language": needs.language,
        "region": needs.region,
        "state": QueuedState.WAITING,
    }


def _call(number: int, revision: int) -> dict[str, object]:
    return {
        "call_sid": _sid(number),
        "dnis": LINE,
        "line": LINE,
        "revision_id": revision,
        "stage": CallStage.QUEUED,
        "arrived_at": _since(number),
        "turn": 1,
        "version": 0,
        "session": "{}",
        "ticket": "100300",
        "severity": _severity(number),
        "outcome": "connect",
        "rule": "R01",
        "queue": "general",
        "checked_at": NOW,
    }
