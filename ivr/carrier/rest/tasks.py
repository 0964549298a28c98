"""REST: the tasks of a workspace and their reservations (contract 5.7)."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ivr.carrier.rest.answers import Answer, Ask, RestError
from ivr.carrier.rest.workspaces import (
    attributes_of,
    find_in,
    links,
    page_v1,
    stamp,
    workspace_of,
)
from ivr.carrier.taskrouter.assigning import accept, add_task, end_task, reject, route
from ivr.carrier.taskrouter.expressions import BadExpression, parse
from ivr.carrier.taskrouter.model import (
    Reservation,
    ReservationStatus,
    Task,
    TaskStatus,
    Workspace,
)

_INVALID = 20001
_WRONG_STATE = 20001
_LONGEST = 1_209_600
_DAY = 86_400


def create_task(ask: Ask) -> Answer:
    workspace, office, now = workspace_of(ask), ask.office, ask.office.clock()
    seconds = ask.number("Timeout", _DAY)
    if not 1 <= seconds <= _LONGEST:
        raise RestError(400, _INVALID, f"Timeout is {seconds}, at most {_LONGEST}.")
    task = Task(
        sid=office.sids.new("WT"),
        workflow=find_in(workspace.workflows, ask.text("WorkflowSid"), "Workflow"),
        attributes=attributes_of(ask, {}),
        priority=ask.number("Priority", 0),
        seconds=seconds,
        order=_virtual_start(ask, office.now()),
        created=office.now(),
        created_at=now,
        updated_at=now,
    )
    add_task(office, workspace, task)
    return Answer(201, show_task(ask, workspace, task))


def update_task(ask: Ask) -> Answer:
    """Attributes, priority and virtual start; or the end of the task, which wants its status."""
    workspace = workspace_of(ask)
    task = find_in(workspace.tasks, ask.sids["Sid"], "Task")
    if task.over:
        raise RestError(400, _WRONG_STATE, f"The task is {task.status} already.")
    task.attributes = attributes_of(ask, task.attributes)
    task.priority = ask.number("Priority", task.priority)
    task.order = _virtual_start(ask, task.order)
    task.updated_at = ask.office.clock()
    if ask.has("AssignmentStatus"):
        _end(ask, workspace, task, TaskStatus(ask.text("AssignmentStatus")))
    elif task.status is TaskStatus.PENDING:
        route(ask.office, workspace, task)
    return Answer(200, show_task(ask, workspace, task))


def _end(ask: Ask, workspace: Workspace, task: Task, wanted: TaskStatus) -> None:
    """Only who waits can be cancelled, and only what somebody has can be completed."""
    allowed = {
        TaskStatus.CANCELED: {TaskStatus.PENDING, TaskStatus.RESERVED},
        TaskStatus.COMPLETED: {TaskStatus.ASSIGNED, TaskStatus.WRAPPING},
    }
    if task.status not in allowed.get(wanted, set()):
        raise RestError(400, _WRONG_STATE, f"A task that is {task.status} cannot be {wanted}.")
    end_task(ask.office, workspace, task, wanted, ask.text("Reason"))


def list_tasks(ask: Ask) -> Answer:
    workspace = workspace_of(ask)
    statuses = {s for value in ask.fields.get("AssignmentStatus", ()) for s in value.split(",")}
    try:
        wanted = parse(ask.text("EvaluateTaskAttributes", "1==1"))
    except BadExpression as error:
        raise RestError(400, _INVALID, str(error)) from error
    found = [
        task
        for task in workspace.tasks.values()
        if (not statuses or task.status.value in statuses) and wanted.holds(task.attributes)
    ]
    rest = f"/{workspace.sid}/Tasks"
    return page_v1(ask, rest, "tasks", found, lambda task: show_task(ask, workspace, task))


def fetch_task(ask: Ask) -> Answer:
    workspace = workspace_of(ask)
    task = find_in(workspace.tasks, ask.sids["Sid"], "Task")
    return Answer(200, show_task(ask, workspace, task))


def show_task(ask: Ask, workspace: Workspace, task: Task) -> dict[str, Any]:
    return {
        "account_sid": ask.office.account_sid,
        "workspace_sid": workspace.sid,
        "sid": task.sid,
        "age": int(ask.office.now() - task.created),
        "assignment_status": task.status.value,
        "attributes": json.dumps(task.attributes),
        "priority": task.priority,
        "reason": task.reason or None,
        "timeout": task.seconds,
        "task_queue_sid": task.queue.sid if task.queue else None,
        "task_queue_friendly_name": task.queue.name if task.queue else None,
        "workflow_sid": task.workflow.sid,
        "workflow_friendly_name": task.workflow.name,
        "virtual_start_time": stamp(ask.office.moment(task.order)),
        "date_created": stamp(task.created_at),
        "date_updated": stamp(task.updated_at),
        "url": links(workspace, f"/Tasks/{task.sid}"),
        "links": {},
    }


def list_reservations(ask: Ask) -> Answer:
    workspace, task = workspace_of(ask), ask.sids["TaskSid"]
    status = ask.text("ReservationStatus")
    found = [
        reservation
        for reservation in workspace.reservations.values()
        if reservation.task.sid == task and status in {"", reservation.status.value}
    ]
    rest = f"/{workspace.sid}/Tasks/{task}/Reservations"
    return page_v1(ask, rest, "reservations", found, lambda one: show_reservation(ask, one))


def fetch_reservation(ask: Ask) -> Answer:
    return Answer(200, show_reservation(ask, _reservation(ask)))


def update_reservation(ask: Ask) -> Answer:
    """Only a pending reservation is accepted or rejected."""
    workspace, reservation = workspace_of(ask), _reservation(ask)
    wanted = ask.text("ReservationStatus")
    if reservation.status is not ReservationStatus.PENDING:
        sentence = f"The reservation is {reservation.status} already."
        raise RestError(400, _WRONG_STATE, sentence)
    match wanted:
        case "accepted":
            accept(ask.office, workspace, reservation)
        case "rejected":
            sid = ask.text("WorkerActivitySid")
            activity = find_in(workspace.activities, sid, "Activity") if sid else None
            reject(ask.office, workspace, reservation, activity)
        case _:
            raise RestError(400, _INVALID, f"{wanted or 'No status'} is not offered here.")
    return Answer(200, show_reservation(ask, reservation))


def show_reservation(ask: Ask, reservation: Reservation) -> dict[str, Any]:
    workspace, task = workspace_of(ask), reservation.task
    return {
        "account_sid": ask.office.account_sid,
        "workspace_sid": workspace.sid,
        "sid": reservation.sid,
        "task_sid": task.sid,
        "worker_sid": reservation.worker.sid,
        "worker_name": reservation.worker.name,
        "reservation_status": reservation.status.value,
        "date_created": stamp(reservation.created_at),
        "date_updated": stamp(reservation.updated_at),
        "url": links(workspace, f"/Tasks/{task.sid}/Reservations/{reservation.sid}"),
        "links": {},
    }


def _reservation(ask: Ask) -> Reservation:
    found = find_in(workspace_of(ask).reservations, ask.sids["Sid"], "Reservation")
    return found if found.task.sid == ask.sids["TaskSid"] else find_in({}, found.sid, "Reservation")


def _virtual_start(ask: Ask, default: float) -> float:
    """From when the task queues, in the exchange's seconds; before the opening is below 0."""
    if not ask.has("VirtualStartTime"):
        return default
    moment = datetime.fromisoformat(ask.text("VirtualStartTime"))
    return ask.office.now() + (moment - ask.office.clock()).total_seconds()


TASK_OPERATIONS: dict[str, Callable[[Ask], Answer]] = {
    "ListTask": list_tasks,
    "CreateTask": create_task,
    "FetchTask": fetch_task,
    "UpdateTask": update_task,
    "ListTaskReservation": list_reservations,
    "FetchTaskReservation": fetch_reservation,
    "UpdateTaskReservation": update_reservation,
}
