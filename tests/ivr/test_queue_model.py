"""A day's rush: 500 callers and 20 technicians, held against a model of a fair queue.

Callers come in waves, most of them about one product; technicians answer, refuse, miss and talk
for a while. The model reads nothing but the journal, and knows nothing of how calls are matched.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, select

from ivr.acd.replaying import replay
from ivr.acd.technicians import all_technicians, ask_for_state
from ivr.carrier.phones import Phone
from ivr.configuration import Configuration
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.publishing import live, publish
from ivr.store.calls import journal
from ivr.store.engine import reading, writing
from ivr.store.technicians import TechnicianState, technician
from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

STARTS_AT = datetime(2026, 3, 4, 15, tzinfo=UTC)
CALLERS = 500
TECHNICIANS = 20
# More wait than can be helped at once, so that the order matters.
WAVES_SECONDS = (0, 300, 500, 600)
SLACK_SECONDS = 120
# Two minutes of waiting are worth a step of severity here, so that ageing is seen at work.
SETTINGS = {
    "minutes_per_severity: 15": "minutes_per_severity: 2",
    "wrap_up_seconds: 60": "wrap_up_seconds: 15",
    # Fewer rounds of waiting, for the sake of the clock on the wall.
    "hold_chunk_seconds: 20": "hold_chunk_seconds: 100",
}


class Rush:
    """The callers and technicians, by one seed."""

    def __init__(self, engine: Engine, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.line = LineUnderTest(engine, folder, STARTS_AT, worker_seconds=2.0)
        files = read_directory(PROJECT_DIRECTORY)
        for was, becomes in SETTINGS.items():
            assert was in files["line.yaml"]
            files["line.yaml"] = files["line.yaml"].replace(was, becomes)
        with writing(engine) as connection:
            publish(connection, files, "two minutes a step", "tests", STARTS_AT)
        self.technicians = [self._technician(number) for number in range(TECHNICIANS)]
        self.hang_up_at: dict[str, float] = {}
        self.line.exchange.every(1.0, self._people)
        self.line.exchange.every(30.0, self._come_back)

    def run(self) -> None:
        exchange = self.line.exchange
        for number in range(CALLERS):
            wave = self.chance.choice(WAVES_SECONDS)
            at = wave + self.chance.expovariate(1 / 120)
            exchange.timekeeper.after(at, partial(self._call, number))
        exchange.run_for(WAVES_SECONDS[-1] + 1500)

    def _technician(self, number: int) -> Phone:
        products = self.chance.choice([frozenset(), frozenset({"vsa"}), frozenset({"emm", "vsa"})])
        severities = frozenset({2, 3, 4}) if number % 5 == 0 else frozenset[int]()
        return self.line.technician(
            f"t{number}", f"+121255501{number:02}", products=products, severities=severities
        )

    def _call(self, number: int) -> None:
        product = self.chance.choice(["vsa", "vsa", "vsa", "emm", "traverse"])
        severity = self.chance.choice([1, 2, 3, 3, 3, 4])
        ticket = str(100000 + number)
        self.line.desk.put(
            Ticket(ticket, TicketStatus.OPEN, severity, product, requester_zone="America/New_York")
        )
        caller = self.line.exchange.phone(f"+1212556{number:04}")
        caller.dial("+14156945700").press("w4wwwwww").press(f"{ticket}#")

    def _people(self) -> None:
        """Once a second everybody does what they have in mind."""
        now = self.line.exchange.clock().timestamp()
        for phone in self.technicians:
            if phone.ringing:
                self._answer(phone)
            elif phone.on_a_call and phone.number not in self.hang_up_at:
                phone.press("2" if self.chance.random() < 0.15 else "1")
                self.hang_up_at[phone.number] = now + self.chance.uniform(40, 200)
            elif not phone.on_a_call:
                self.hang_up_at.pop(phone.number, None)
            elif now >= self.hang_up_at[phone.number]:
                phone.hang_up()

    def _come_back(self) -> None:
        """Whoever was put away for a missed call is back at the desk."""
        now = self.line.exchange.clock()
        until = now + timedelta(hours=4)
        with writing(self.line.engine) as connection:
            for person in all_technicians(connection):
                if person.state is TechnicianState.ON_BREAK:
                    available = TechnicianState.AVAILABLE
                    ask_for_state(connection, person.email, available, now=now, until=until)

    def _answer(self, phone: Phone) -> None:
        if self.chance.random() < 0.97:
            phone.answer()


@dataclass
class Stay:
    """A call in line, as the journal tells it."""

    severity: int
    since: datetime
    needs: dict[str, Any]
    turned_down: dict[int, datetime] = field(default_factory=dict)

    def place(self, minutes_per_severity: int) -> datetime:
        return self.since - timedelta(minutes=minutes_per_severity * (4 - self.severity))


class FairQueue:
    """Reads the journal entry by entry, and notes every offer that passes somebody over."""

    def __init__(self, configuration: Configuration, skills: dict[int, dict[str, set[Any]]]):
        self.rules = configuration.matching
        self.skills = skills
        self.waiting: dict[str, Stay] = {}
        self.known: dict[str, Stay] = {}
        self.passed_over: list[str] = []
        self.waits: list[float] = []
        self.offered: dict[str, list[int]] = defaultdict(list)
        self.aged = 0

    def read(self, entry: Row[Any]) -> None:
        match entry.what:
            case "queued":
                needs = {name: entry.detail[name] for name in ("product", "severity")}
                since = datetime.fromisoformat(entry.detail["since"])
                stay = Stay(entry.detail["severity"], since, needs)
                self.known[entry.call_sid] = self.waiting[entry.call_sid] = stay
            case "offered":
                self._offer(entry)
            case "refused" | "timed_out":
                who = entry.detail["technician"]
                self.known[entry.call_sid].turned_down[who] = entry.at
                self.waiting[entry.call_sid] = self.known[entry.call_sid]
            case "withdrawn":
                self.waiting[entry.call_sid] = self.known[entry.call_sid]
            case "left_queue":
                self.waiting.pop(entry.call_sid, None)
                waited = entry.at - self.known[entry.call_sid].since
                self.waits.append(waited.total_seconds())
            case _:
                pass

    def _offer(self, entry: Row[Any]) -> None:
        who, call_sid = entry.detail["technician"], entry.call_sid
        chosen = self.waiting.pop(call_sid)
        self.offered[call_sid].append(who)
        minutes = self.rules.minutes_per_severity
        self.aged += any(chosen.severity > other.severity for other in self.waiting.values())
        for other_sid, other in self.waiting.items():
            came_first = other.place(minutes) < chosen.place(minutes)
            if came_first and self._could_take(who, other, entry.at):
                self.passed_over.append(f"{other_sid} for {call_sid}, {who} at {entry.at}")

    def _could_take(self, who: int, stay: Stay, now: datetime) -> bool:
        last = stay.turned_down.get(who)
        if last is not None and (now - last).total_seconds() < self.rules.retry_after_seconds:
            return False
        waited = (now - stay.since).total_seconds()
        for skill, wanted in stay.needs.items():
            has, relaxed = self.skills[who][skill], self.rules.relax_after_seconds[skill]
            if has and wanted not in has and (relaxed is None or waited < relaxed):
                return False
        return True


@pytest.mark.timeout(300)
def test_a_rush_is_served_in_fair_order(engine: Engine, tmp_path: Path) -> None:
    rush = Rush(engine, tmp_path / "instance", seed=1)
    rush.run()

    with reading(engine) as connection:
        configuration = live(connection).configuration
        queue = FairQueue(configuration, _skills(connection))
        for entry in connection.execute(select(journal).order_by(journal.c.id)):
            queue.read(entry)
        passes = list(replay(connection, configuration))

    assert len(queue.known) == CALLERS
    assert queue.waiting == {}
    # No inversion, inside a class or across: whoever came first by age and severity was offered.
    assert queue.passed_over == []
    # Nobody waits beyond the configured longest wait.
    assert max(queue.waits) <= configuration.timers.longest_wait_seconds + SLACK_SECONDS
    # The test is worth something: many waited, some to the end, some were refused and missed.
    ended = Counter(call.disposition for call in rush.line.calls())
    assert ended["connected"] > 150
    assert ended["voicemail"] > 50
    assert sum(len(offers) > 1 for offers in queue.offered.values()) > 10
    assert queue.aged > 10
    # The same journal gives the same order.
    assert len(passes) > 200
    assert [each for each in passes if not each.is_same] == []
    assert rush.line.violations() == []


def _skills(connection: Connection) -> dict[int, dict[str, set[Any]]]:
    return {
        row.id: {"product": set(row.products), "severity": set(row.severities)}
        for row in connection.execute(select(technician))
    }
