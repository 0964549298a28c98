"""What the task router asks and tells us: assignments, and events."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection, Row, insert, select, update

from ivr.acd import offers
from ivr.acd.queue import queued_call_by_id
from ivr.acd.router_plan import ACTIVITIES, STATES
from ivr.acd.router_records import WHY, end_task_row, sid_of, wanted_state
from ivr.acd.states import ASKED_FOR
from ivr.acd.technicians import Asked, ask_for_state, default_until, technician_by_id
from ivr.configuration import Configuration
from ivr.store.acd import QueuedState
from ivr.store.taskrouter import (
    ReservationState,
    TaskState,
    router_reservation,
    router_task,
    router_worker,
)
from ivr.store.technicians import CameBy
from ivr.task_routing import Kind
from routing.queues import only_on_call_queues

log = structlog.get_logger()

# Decide later, by a request: the reservation stays pending.
LATER = ""
# Larger numbers are not seconds of this millennium.
LAST_SECOND = 32_503_680_000


@dataclass(frozen=True)
class Assignment:
    """A worker is reserved for a task: will they take it? `key` is in the task's attributes."""

    reservation_sid: str
    worker_sid: str
    task_sid: str
    key: str


@dataclass(frozen=True)
class RouterEvent:
    """Something happened at TaskRouter's side."""

    what: str
    at: datetime
    task_sid: str | None
    reservation_sid: str | None
    worker_sid: str | None
    activity: str | None


def assigned(
    connection: Connection, configuration: Configuration, asked: Assignment, now: datetime
) -> str:
    """The answer to an assignment callback, as JSON. The same reservation, the same answer."""
    known = select(router_reservation.c.answer).where(
        router_reservation.c.sid == asked.reservation_sid
    )
    stored = connection.execute(known).scalar_one_or_none()
    if stored is not None:
        return str(stored)
    task, worker = _task_of(connection, asked), _worker_of(connection, asked.worker_sid)
    if task is None or worker is None:
        log.warning("assignment of a stranger", task=asked.task_sid, worker=asked.worker_sid)
        return LATER
    state, offer_id, answer = _decide(connection, configuration, task, worker.technician_id, now)
    connection.execute(
        insert(router_reservation).values(
            sid=asked.reservation_sid,
            task_id=task.id,
            technician_id=worker.technician_id,
            offer_id=offer_id,
            state=state,
            asking=False,
            answer=answer,
            asked_at=now,
        )
    )
    return answer


def _decide(
    connection: Connection,
    configuration: Configuration,
    task: Row[tuple[object, ...]],
    technician_id: int,
    now: datetime,
) -> tuple[ReservationState, str | None, str]:
    """Make the offer if both are still there. Returns how the reservation stands, the offer, and
    the answer."""
    queued = queued_call_by_id(connection, task.queued_call_id)
    not_for_us = queued.queue in only_on_call_queues(configuration.plan)
    waits = queued.state is not QueuedState.LEFT and queued.not_before is None and not not_for_us
    if not waits or task.state is not TaskState.OPEN:
        # The task is about to be ended, and the reservation with it.
        return ReservationState.ENDED, None, LATER
    if queued.state is not QueuedState.WAITING or queued.not_before is not None:
        # The call is being offered to somebody else, and may come back; or nobody may make it yet.
        return ReservationState.WAITING, None, LATER
    ring_seconds = configuration.timers.ring_seconds
    offer_id = offers.make_offer(connection, queued, technician_id, WHY, ring_seconds, now)
    if offer_id is None:
        return ReservationState.ENDED, None, _not_here(connection, technician_id, now)
    return ReservationState.OFFERED, offer_id, LATER


def happened(
    connection: Connection, configuration: Configuration, event: RouterEvent, now: datetime
) -> None:
    """Follow an event; what we know already, or told TaskRouter since, changes nothing."""
    match event.what:
        case "reservation.timeout" | "reservation.canceled" | "reservation.rescinded":
            _reservation_gone(connection, event, now)
        case "task.canceled" | "task.completed":
            query = select(router_task.c.id).where(router_task.c.sid == event.task_sid)
            task_id = connection.execute(query).scalar_one_or_none()
            if task_id is not None:
                end_task_row(connection, task_id)
        case "worker.activity.update":
            _activity_changed(connection, configuration, event, now)
        case _:
            pass


def _task_of(connection: Connection, asked: Assignment) -> Row[tuple[object, ...]] | None:
    """By the SID; by the key, when the carrier is quicker than its answer to our request."""
    call_sid, _, number = asked.key.rpartition(".")
    if not number.isdecimal():
        return None
    query = select(router_task).where(
        router_task.c.id == int(number), router_task.c.call_sid == call_sid
    )
    return connection.execute(query).first()


def _worker_of(connection: Connection, worker_sid: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(
        select(router_worker).where(router_worker.c.sid == worker_sid)
    ).first()


def _not_here(connection: Connection, technician_id: int, now: datetime) -> str:
    """Refuse for somebody who is not free, and put their worker where they are."""
    state = technician_by_id(connection, technician_id).state
    connection.execute(
        update(router_worker)
        .where(router_worker.c.technician_id == technician_id)
        .values(state=state, told_at=now)
    )
    activity = sid_of(connection, Kind.ACTIVITY, ACTIVITIES[state])
    return json.dumps({"instruction": "reject", "activity_sid": activity})


def _reservation_gone(connection: Connection, event: RouterEvent, now: datetime) -> None:
    """TaskRouter took a reservation back: the phone that rings for it falls silent."""
    gone = select(router_reservation.c.offer_id, router_task.c.call_sid)
    gone = gone.join(router_task).where(
        router_reservation.c.sid == event.reservation_sid,
        router_reservation.c.state.in_([ReservationState.WAITING, ReservationState.OFFERED]),
    )
    row = connection.execute(gone).first()
    if row is None:
        return
    connection.execute(
        update(router_reservation)
        .where(router_reservation.c.sid == event.reservation_sid)
        .values(state=ReservationState.ENDED, asking=False)
    )
    live = offers.live_offer_of_call(connection, row.call_sid)
    if live is not None and live.id == row.offer_id:
        offers.withdraw(connection, row.call_sid, now, "TaskRouter took it back")


def _activity_changed(
    connection: Connection, configuration: Configuration, event: RouterEvent, now: datetime
) -> None:
    """Somebody changed a worker's activity there: ours follows, or theirs is put right again."""
    worker = _worker_of(connection, event.worker_sid or "")
    if worker is None or worker.told_at is None or event.at <= worker.told_at:
        return
    state = STATES.get(event.activity or "")
    if state is worker.state:
        return
    mine = update(router_worker).where(router_worker.c.technician_id == worker.technician_id)
    connection.execute(mine.values(state=state, told_at=event.at))
    if state not in ASKED_FOR:
        log.warning("activity put right", worker=worker.sid, activity=event.activity)
        return
    if state is wanted_state(connection, worker.technician_id):
        return
    person = technician_by_id(connection, worker.technician_id)
    until = default_until(now, configuration.timers.technician_hours)
    how = Asked(CameBy.COMMAND, "changed at TaskRouter")
    ask_for_state(connection, person.email, state, now=now, until=until, how=how)


def instant(timestamp: str) -> datetime:
    """The moment of an event, which comes in seconds, or in milliseconds."""
    number = float(timestamp)
    return datetime.fromtimestamp(number / 1000 if number > LAST_SECOND else number, UTC)
