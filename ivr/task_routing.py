"""What the service asks of a task router, in its own words.

The implementation is `ivr.twilio.taskrouter_rest`. Every method may raise one of the refusals of
`ivr.telephony`, which say whether trying again could do a thing twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

Attributes = Mapping[str, object]


class Kind(StrEnum):
    """The parts of a workspace that are made from our configuration."""

    WORKSPACE = "workspace"
    ACTIVITY = "activity"
    QUEUE = "queue"
    WORKFLOW = "workflow"
    WORKER = "worker"


@dataclass(frozen=True)
class Part:
    """One part as it is or should be. The settings of each kind:

    workspace: events_url, events, missed (the SID of the activity after a missed reservation)
    activity: available
    queue: workers (an expression)
    workflow: steps (JSON), asks_url, fallback_url, answer_seconds
    worker: attributes (JSON)
    """

    kind: Kind
    name: str
    settings: Mapping[str, object]
    sid: str | None = None


@dataclass(frozen=True)
class NewTask:
    """A waiting call as a task. It queues as if it had come at `since`."""

    workflow_sid: str
    attributes: Attributes
    since: datetime
    timeout_seconds: int


class TaskRouter(Protocol):
    """A task router that answers within a few seconds or raises."""

    def parts(self, workspace: str) -> list[Part]:
        """Everything of the workspace of that name; nothing if there is none."""

    def create_part(self, workspace_sid: str, part: Part) -> str:
        """Make a part; returns its SID. A workspace is made in no workspace: pass ""."""

    def change_part(self, workspace_sid: str, part: Part) -> None:
        """Give the part of that SID these settings."""

    def create_task(self, workspace_sid: str, task: NewTask) -> str:
        """Put a task into the workflow; returns its SID."""

    def find_task(self, workspace_sid: str, key: str, value: str) -> str | None:
        """The SID of the task that is not over and has this attribute, if there is one."""

    def change_task(self, workspace_sid: str, task_sid: str, attributes: Attributes) -> None:
        """Replace the attributes of a task; refused if it is over."""

    def end_task(self, workspace_sid: str, task_sid: str, *, done: bool) -> None:
        """Complete a task (or cancel it); one that is over stays so."""

    def answer_reservation(
        self, workspace_sid: str, task_sid: str, reservation_sid: str, *, accepts: bool
    ) -> None:
        """Accept or reject; refused if the reservation is settled otherwise."""

    def set_worker(self, workspace_sid: str, worker_sid: str, activity_sid: str) -> None:
        """Put a worker into an activity; again is fine."""

    def live_tasks(self, workspace_sid: str) -> set[str]:
        """The SIDs of all tasks that are not over."""

    def activities(self, workspace_sid: str) -> dict[str, str]:
        """The name of every worker's activity, by the worker's SID."""
