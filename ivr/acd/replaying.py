"""Replaying: who should have been offered which call, asked again of matching.

The journal has every call that waited and every offer; the technicians' state log has who was
free. Each pass of the distributor is matched again with what stood at that moment, and must come
to the same pairs: nobody was overlooked, and nobody passed over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.acd.router_records import WHY as CHOSEN_BY_TASKROUTER
from ivr.configuration import Configuration
from ivr.journal import Happened
from ivr.store.calls import journal
from ivr.store.technicians import TechnicianState, technician_state_log
from routing.matching import IdleTechnician, Match, MatchingRules, Skills, Tried, WaitingCall, match
from routing.queues import only_on_call_queues

# No call waits longer than this; what is older cannot matter to a pass.
LONGEST_STAY = timedelta(hours=5)

# What takes a call out of the line, what puts it back, and whose technician comes last from then
# on: a call that was accepted and withdrawn, or handed on, has been with its technician.
TAKEN = {Happened.ACCEPTED, Happened.LEFT_QUEUE, Happened.ENDED}
GIVEN_BACK = {Happened.REFUSED, Happened.TIMED_OUT, Happened.WITHDRAWN}
TRIED = {Happened.REFUSED, Happened.TIMED_OUT, Happened.HANDED_ON}


@dataclass(frozen=True)
class Pass:
    """One pass of matching: the pairs (call, technician) it offered, and what matching says now."""

    at: datetime
    offered: tuple[tuple[str, str], ...]
    again: tuple[tuple[str, str], ...]

    @property
    def is_same(self) -> bool:
        return self.offered == self.again


def replay(
    connection: Connection, configuration: Configuration, since: datetime | None = None
) -> Iterator[Pass]:
    """Every pass that offered something, from `since` on, matched again under `configuration`.

    Exact where one process distributes at a time. On-call people who are rung on standby are not
    matching's choice, nor are those whom TaskRouter chose, and are left out.
    """
    entries = _entries(connection, since)
    pause_seconds = configuration.timers.offer_pause_seconds
    line = _Line(configuration.matching, pause_seconds, only_on_call_queues(configuration.plan))
    technicians = _Technicians(connection.execute(_log()).all())
    position = 0
    while position < len(entries):
        first = entries[position]
        offers = _offers_of_one_pass(entries, position)
        if offers and (since is None or first.at >= since):
            pairs = tuple((row.call_sid, str(row.detail["technician"])) for row in offers)
            idle = technicians.idle_before(first.at, {name for _, name in pairs})
            again = line.match(idle, first.at)
            yield Pass(first.at, pairs, tuple((pair.call_id, pair.technician_id) for pair in again))
        for row in offers or [first]:
            line.happened(row)
        position += len(offers) or 1


@dataclass
class _Line:
    """The calls as they stand at one entry of the journal."""

    rules: MatchingRules
    pause_seconds: int
    only_on_call: frozenset[str]
    calls: dict[str, WaitingCall] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    tried: dict[str, list[Tried]] = field(default_factory=dict)
    technicians: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    postponed: set[str] = field(default_factory=set)

    def happened(self, row: Row[Any]) -> None:
        what, call_sid, offer = Happened(row.what), row.call_sid, row.detail.get("offer")
        if what is Happened.QUEUED:
            self.calls[call_sid] = _waiting_call(call_sid, row.detail)
            self.waiting.add(call_sid)
        elif what is Happened.OFFERED or what in TAKEN:
            self.waiting.discard(call_sid)
        elif what in GIVEN_BACK and call_sid in self.calls:
            self.waiting.add(call_sid)
        if what is Happened.POSTPONED:
            self.postponed.discard(call_sid)
            if row.detail["until"] != "now":
                self.postponed.add(call_sid)
        elif what is Happened.OFFERED:
            self.technicians[offer] = str(row.detail["technician"])
        elif what is Happened.ACCEPTED:
            self.accepted.add(offer)
        elif what in TRIED or (what is Happened.WITHDRAWN and offer in self.accepted):
            self._has_had(call_sid, self.technicians[offer], row.at)

    def _has_had(self, call_sid: str, technician_id: str, at: datetime) -> None:
        self.tried.setdefault(call_sid, []).append(Tried(call_sid, technician_id, at))
        not_before = at + timedelta(seconds=self.pause_seconds)
        self.calls[call_sid] = replace(self.calls[call_sid], not_before=not_before)

    def match(self, idle: Sequence[IdleTechnician], now: datetime) -> tuple[Match, ...]:
        waiting = [self.calls[call_sid] for call_sid in self.waiting - self.postponed]
        calls = [call for call in waiting if call.queue not in self.only_on_call]
        tried = chain.from_iterable(self.tried.get(call_sid, ()) for call_sid in self.waiting)
        return match(calls, idle, tried, self.rules, now)


class _Technicians:
    """The technicians as they stood, read forwards through their state log."""

    def __init__(self, log: Sequence[Row[Any]]) -> None:
        self._log = log
        self._position = 0
        self._newest: dict[int, Row[Any]] = {}

    def idle_before(self, now: datetime, reserved: set[str]) -> list[IdleTechnician]:
        """Who was free just before the first of `reserved` was reserved at `now`."""
        while self._position < len(self._log):
            row = self._log[self._position]
            is_reserved = row.state is TechnicianState.RESERVED and row.at == now
            if is_reserved and str(row.technician_id) in reserved:
                break
            self._newest[row.technician_id] = row
            self._position += 1
        return [_technician(row) for row in self._newest.values() if _is_idle(row, now)]


def _entries(connection: Connection, since: datetime | None) -> Sequence[Row[Any]]:
    query = select(journal).order_by(journal.c.id)
    if since is not None:
        query = query.where(journal.c.at >= since - LONGEST_STAY)
    return connection.execute(query).all()


def _log() -> Any:
    return select(technician_state_log).order_by(technician_state_log.c.id)


def _offers_of_one_pass(entries: Sequence[Row[Any]], position: int) -> list[Row[Any]]:
    """The offers that begin here, made at the same instant and nothing between them."""
    at = entries[position].at

    def is_of_this_pass(row: Row[Any]) -> bool:
        ours = "rota" not in row.detail and row.detail.get("why") != CHOSEN_BY_TASKROUTER
        return row.what == Happened.OFFERED and row.at == at and ours

    return list(takewhile(is_of_this_pass, islice(entries, position, None)))


def _waiting_call(call_sid: str, detail: dict[str, Any]) -> WaitingCall:
    needs = Skills(detail["product"], detail["language"], detail["region"], detail["severity"])
    since = datetime.fromisoformat(detail["since"])
    return WaitingCall(call_sid, detail["queue"], detail["severity"], since, needs)


def _is_idle(row: Row[Any], now: datetime) -> bool:
    return (
        row.state is TechnicianState.AVAILABLE
        and row.enabled
        and (row.available_until is None or row.available_until > now)
        and (row.phone_busy_until is None or row.phone_busy_until <= now)
    )


def _technician(row: Row[Any]) -> IdleTechnician:
    return IdleTechnician(
        technician_id=str(row.technician_id),
        idle_since=row.idle_since,
        products=frozenset(row.products),
        regions=frozenset(row.regions),
        languages=frozenset(row.languages),
        severities=frozenset(row.severities),
        level=row.level,
    )
