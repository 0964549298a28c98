"""REST: a workspace and what it is made of (contract 5.7), but for its tasks (tasks.py)."""

import json
from collections.abc import Callable
from typing import Any

from ivr.carrier.rest.answers import Answer, Ask, RestError
from ivr.carrier.rest.tasks import TASK_OPERATIONS
from ivr.carrier.rest.workspaces import (
    attributes_of,
    find_in,
    links,
    page_v1,
    stamp,
    workspace_of,
)
from ivr.carrier.taskrouter.assigning import assign_soon, set_activity
from ivr.carrier.taskrouter.expressions import BadExpression, Expression, parse
from ivr.carrier.taskrouter.model import Activity, TaskQueue, Worker, Workflow, Workspace
from ivr.carrier.taskrouter.workflows import BadWorkflow, Plan, read_plan

_INVALID = 20001


def create_workspace(ask: Ask) -> Answer:
    """A new workspace comes with the activities Offline, Available and Unavailable."""
    office, now = ask.office, ask.office.clock()
    names = {"Offline": False, "Available": True, "Unavailable": False}
    activities = [
        Activity(office.sids.new("WA"), name, available, now) for name, available in names.items()
    ]
    workspace = Workspace(
        office.sids.new("WS"), ask.text("FriendlyName"), now, now, activities[0], activities[0]
    )
    workspace.activities = {activity.sid: activity for activity in activities}
    office.workspaces[workspace.sid] = workspace
    return _change_workspace(ask, workspace, 201)


def update_workspace(ask: Ask) -> Answer:
    return _change_workspace(ask, workspace_of(ask, "Sid"), 200)


def _change_workspace(ask: Ask, workspace: Workspace, status: int) -> Answer:
    workspace.name = ask.text("FriendlyName", workspace.name)
    workspace.event_url = ask.text("EventCallbackUrl", workspace.event_url)
    workspace.events = ask.text("EventsFilter", workspace.events)
    if ask.has("TimeoutActivitySid"):
        sid = ask.text("TimeoutActivitySid")
        workspace.timeout_activity = find_in(workspace.activities, sid, sid)
    workspace.updated_at = ask.office.clock()
    return Answer(status, show_workspace(ask, workspace))


def show_workspace(ask: Ask, workspace: Workspace) -> dict[str, Any]:
    return {
        "account_sid": ask.office.account_sid,
        "sid": workspace.sid,
        "friendly_name": workspace.name,
        "default_activity_name": workspace.default_activity.name,
        "default_activity_sid": workspace.default_activity.sid,
        "timeout_activity_name": workspace.timeout_activity.name,
        "timeout_activity_sid": workspace.timeout_activity.sid,
        "event_callback_url": workspace.event_url or None,
        "events_filter": workspace.events or None,
        "multi_task_enabled": True,
        "prioritize_queue_order": "FIFO",
        "date_created": stamp(workspace.created_at),
        "date_updated": stamp(workspace.updated_at),
        "url": links(workspace, ""),
        "links": {},
    }


def list_workspaces(ask: Ask) -> Answer:
    name = ask.text("FriendlyName")
    found = [w for w in ask.office.workspaces.values() if name in {"", w.name}]
    return page_v1(ask, "", "workspaces", found, lambda one: show_workspace(ask, one))


def create_activity(ask: Ask) -> Answer:
    workspace, now = workspace_of(ask), ask.office.clock()
    _not_taken(ask, [activity.name for activity in workspace.activities.values()])
    activity = Activity(
        ask.office.sids.new("WA"), ask.text("FriendlyName"), ask.flag("Available"), now
    )
    workspace.activities[activity.sid] = activity
    return Answer(201, show_activity(ask, workspace, activity))


def show_activity(ask: Ask, workspace: Workspace, activity: Activity) -> dict[str, Any]:
    return {
        **_common(ask, workspace, "Activities", activity.sid, activity.name),
        "available": activity.available,
        "date_created": stamp(activity.created_at),
        "date_updated": stamp(activity.created_at),
    }


