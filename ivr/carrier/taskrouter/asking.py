"""What a workspace tells the service: assignment callbacks, and events."""

import json
from collections.abc import Callable

from ivr.carrier.couriers import fetch, is_success, post
from ivr.carrier.office import Office
from ivr.carrier.signing import Order
from ivr.carrier.taskrouter.model import Reservation, Task, Worker, Workspace
from ivr.carrier.tasks import Script
from ivr.carrier.transport import Reply

# Five seconds for the answer, whatever the address says.
PATIENCE = "#ct=5000&rt=5000&tt=5000&rc=0"
EVENT_PATIENCE = "#ct=5000&rt=15000&tt=15000&rc=0"
Fields = tuple[tuple[str, str], ...]


def ask_service(
    office: Office,
    workspace: Workspace,
    reservation: Reservation,
    answered: Callable[[dict[str, str]], None],
) -> None:
    """The assignment callback, then the fallback one. Nobody who answers: the time-out decides."""
    workflow = reservation.task.workflow
    fields = _assignment(office, workspace, reservation)

    def script() -> Script[None]:
        for url in (workflow.assignment_url, workflow.fallback_url):
            if url:
                order = Order("assignment", url.partition("#")[0] + PATIENCE, fields=fields)
                instruction = _instruction((yield from fetch(office, order)))
                if instruction is not None:
                    answered(instruction)
                    return

    office.spawn(script())


def tell(
    office: Office,
    workspace: Workspace,
    event: str,
    *,
    task: Task | None = None,
    worker: Worker | None = None,
    reservation: Reservation | None = None,
) -> None:
    """Post an event, if the workspace wants events of this kind."""
    if not workspace.event_url or (workspace.events and event not in workspace.events.split(",")):
        return
    fields = [
        ("EventType", event),
        ("Sid", office.sids.new("EV")),
        ("AccountSid", office.account_sid),
        ("WorkspaceSid", workspace.sid),
        ("WorkspaceName", workspace.name),
        ("EventDescription", event),
        ("Timestamp", str(int(office.clock().timestamp()))),
    ]
    if reservation is not None:
        task, worker = reservation.task, reservation.worker
        fields += [("ReservationSid", reservation.sid), ("ResourceType", "reservation")]
    if task is not None:
        fields += [("TaskSid", task.sid), ("TaskAttributes", json.dumps(task.attributes))]
    if worker is not None:
        fields += [
            ("WorkerSid", worker.sid),
            ("WorkerName", worker.name),
            ("WorkerAttributes", json.dumps(worker.attributes)),
            ("WorkerActivitySid", worker.activity.sid),
            ("WorkerActivityName", worker.activity.name),
        ]
    url = workspace.event_url.partition("#")[0] + EVENT_PATIENCE
    post(office, Order("event", url, fields=tuple(fields)))


def _assignment(office: Office, workspace: Workspace, reservation: Reservation) -> Fields:
    task, worker = reservation.task, reservation.worker
    return (
        ("Timestamp", str(int(office.clock().timestamp()))),
        ("AccountSid", office.account_sid),
        ("WorkspaceSid", workspace.sid),
        ("WorkflowSid", task.workflow.sid),
        ("TaskQueueSid", task.queue.sid if task.queue else ""),
        ("WorkerSid", worker.sid),
        ("WorkerAttributes", json.dumps(worker.attributes)),
        ("TaskSid", task.sid),
        ("TaskAttributes", json.dumps(task.attributes)),
        ("TaskAge", str(int(office.now() - task.created))),
        ("TaskPriority", str(task.priority)),
        ("ReservationSid", reservation.sid),
    )


def _instruction(reply: Reply) -> dict[str, str] | None:
    """The instruction of an answer; {} to decide later, None for an answer that is none."""
    if not is_success(reply) or "application/json" not in reply.header("Content-Type"):
        return None
    if not reply.body.strip():
        return {}
    try:
        read = json.loads(reply.body)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
