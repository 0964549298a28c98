"""What the outbox asks of the task router, kind by kind, and what follows from the answer.

Every request but the making of a task says how a thing should be, so it may be repeated. A task
that may have been made is looked up by the key in its attributes.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, select, update

from ivr.acd import router_checks
from ivr.acd import taskrouter as router
from ivr.acd.callback_records import is_callback
from ivr.acd.outbox import Request, post
from ivr.acd.queue import QueuedCall, queued_call_by_id
from ivr.acd.router_checks import Seen
from ivr.acd.router_plan import ACTIVITIES, WORKFLOW, region_attributes, word
from ivr.acd.router_records import end_task_row, sid_of, wanted_state, workspace_sid
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.store.acd import QueuedState, queued_call
from ivr.store.engine import reading
from ivr.store.taskrouter import (
    ReservationState,
    router_reservation,
    router_task,
    router_worker,
)
from ivr.store.technicians import TechnicianState
from ivr.task_routing import Attributes, Kind, NewTask, TaskRouter
from ivr.telephony import CarrierRefused
from routing.matching import MatchingRules

# After a request that came to nothing.
AGAIN_SECONDS = 15
# A task outlives the longest wait by this, should we not be there to end it.
TASK_SLACK_SECONDS = 120
# Callbacks expire in their own time; a task that runs out before is made again.
CALLBACK_SECONDS = 24 * 60 * 60
KEY = "key"


class RouterRequests:
    """Carries out the requests of the TaskRouter distributor."""

    def __init__(
        self,
        engine: Engine,
        task_router: TaskRouter,
        configuration: Configuration,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._router = task_router
        self._configuration = configuration
        self._now = now
        self._seen: dict[int, Seen] = {}

    def send(self, request: Request) -> str | None:
        """Ask once; raises what the task router raises."""
        with reading(self._engine) as connection:
            workspace = workspace_sid(connection)
        if workspace is None:
            raise CarrierRefused("`ivr taskrouter apply` has not been run")
        match request.kind:
            case router.CREATE_TASK:
                return self._create_task(workspace, request)
            case router.CHANGE_TASK:
                row, queued = self._task(request)
                attributes = attributes_of(row, queued, self._configuration.matching)
                self._router.change_task(workspace, row.sid, attributes)
            case router.END_TASK:
                row, _ = self._task(request)
                self._router.end_task(workspace, row.sid, done=request.parameters["done"])
            case router.ANSWER:
                self._answer(workspace, request)
            case router.SET_WORKER:
                self._set_worker(workspace, request)
            case router_checks.CHECK:
                self._check(workspace, request)
        return None

    def look_up(self, request: Request) -> str | None:
        """What became of a request of unknown fate."""
        if request.kind != router.CREATE_TASK:
            return self.send(request)
        with reading(self._engine) as connection:
            workspace = workspace_sid(connection) or ""
        row, _ = self._task(request)
        return self._router.find_task(workspace, KEY, key_of(row))

    def settled(
        self, connection: Connection, request: Request, result: str | None, failure: str | None
    ) -> None:
        """Record what a request came to, in its transaction."""
        now = self._now()
        match request.kind:
            case router.CREATE_TASK:
                _created(connection, request, result, failure, now)
            case router.CHANGE_TASK:
                _changed(connection, request, failure, now)
            case router.END_TASK:
                end_task_row(connection, int(request.subject))
            case router.ANSWER:
                _answered(connection, request, failure)
            case router.SET_WORKER:
                _worker_set(connection, request, failure, now)
            case router_checks.CHECK:
                if seen := self._seen.pop(request.id, None):
                    router_checks.follow(connection, self._configuration, seen, now)
        if failure:
            sentence = f"TaskRouter did not do as asked ({request.kind}): {failure}"
            raise_alarm(connection, f"taskrouter:{request.kind}", sentence, now)

    def _create_task(self, workspace: str, request: Request) -> str | None:
        row, queued = self._task(request)
        if queued.state is QueuedState.LEFT:
            return None
        # One that may have been made, and could not be looked up then.
        made = request.parameters.get("perhaps_made")
        if made and (sid := self._router.find_task(workspace, KEY, key_of(row))):
            return sid
        with reading(self._engine) as connection:
            workflow = sid_of(connection, Kind.WORKFLOW, WORKFLOW) or ""
        since = datetime.fromtimestamp(row.rank, UTC)
        seconds = self._configuration.timers.longest_wait_seconds + TASK_SLACK_SECONDS
        if is_callback(queued.call_sid):
            seconds = CALLBACK_SECONDS
        attributes = attributes_of(row, queued, self._configuration.matching)
        return self._router.create_task(workspace, NewTask(workflow, attributes, since, seconds))

    def _answer(self, workspace: str, request: Request) -> None:
        query = (
            select(router_task.c.sid)
            .join(router_reservation)
            .where(router_reservation.c.sid == request.subject)
        )
        with reading(self._engine) as connection:
            task_sid = connection.execute(query).scalar_one()
        accepts = request.parameters["accepts"]
        self._router.answer_reservation(workspace, task_sid, request.subject, accepts=accepts)

    def _set_worker(self, workspace: str, request: Request) -> None:
        activity = ACTIVITIES[TechnicianState(request.parameters["state"])]
        mine = router_worker.c.technician_id == int(request.subject)
        with reading(self._engine) as connection:
            worker = connection.execute(select(router_worker.c.sid).where(mine)).scalar_one()
            activity_sid = sid_of(connection, Kind.ACTIVITY, activity) or ""
        self._router.set_worker(workspace, worker, activity_sid)

    def _check(self, workspace: str, request: Request) -> None:
        now = self._now()
        with reading(self._engine) as connection:
            known = router_checks.known_tasks(connection)
        self._seen[request.id] = router_checks.look(self._router, workspace, known, now)

    def _task(self, request: Request) -> tuple[Row[tuple[object, ...]], QueuedCall]:
        query = (
            select(router_task, queued_call.c.rank)
            .join(queued_call)
            .where(router_task.c.id == int(request.subject))
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).one()
            return row, queued_call_by_id(connection, row.queued_call_id)


def key_of(row: Row[tuple[object, ...]]) -> str:
    """What a task is looked up by: no other task of this account has it."""
    return f"{row.call_sid}.{row.id}"


def attributes_of(
    row: Row[tuple[object, ...]], queued: QueuedCall, rules: MatchingRules
) -> Attributes:
    """What the workflow's expressions ask of a task, and what we know it by."""
    needs = queued.needs
    return {
        KEY: key_of(row),
        "call_sid": queued.call_sid,
        "queued_call": queued.id,
        "queue": word(row.queue),
        "severity": queued.severity,
        "product": word(needs.product or ""),
        "language": word(needs.language or ""),
        **region_attributes(rules, needs.region),
        "tried": row.tried,
    }