def create_worker(ask: Ask) -> Answer:
    workspace, now = workspace_of(ask), ask.office.clock()
    _not_taken(ask, [worker.name for worker in workspace.workers.values()])
    worker = Worker(
        ask.office.sids.new("WK"),
        ask.text("FriendlyName"),
        {},
        workspace.default_activity,
        now,
        now,
        ask.office.now(),
    )
    workspace.workers[worker.sid] = worker
    return _change_worker(ask, workspace, worker, 201)


def update_worker(ask: Ask) -> Answer:
    workspace = workspace_of(ask)
    worker = find_in(workspace.workers, ask.sids["Sid"], "Worker")
    return _change_worker(ask, workspace, worker, 200)


def _change_worker(ask: Ask, workspace: Workspace, worker: Worker, status: int) -> Answer:
    worker.name = ask.text("FriendlyName", worker.name)
    worker.attributes = attributes_of(ask, worker.attributes)
    if ask.has("ActivitySid"):
        activity = find_in(workspace.activities, ask.text("ActivitySid"), "Activity")
        set_activity(ask.office, workspace, worker, activity)
    worker.updated_at = ask.office.clock()
    assign_soon(ask.office, workspace)
    return Answer(status, show_worker(ask, workspace, worker))


def show_worker(ask: Ask, workspace: Workspace, worker: Worker) -> dict[str, Any]:
    return {
        **_common(ask, workspace, "Workers", worker.sid, worker.name),
        "activity_name": worker.activity.name,
        "activity_sid": worker.activity.sid,
        "available": worker.activity.available,
        "attributes": json.dumps(worker.attributes),
        "date_created": stamp(worker.created_at),
        "date_updated": stamp(worker.updated_at),
        "date_status_changed": stamp(worker.updated_at),
    }


def create_queue(ask: Ask) -> Answer:
    workspace, now = workspace_of(ask), ask.office.clock()
    _not_taken(ask, [queue.name for queue in workspace.queues.values()])
    takes = _expression(ask.text("TargetWorkers", "1==1"))
    queue = TaskQueue(ask.office.sids.new("WQ"), ask.text("FriendlyName"), takes, now, now)
    workspace.queues[queue.sid] = queue
    return Answer(201, show_queue(ask, workspace, queue))


def update_queue(ask: Ask) -> Answer:
    workspace = workspace_of(ask)
    queue = find_in(workspace.queues, ask.sids["Sid"], "TaskQueue")
    queue.name = ask.text("FriendlyName", queue.name)
    if ask.has("TargetWorkers"):
        queue.takes = _expression(ask.text("TargetWorkers"))
    queue.updated_at = ask.office.clock()
    assign_soon(ask.office, workspace)
    return Answer(200, show_queue(ask, workspace, queue))


def show_queue(ask: Ask, workspace: Workspace, queue: TaskQueue) -> dict[str, Any]:
    return {
        **_common(ask, workspace, "TaskQueues", queue.sid, queue.name),
        "target_workers": queue.takes.text,
        "max_reserved_workers": 1,
        "task_order": "FIFO",
        "date_created": stamp(queue.created_at),
        "date_updated": stamp(queue.updated_at),
    }


def create_workflow(ask: Ask) -> Answer:
    workspace, now = workspace_of(ask), ask.office.clock()
    _not_taken(ask, [workflow.name for workflow in workspace.workflows.values()])
    text = ask.text("Configuration")
    plan = _plan(text, workspace)
    sid = ask.office.sids.new("WW")
    workflow = Workflow(sid, ask.text("FriendlyName"), text, plan, now, now)
    workspace.workflows[sid] = workflow
    return _change_workflow(ask, workspace, workflow, 201)


def update_workflow(ask: Ask) -> Answer:
    workspace = workspace_of(ask)
    workflow = find_in(workspace.workflows, ask.sids["Sid"], "Workflow")
    return _change_workflow(ask, workspace, workflow, 200)


