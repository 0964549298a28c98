"""Queued calls in the database: who waits where, since when, and in what order."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from ivr import journal
from ivr.journal import Happened
from ivr.store.acd import QueuedState, queued_call
from routing.matching import IdleTechnician, MatchingRules, Skills, WaitingCall, rank

# How many waiting calls matching looks at at a time, and how often in a pass. The first page is
# a few more than there are free technicians; each one after it is twice as large.
FIRST_PAGE = 10
LARGEST_PAGE = 200
MOST_PAGES = 30
LEAST_SEVERITY = 4


@dataclass(frozen=True)
class QueuedCall:
    """One stay of a call in a queue.

    `since` is when the caller first began to wait; a stay that is not the first `entered` later. A
    callback is not offered while `not_before` is set.
    """

    id: int
    call_sid: str
    queue: str
    severity: int
    since: datetime
    entered: datetime
    needs: Skills
    state: QueuedState
    carrier_queue_sid: str | None
    not_before: datetime | None = None


@dataclass(frozen=True)
class Place:
    """A place in line. `entered_at` is set for a stay that is not the caller's first."""

    rank: float
    since: datetime
    entered_at: datetime | None = None


def put_in_queue(
    connection: Connection,
    call_sid: str,
    queue: str,
    needs: Skills,
    rules: MatchingRules,
    now: datetime,
) -> None:
    """Queue a call; one that is queued already moves to the new queue and keeps its place.

    The journal gets all that its place and its technician are chosen by (ivr/acd/replaying.py).
    """
    needs = replace(needs, severity=needs.severity or LEAST_SEVERITY)
    live = live_queued_call(connection, call_sid)
    if live is None:
        _enter(connection, call_sid, queue, needs, _last_place(call_sid, needs, rules, now), now)
        return
    _tell(connection, call_sid, queue, needs, live.since, now)
    connection.execute(update(queued_call).where(queued_call.c.id == live.id).values(queue=queue))


def queue_again(connection: Connection, stay_id: int, queue: str, now: datetime) -> None:
    """A caller comes back from a room, into this queue: at the place they had before."""
    row = connection.execute(select(queued_call).where(queued_call.c.id == stay_id)).one()
    place = Place(row.rank, row.since, entered_at=now)
    _enter(connection, row.call_sid, queue, _queued(row).needs, place, now)


