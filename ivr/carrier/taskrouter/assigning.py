"""Assigning: which waiting task is put to which available worker, and how a reservation ends."""

from ivr.carrier.office import Office
from ivr.carrier.taskrouter.asking import ask_service, tell
from ivr.carrier.taskrouter.model import (
    Activity,
    Reservation,
    ReservationStatus,
    Task,
    TaskStatus,
    Worker,
    Workspace,
)
from ivr.carrier.taskrouter.workflows import Target


def assign_soon(office: Office, workspace: Workspace) -> None:
    """Something changed: look again after everything that happens now has happened."""
    if not workspace.assigning:
        workspace.assigning = True
        office.driver.after(0, lambda: _assign(office, workspace))


def add_task(office: Office, workspace: Workspace, task: Task) -> None:
    """A task enters its workflow."""
    workspace.tasks[task.sid] = task
    tell(office, workspace, "task.created", task=task)
    route(office, workspace, task)
    expire = office.driver.after(task.seconds, lambda: _expire(office, workspace, task))
    task.timers.append(expire)


def route(office: Office, workspace: Workspace, task: Task) -> None:
    """Put a task at the beginning of the steps of its filter; with no filter it is cancelled."""
    steps = task.workflow.plan.targets_for(task.attributes)
    if task.steps == steps:
        assign_soon(office, workspace)
        return
    task.steps, task.step = steps, -1
    _next_step(office, workspace, task)


def end_task(
    office: Office, workspace: Workspace, task: Task, status: TaskStatus, reason: str = ""
) -> None:
    """The task is completed or cancelled, and whoever had it or was asked is free of it."""
    if task.over:
        return
    done = status is TaskStatus.COMPLETED
    reservation = workspace.reservation_of(task)
    task.status, task.reason, task.updated_at = status, reason, office.clock()
    for timer in task.timers:
        timer.cancel()
    if reservation is not None:
        became = ReservationStatus.COMPLETED if done else ReservationStatus.CANCELED
        _settle(office, workspace, reservation, became)
    tell(office, workspace, f"task.{status.value}", task=task)
    assign_soon(office, workspace)


def accept(office: Office, workspace: Workspace, reservation: Reservation) -> None:
    _settle(office, workspace, reservation, ReservationStatus.ACCEPTED)
    reservation.task.status = TaskStatus.ASSIGNED


def reject(
    office: Office, workspace: Workspace, reservation: Reservation, activity: Activity | None
) -> None:
    """The task waits again. Without another activity the same worker may be asked at once."""
    if activity is not None:
        set_activity(office, workspace, reservation.worker, activity)
    _give_back(office, workspace, reservation, ReservationStatus.REJECTED)


def set_activity(office: Office, workspace: Workspace, worker: Worker, activity: Activity) -> None:
    if worker.activity is activity:
        return
    worker.activity, worker.idle_since = activity, office.now()
    worker.updated_at = office.clock()
    tell(office, workspace, "worker.activity.update", worker=worker)
    assign_soon(office, workspace)


def _assign(office: Office, workspace: Workspace) -> None:
    workspace.assigning = False
    waiting = [task for task in workspace.tasks.values() if task.status is TaskStatus.PENDING]
    for task in sorted(waiting, key=lambda task: (-task.priority, task.order)):
        able = _available(workspace, task, task.steps[task.step])
        if able:
            _reserve(office, workspace, task, min(able, key=lambda worker: worker.idle_since))


def _available(workspace: Workspace, task: Task, target: Target) -> list[Worker]:
    """The free workers of a step."""
    queue = workspace.queues[target.queue]
    asked = {"task": task.attributes}
    return [
        worker
        for worker in workspace.workers.values()
        if worker.activity.available
        and not workspace.held(worker)
        and queue.takes.holds(worker.attributes)
        and (
            target.expression is None
            or target.expression.holds({**asked, "worker": worker.attributes})
        )
    ]


def _next_step(office: Office, workspace: Workspace, task: Task) -> None:
    """On to the next step that is not skipped; after the last one the task is cancelled."""
    task.step += 1
    if task.step >= len(task.steps):
        end_task(office, workspace, task, TaskStatus.CANCELED, "no step of the workflow is left")
        return
    target: Target = task.steps[task.step]
    task.queue = workspace.queues[target.queue]
    if target.skipped_without_workers and not _available(workspace, task, target):
        _next_step(office, workspace, task)
        return
    if target.seconds is not None:
        step = task.step

        def over() -> None:
            if task.step == step and not task.over and task.steps[step] is target:
                _step_over(office, workspace, task)

        task.timers.append(office.driver.after(target.seconds, over))
    assign_soon(office, workspace)


def _step_over(office: Office, workspace: Workspace, task: Task) -> None:
    """Somebody is being asked, or has it: the step is over when they have said no."""
    if task.status is TaskStatus.PENDING:
        _next_step(office, workspace, task)
    else:
        task.step_over = True


def _reserve(office: Office, workspace: Workspace, task: Task, worker: Worker) -> None:
    now = office.clock()
    reservation = Reservation(office.sids.new("WR"), task, worker, now, now)
    workspace.reservations[reservation.sid] = reservation
    task.status = TaskStatus.RESERVED
    office.ledger.add("reserved", task=task.sid, worker=worker.name, reservation=reservation.sid)
    tell(office, workspace, "reservation.created", reservation=reservation)
    seconds = task.workflow.reservation_seconds
    reservation.timer = office.driver.after(
        seconds, lambda: _time_out(office, workspace, reservation)
    )

    def answered(instruction: dict[str, str]) -> None:
        _follow(office, workspace, reservation, instruction)

    ask_service(office, workspace, reservation, answered)


def _follow(
    office: Office, workspace: Workspace, reservation: Reservation, instruction: dict[str, str]
) -> None:
    """What the service answered to an assignment callback."""
    if reservation.status is not ReservationStatus.PENDING:
        return
    match instruction.get("instruction"):
        case "accept":
            accept(office, workspace, reservation)
        case "reject":
            activity = workspace.activities.get(instruction.get("activity_sid", ""))
            reject(office, workspace, reservation, activity)
        case None:
            pass
        case other:
            office.ledger.add("instruction_refused", instruction=str(other))


def _time_out(office: Office, workspace: Workspace, reservation: Reservation) -> None:
    """Nobody said anything: the worker is put away, the task goes to others."""
    if reservation.status is ReservationStatus.PENDING:
        set_activity(office, workspace, reservation.worker, workspace.timeout_activity)
        _give_back(office, workspace, reservation, ReservationStatus.TIMEOUT)


def _give_back(
    office: Office, workspace: Workspace, reservation: Reservation, became: ReservationStatus
) -> None:
    task = reservation.task
    _settle(office, workspace, reservation, became)
    task.status = TaskStatus.PENDING
    if task.step_over:
        task.step_over = False
        _next_step(office, workspace, task)
    assign_soon(office, workspace)


def _settle(
    office: Office, workspace: Workspace, reservation: Reservation, became: ReservationStatus
) -> None:
    reservation.status, reservation.updated_at = became, office.clock()
    if reservation.timer is not None:
        reservation.timer.cancel()
    if not reservation.holds_worker:
        reservation.worker.idle_since = office.now()
    name = f"reservation.{became.value}"
    office.ledger.add(name, reservation=reservation.sid, worker=reservation.worker.name)
    tell(office, workspace, name, reservation=reservation)


def _expire(office: Office, workspace: Workspace, task: Task) -> None:
    if task.status in {TaskStatus.PENDING, TaskStatus.RESERVED}:
        end_task(office, workspace, task, TaskStatus.CANCELED, "waited as long as it may")
