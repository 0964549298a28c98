"""The TaskRouter distributor: the carrier's task router decides who is asked, we ring and bridge.

Each waiting call is a task there, each technician a worker. When a worker is reserved for a task,
the assignment callback (router_callbacks.py) makes the offer; from then on everything is as with
the built-in distributor. `distribute` compares what TaskRouter was told with how things stand and
puts the differences in the outbox, so nothing that moves a call or a technician has to know of
it. A task ends with the technician's leg: wrap-up is an activity of the worker.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select, update

from ivr.acd import offers, outbox
from ivr.acd.oncall import ring_on_call
from ivr.acd.queue import queued_call_by_id
from ivr.acd.router_checks import CHECK, check_when_due
from ivr.acd.router_records import WHY, wanted_state, workspace_sid
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.store.acd import OfferState, QueuedState, offer, queued_call
from ivr.store.statements import insert_once
from ivr.store.taskrouter import (
    ReservationState,
    TaskState,
    router_reservation,
    router_task,
    router_worker,
)
from ivr.store.technicians import technician
from routing.queues import only_on_call_queues

CREATE_TASK = "router_create_task"
CHANGE_TASK = "router_change_task"
END_TASK = "router_end_task"
ANSWER = "router_answer"
SET_WORKER = "router_set_worker"
KINDS = frozenset({CREATE_TASK, CHANGE_TASK, END_TASK, ANSWER, SET_WORKER, CHECK})

BATCH = 100
# A call whose tasks end again and again without us is left to its longest wait.
MOST_TASKS = 20
# How long TaskRouter may take to find somebody free before whoever is on call is rung.
HEAD_START = timedelta(seconds=5)


def distribute(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """Tell TaskRouter what it does not know yet; returns how much there was to tell."""
    on_call = ring_on_call(connection, configuration, now, HEAD_START)
    if workspace_sid(connection) is None:
        return on_call + _nothing_applied(connection, now)
    return on_call + (
        _tell_workers(connection, now)
        + _create_tasks(connection, configuration, now)
        + _change_tasks(connection, configuration, now)
        + _make_late_offers(connection, configuration, now)
        + _answer_reservations(connection, now)
        + _end_tasks(connection, configuration, now)
        + check_when_due(connection, now)
    )


def _nothing_applied(connection: Connection, now: datetime) -> int:
    waiting = select(queued_call.c.id).where(queued_call.c.state == QueuedState.WAITING).limit(1)
    if connection.execute(waiting).first():
        sentence = "A caller waits, and TaskRouter knows of nobody: run `ivr taskrouter apply`."
        raise_alarm(connection, "taskrouter", sentence, now)
    return 0


def tried_lately(
    connection: Connection, call_sid: str, configuration: Configuration, now: datetime
) -> list[int]:
    """The technicians who let this call pass so lately that they are not asked again yet."""
    since = now - timedelta(seconds=configuration.matching.retry_after_seconds)
    tried = offers.tried_before(connection, [call_sid])
    return sorted(int(one.technician_id) for one in tried if one.last_at > since)


def _tell_workers(connection: Connection, now: datetime) -> int:
    behind = (
        select(router_worker.c.technician_id, router_worker.c.state)
        .join(technician)
        .where(
            router_worker.c.state.is_distinct_from(technician.c.state),
            router_worker.c.asking.is_(False),
        )
    )
    told = 0
    for row in connection.execute(behind).all():
        state = wanted_state(connection, row.technician_id)
        if state is row.state:
            continue
        mine = router_worker.c.technician_id == row.technician_id
        if _claim(connection, router_worker, mine, state=state, told_at=now):
            subject = str(row.technician_id)
            outbox.post(connection, SET_WORKER, subject, now, state=state.value)
            told += 1
    return told


def _create_tasks(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """A task for every waiting call that has none; one that TaskRouter ended is made again."""
    open_task = exists().where(
        router_task.c.queued_call_id == queued_call.c.id, router_task.c.state == TaskState.OPEN
    )
    ended = (
        select(func.count())
        .where(router_task.c.queued_call_id == queued_call.c.id)
        .correlate(queued_call)
        .scalar_subquery()
    )
    new = (
        select(queued_call)
        .where(queued_call.c.state == QueuedState.WAITING, queued_call.c.not_before.is_(None))
        .where(~open_task, ended < MOST_TASKS, ~_only_on_call(configuration))
        .order_by(queued_call.c.rank, queued_call.c.id)
        .limit(BATCH)
    )
    made = 0
    for row in connection.execute(new).all():
        values = {
            "queued_call_id": row.id,
            "call_sid": row.call_sid,
            "state": TaskState.OPEN,
            "asking": True,
            "queue": row.queue,
            "tried": tried_lately(connection, row.call_sid, configuration, now),
        }
        if insert_once(connection, router_task, values):
            query = select(router_task.c.id).where(
                router_task.c.queued_call_id == row.id, router_task.c.state == TaskState.OPEN
            )
            task_id = connection.execute(query).scalar_one()
            outbox.post(connection, CREATE_TASK, str(task_id), now)
            made += 1
    return made


def _change_tasks(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """The queue, and who has let the call pass: what may have changed since the task was made."""
    # In any stay: whoever sent a call on is not asked for it again at once, either.
    offered_before = exists().where(
        offer.c.call_sid == queued_call.c.call_sid, offer.c.live.is_(False)
    )
    changing = (
        select(router_task, queued_call.c.queue.label("queue_now"))
        .join(queued_call)
        .where(_open_and_quiet(), queued_call.c.state != QueuedState.LEFT)
        .where(or_(router_task.c.queue != queued_call.c.queue, offered_before))
    )
    told = 0
    for row in connection.execute(changing).all():
        tried = tried_lately(connection, row.call_sid, configuration, now)
        if (row.queue_now, tried) == (row.queue, row.tried):
            continue
        changed = {"queue": row.queue_now, "tried": tried}
        if _claim(connection, router_task, router_task.c.id == row.id, **changed):
            outbox.post(connection, CHANGE_TASK, str(row.id), now)
            told += 1
    return told


def _make_late_offers(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """Reservations that came while the call was being offered to somebody else."""
    waiting = select(router_reservation, router_task.c.queued_call_id).join(router_task)
    waiting = waiting.where(router_reservation.c.state == ReservationState.WAITING)
    made = 0
    for row in connection.execute(waiting.with_for_update(skip_locked=True)).all():
        queued = queued_call_by_id(connection, row.queued_call_id)
        offer_id = offers.make_offer(
            connection,
            queued,
            row.technician_id,
            WHY,
            configuration.timers.ring_seconds,
            now,
        )
        if offer_id is not None:
            connection.execute(
                update(router_reservation)
                .where(router_reservation.c.sid == row.sid)
                .values(state=ReservationState.OFFERED, offer_id=offer_id)
            )
            made += 1
    return made


def _answer_reservations(connection: Connection, now: datetime) -> int:
    """Accept what was accepted. Reject what was let pass, once TaskRouter knows by whom."""
    settled = (
        select(router_reservation.c.sid, offer.c.state)
        .join(offer, offer.c.id == router_reservation.c.offer_id)
        .join(router_task, router_task.c.id == router_reservation.c.task_id)
        .join(queued_call, queued_call.c.id == router_task.c.queued_call_id)
        .join(router_worker, router_worker.c.technician_id == router_reservation.c.technician_id)
        .where(
            router_reservation.c.state == ReservationState.OFFERED,
            router_reservation.c.asking.is_(False),
            or_(
                offer.c.state == OfferState.ACCEPTED,
                and_(
                    offer.c.state != OfferState.PENDING,
                    # Who waits no more takes the reservation along when the task ends.
                    queued_call.c.state != QueuedState.LEFT,
                    router_task.c.asking.is_(False),
                    router_worker.c.asking.is_(False),
                ),
            ),
        )
    )
    told = 0
    for row in connection.execute(settled).all():
        mine = router_reservation.c.sid == row.sid
        if _claim(connection, router_reservation, mine):
            accepts = row.state is OfferState.ACCEPTED
            outbox.post(connection, ANSWER, row.sid, now, accepts=accepts)
            told += 1
    return told


def _end_tasks(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """Tasks of calls that wait no more or not yet, of legs that are over, or accepted too late."""
    mine = router_reservation.c.task_id == router_task.c.id
    # Found by the call, of which there is an index.
    stay = offer.c.queued_call_id == queued_call.c.id
    talking = exists().where(offer.c.call_sid == queued_call.c.call_sid, stay, offer.c.live)
    over = exists().where(
        mine,
        router_reservation.c.state == ReservationState.ACCEPTED,
        router_reservation.c.offer_id == offer.c.id,
        offer.c.live.is_(False),
    )
    too_late = exists().where(mine, router_reservation.c.state == ReservationState.TOO_LATE)
    gone = and_(queued_call.c.state == QueuedState.LEFT, ~talking)
    # A callback not to be made yet, which gets another task then; or for people on call alone.
    put_off = and_(
        queued_call.c.state == QueuedState.WAITING,
        or_(queued_call.c.not_before.is_not(None), _only_on_call(configuration)),
    )
    ending = (
        select(router_task.c.id)
        .join(queued_call)
        .where(_open_and_quiet(), or_(gone, put_off, over, too_late))
        .limit(BATCH)
    )
    told = 0
    for (task_id,) in connection.execute(ending).all():
        if _claim(connection, router_task, router_task.c.id == task_id):
            done = connection.execute(
                select(router_reservation.c.sid).where(
                    router_reservation.c.task_id == task_id,
                    router_reservation.c.state == ReservationState.ACCEPTED,
                )
            ).first()
            outbox.post(connection, END_TASK, str(task_id), now, done=done is not None)
            told += 1
    return told


def _only_on_call(configuration: Configuration) -> ColumnElement[bool]:
    """Queues whose calls are for people on call, whom we ring ourselves."""
    return queued_call.c.queue.in_(sorted(only_on_call_queues(configuration.plan)))


def _open_and_quiet() -> ColumnElement[bool]:
    """Tasks TaskRouter has, and about which nothing is being asked."""
    return and_(
        router_task.c.state == TaskState.OPEN,
        router_task.c.sid.is_not(None),
        router_task.c.asking.is_(False),
    )


def _claim(
    connection: Connection, table: Table, mine: ColumnElement[bool], **changes: object
) -> bool:
    """Mark a row as being asked about; False if somebody else does that already."""
    claimed = connection.execute(
        update(table).where(mine, table.c.asking.is_(False)).values(asking=True, **changes)
    )
    return claimed.rowcount == 1
