"""What the tests look at and do on TaskRouter's side of a line."""

from datetime import timedelta

from ivr.acd.technicians import ask_for_state
from ivr.carrier.taskrouter.assigning import set_activity
from ivr.carrier.taskrouter.model import Task, Worker, Workspace
from ivr.store.engine import writing
from ivr.store.technicians import TechnicianState
from tests.ivr.test_signature import sign
from tests.line import ACCOUNT, SERVICE, LineUnderTest


def workspace_of(line: LineUnderTest) -> Workspace:
    (workspace,) = line.exchange.office.workspaces.values()
    return workspace


def worker_of(line: LineUnderTest, name: str = "ann") -> Worker:
    workers = workspace_of(line).workers.values()
    return next(worker for worker in workers if worker.name == f"{name}@example.com")


def tasks_of(line: LineUnderTest) -> list[Task]:
    return list(workspace_of(line).tasks.values())


def statuses(line: LineUnderTest) -> list[str]:
    return [task.status.value for task in tasks_of(line)]


def activity(line: LineUnderTest) -> str:
    return worker_of(line).activity.name


def become(line: LineUnderTest, state: TechnicianState) -> None:
    """The technician asks for a state at our side."""
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        until = now + timedelta(hours=1)
        ask_for_state(connection, "ann@example.com", state, now=now, until=until)


def change_there(line: LineUnderTest, name: str) -> None:
    """Somebody changes the worker's activity at TaskRouter's side."""
    workspace = workspace_of(line)
    chosen = next(each for each in workspace.activities.values() if each.name == name)
    set_activity(line.exchange.office, workspace, worker_of(line), chosen)


def post(line: LineUnderTest, path: str, **fields: str) -> tuple[int, bytes]:
    """A signed request as TaskRouter makes it."""
    form = {"AccountSid": ACCOUNT, **fields}
    signature = sign(f"{SERVICE}{path}", form)
    answer = line.app.test_client().post(
        f"{SERVICE}{path}", data=form, headers={"X-Twilio-Signature": signature}
    )
    return answer.status_code, answer.data