def _change_workflow(ask: Ask, workspace: Workspace, workflow: Workflow, status: int) -> Answer:
    """Tasks under way keep the steps they began with."""
    workflow.name = ask.text("FriendlyName", workflow.name)
    workflow.configuration = ask.text("Configuration", workflow.configuration)
    workflow.plan = _plan(workflow.configuration, workspace)
    workflow.assignment_url = ask.text("AssignmentCallbackUrl", workflow.assignment_url)
    workflow.fallback_url = ask.text("FallbackAssignmentCallbackUrl", workflow.fallback_url)
    workflow.reservation_seconds = ask.number(
        "TaskReservationTimeout", workflow.reservation_seconds
    )
    workflow.updated_at = ask.office.clock()
    return Answer(status, show_workflow(ask, workspace, workflow))


def show_workflow(ask: Ask, workspace: Workspace, workflow: Workflow) -> dict[str, Any]:
    return {
        **_common(ask, workspace, "Workflows", workflow.sid, workflow.name),
        "configuration": workflow.configuration,
        "document_content_type": "application/json",
        "assignment_callback_url": workflow.assignment_url or None,
        "fallback_assignment_callback_url": workflow.fallback_url or None,
        "task_reservation_timeout": workflow.reservation_seconds,
        "date_created": stamp(workflow.created_at),
        "date_updated": stamp(workflow.updated_at),
    }


def _common(ask: Ask, workspace: Workspace, rest: str, sid: str, name: str) -> dict[str, Any]:
    return {
        "account_sid": ask.office.account_sid,
        "workspace_sid": workspace.sid,
        "sid": sid,
        "friendly_name": name,
        "url": links(workspace, f"/{rest}/{sid}"),
        "links": {},
    }


def _not_taken(ask: Ask, names: list[str]) -> None:
    name = ask.text("FriendlyName")
    if name in names:
        raise RestError(409, 22207, f"The name {name} is taken.")


def _expression(text: str) -> Expression:
    try:
        return parse(text)
    except BadExpression as error:
        raise RestError(400, _INVALID, str(error)) from error


def _plan(text: str, workspace: Workspace) -> Plan:
    try:
        return read_plan(text, workspace.queues)
    except BadWorkflow as error:
        raise RestError(400, _INVALID, str(error)) from error


def _listing(
    rest: str, key: str, attribute: str, show: Callable[[Ask, Workspace, Any], dict[str, Any]]
) -> Callable[[Ask], Answer]:
    def operation(ask: Ask) -> Answer:
        workspace, name = workspace_of(ask), ask.text("FriendlyName")
        things = [o for o in getattr(workspace, attribute).values() if name in {"", o.name}]
        return page_v1(
            ask, f"/{workspace.sid}/{rest}", key, things, lambda one: show(ask, workspace, one)
        )

    return operation


def _fetching(
    attribute: str, show: Callable[[Ask, Workspace, Any], dict[str, Any]]
) -> Callable[[Ask], Answer]:
    def operation(ask: Ask) -> Answer:
        workspace = workspace_of(ask)
        found = find_in(getattr(workspace, attribute), ask.sids["Sid"], attribute)
        return Answer(200, show(ask, workspace, found))

    return operation


OPERATIONS: dict[str, Callable[[Ask], Answer]] = {
    "ListWorkspace": list_workspaces,
    "CreateWorkspace": create_workspace,
    "FetchWorkspace": lambda ask: Answer(200, show_workspace(ask, workspace_of(ask, "Sid"))),
    "UpdateWorkspace": update_workspace,
    "ListActivity": _listing("Activities", "activities", "activities", show_activity),
    "CreateActivity": create_activity,
    "ListWorker": _listing("Workers", "workers", "workers", show_worker),
    "CreateWorker": create_worker,
    "FetchWorker": _fetching("workers", show_worker),
    "UpdateWorker": update_worker,
    "ListTaskQueue": _listing("TaskQueues", "task_queues", "queues", show_queue),
    "CreateTaskQueue": create_queue,
    "FetchTaskQueue": _fetching("queues", show_queue),
    "UpdateTaskQueue": update_queue,
    "ListWorkflow": _listing("Workflows", "workflows", "workflows", show_workflow),
    "CreateWorkflow": create_workflow,
    "FetchWorkflow": _fetching("workflows", show_workflow),
    "UpdateWorkflow": update_workflow,
    **TASK_OPERATIONS,
}