def _created(
    connection: Connection,
    request: Request,
    result: str | None,
    failure: str | None,
    now: datetime,
) -> None:
    task_id = int(request.subject)
    if result is not None:
        made = update(router_task).where(router_task.c.id == task_id)
        connection.execute(made.values(sid=result, asking=False))
        return
    row = connection.execute(
        select(queued_call.c.state).join(router_task).where(router_task.c.id == task_id)
    ).one()
    if row.state is QueuedState.LEFT:
        end_task_row(connection, task_id)
    elif failure:
        post(
            connection,
            router.CREATE_TASK,
            request.subject,
            now,
            after_seconds=AGAIN_SECONDS,
            perhaps_made=True,
        )
    else:
        post(connection, router.CREATE_TASK, request.subject, now)


def _changed(connection: Connection, request: Request, failure: str | None, now: datetime) -> None:
    """A task that cannot be changed is ended, and made again if the call still waits."""
    if failure:
        post(connection, router.END_TASK, request.subject, now, done=False)
        return
    changed = update(router_task).where(router_task.c.id == int(request.subject))
    connection.execute(changed.values(asking=False))


def _answered(connection: Connection, request: Request, failure: str | None) -> None:
    if not request.parameters["accepts"]:
        becomes = ReservationState.ENDED
    else:
        becomes = ReservationState.TOO_LATE if failure else ReservationState.ACCEPTED
    connection.execute(
        update(router_reservation)
        .where(
            router_reservation.c.sid == request.subject,
            router_reservation.c.state == ReservationState.OFFERED,
        )
        .values(state=becomes, asking=False)
    )


def _worker_set(
    connection: Connection, request: Request, failure: str | None, now: datetime
) -> None:
    technician_id = int(request.subject)
    mine = update(router_worker).where(router_worker.c.technician_id == technician_id)
    if failure:
        state = wanted_state(connection, technician_id)
        subject, later = request.subject, AGAIN_SECONDS
        post(connection, router.SET_WORKER, subject, now, after_seconds=later, state=state.value)
        connection.execute(mine.values(state=state, told_at=now))
        return
    # What somebody did there meanwhile is overwritten by this.
    state = TechnicianState(request.parameters["state"])
    connection.execute(mine.values(asking=False, state=state, told_at=now))