def take_place_of(connection: Connection, left_call_sid: str, call_sid: str, now: datetime) -> bool:
    """Queue a call in the place that another has left, as if it had waited itself.

    False if the other never waited.
    """
    query = (
        select(queued_call)
        .where(queued_call.c.call_sid == left_call_sid)
        .order_by(queued_call.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return False
    place = Place(row.rank, row.since)
    _enter(connection, call_sid, row.queue, _queued(row).needs, place, now)
    return True


def _last_place(call_sid: str, needs: Skills, rules: MatchingRules, now: datetime) -> Place:
    severity = needs.severity or LEAST_SEVERITY
    return Place(rank(WaitingCall(call_sid, "", severity, now, needs), rules), now)


def _enter(
    connection: Connection, call_sid: str, queue: str, needs: Skills, place: Place, now: datetime
) -> None:
    _tell(connection, call_sid, queue, needs, place.since, now)
    stay = {"call_sid": call_sid, "queue": queue, **asdict(needs), **asdict(place)}
    connection.execute(insert(queued_call).values(**stay, state=QueuedState.WAITING))


def _tell(
    connection: Connection, call_sid: str, queue: str, needs: Skills, since: datetime, now: datetime
) -> None:
    told = {"queue": queue, "since": since.isoformat(), **asdict(needs)}
    journal.write(connection, call_sid, Happened.QUEUED, now, **told)


def live_queued_call(connection: Connection, call_sid: str) -> QueuedCall | None:
    """The call's present stay in a queue, if it is in one."""
    query = select(queued_call).where(
        queued_call.c.call_sid == call_sid, queued_call.c.state != QueuedState.LEFT
    )
    row = connection.execute(query).first()
    return None if row is None else _queued(row)


def queued_call_by_id(connection: Connection, queued_call_id: int) -> QueuedCall:
    query = select(queued_call).where(queued_call.c.id == queued_call_id)
    return _queued(connection.execute(query).one())


def waiting_calls(
    connection: Connection,
    idle: Collection[IdleTechnician],
    rules: MatchingRules,
    now: datetime,
    not_in: Collection[str] = (),
) -> Iterator[list[QueuedCall]]:
    """Calls nobody is being rung for, best ranked first, a page at a time.

    Calls that none of `idle` has the skills for are left out, so that many of them cannot hide
    those behind them; so are those in the queues `not_in`.
    """
    place = tuple_(queued_call.c.rank, queued_call.c.id)
    query = (
        select(queued_call)
        .where(
            queued_call.c.state == QueuedState.WAITING,
            queued_call.c.not_before.is_(None),
            queued_call.c.queue.not_in(sorted(not_in)),
            *_within_skills(idle, rules, now),
        )
        .order_by(queued_call.c.rank, queued_call.c.id)
    )
    size = min(FIRST_PAGE + len(idle), LARGEST_PAGE)
    for _ in range(MOST_PAGES):
        page = connection.execute(query.limit(size)).all()
        if page:
            yield [_queued(row) for row in page]
        if len(page) < size:
            return
        query = query.where(place > tuple_(literal(page[-1].rank), literal(page[-1].id)))
        size = min(2 * size, LARGEST_PAGE)


def waiting_in(connection: Connection, queues: Collection[str]) -> list[QueuedCall]:
    """Calls of these queues that nobody is being rung for, best ranked first, a page of them."""
    query = (
        select(queued_call)
        .where(queued_call.c.state == QueuedState.WAITING, queued_call.c.queue.in_(sorted(queues)))
        .order_by(queued_call.c.rank, queued_call.c.id)
        .limit(LARGEST_PAGE)
    )
    return [_queued(row) for row in connection.execute(query)]


def _within_skills(
    idle: Collection[IdleTechnician], rules: MatchingRules, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """For each skill that is insisted on: somebody has it, or it is insisted on no longer."""
    for skill, column, has in (
        ("product", queued_call.c.product, [each.products for each in idle]),
        ("severity", queued_call.c.severity, [each.severities for each in idle]),
        ("language", queued_call.c.language, [each.languages for each in idle]),
        ("region", queued_call.c.region, [each.regions for each in idle]),
    ):
        if not all(has):
            continue  # Somebody takes any.
        somebody_has: ColumnElement[bool] = column.is_(None) | column.in_(
            sorted(frozenset[str | int]().union(*has), key=str)
        )
        relax_after = rules.relax_after_seconds.get(skill)
        if relax_after is None:
            yield somebody_has
        elif relax_after > 0:
            yield somebody_has | (queued_call.c.since <= now - timedelta(seconds=relax_after))


def position(connection: Connection, queued: QueuedCall) -> int:
    """The caller's place among those waiting in the same queue, from 1."""
    own = select(queued_call.c.rank).where(queued_call.c.id == queued.id).scalar_subquery()
    ahead = select(func.count()).where(
        queued_call.c.state != QueuedState.LEFT,
        queued_call.c.queue == queued.queue,
        queued_call.c.not_before.is_(None),
        queued_call.c.rank < own,
    )
    return int(connection.execute(ahead).scalar_one()) + 1


def move_queued(
    connection: Connection,
    queued_call_id: int,
    was: QueuedState,
    becomes: QueuedState,
    now: datetime,
) -> bool:
    """Compare-and-set of one stay; False if somebody else moved it first."""
    left_at = now if becomes is QueuedState.LEFT else None
    moved = connection.execute(
        update(queued_call)
        .where(queued_call.c.id == queued_call_id, queued_call.c.state == was)
        .values(state=becomes, left_at=left_at)
    )
    return moved.rowcount == 1


def leave_queue(connection: Connection, call_sid: str, now: datetime, why: str) -> None:
    """The caller is in no queue any more, whatever stood before; the journal says why, once."""
    left = connection.execute(
        update(queued_call)
        .where(queued_call.c.call_sid == call_sid, queued_call.c.state != QueuedState.LEFT)
        .values(state=QueuedState.LEFT, left_at=now)
    )
    if left.rowcount:
        journal.write(connection, call_sid, Happened.LEFT_QUEUE, now, why=why)


def note_carrier_queue(connection: Connection, queued: QueuedCall, sid: str | None) -> None:
    """Keep the carrier's name of its queue: with it the caller can be taken out."""
    if sid is not None and sid != queued.carrier_queue_sid:
        connection.execute(
            update(queued_call).where(queued_call.c.id == queued.id).values(carrier_queue_sid=sid)
        )


def _queued(row: Row[tuple[object, ...]]) -> QueuedCall:
    return QueuedCall(
        id=row.id,
        call_sid=row.call_sid,
        queue=row.queue,
        severity=row.severity,
        since=row.since,
        entered=row.entered_at or row.since,
        needs=Skills(row.product, row.language, row.region, row.severity),
        state=row.state,
        carrier_queue_sid=row.carrier_queue_sid,
        not_before=row.not_before,
    )
