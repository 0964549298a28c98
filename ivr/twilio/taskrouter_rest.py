"""Twilio TaskRouter's REST API as our `TaskRouter`."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ivr.task_routing import Attributes, Kind, NewTask, Part
from ivr.telephony import CarrierRefused
from ivr.twilio.client import TwilioClient

LIMIT = 1000
OVER = {"completed", "canceled"}
LIVE = ["pending", "reserved", "assigned", "wrapping"]

# Our words for the settings of each kind of part, and Twilio's.
SETTINGS: Mapping[Kind, Mapping[str, str]] = {
    Kind.WORKSPACE: {
        "events_url": "event_callback_url",
        "events": "events_filter",
        "missed": "timeout_activity_sid",
    },
    Kind.ACTIVITY: {"available": "available"},
    Kind.QUEUE: {"workers": "target_workers"},
    Kind.WORKFLOW: {
        "steps": "configuration",
        "asks_url": "assignment_callback_url",
        "fallback_url": "fallback_assignment_callback_url",
        "answer_seconds": "task_reservation_timeout",
    },
    Kind.WORKER: {"attributes": "attributes"},
}


class TwilioTaskRouter(TwilioClient):
    """A `TaskRouter` over HTTPS."""

    def parts(self, workspace: str) -> list[Part]:
        found = self._ask(lambda: self._workspaces.list(friendly_name=workspace, limit=LIMIT))
        ours = next((one for one in found if one.friendly_name == workspace), None)
        if ours is None:
            return []
        parts = [_part(Kind.WORKSPACE, ours)]
        for kind, resource in self._lists(ours.sid).items():
            parts += [_part(kind, one) for one in self._ask(lambda: resource.list(limit=LIMIT))]  # noqa: B023
        return parts

    def create_part(self, workspace_sid: str, part: Part) -> str:
        values = _values(part)
        if part.kind is Kind.WORKSPACE:
            resource = self._workspaces
        else:
            resource = self._lists(workspace_sid)[part.kind]
        made = self._ask(lambda: resource.create(friendly_name=part.name, **values))
        return str(made.sid)

    def change_part(self, workspace_sid: str, part: Part) -> None:
        if part.kind is Kind.ACTIVITY:
            raise CarrierRefused(f"an activity stays as it was made: delete {part.name} there")
        values = _values(part)
        if part.kind is Kind.WORKSPACE:
            resource = self._workspaces(part.sid)
        else:
            resource = self._lists(workspace_sid)[part.kind](part.sid)
        self._ask(lambda: resource.update(**values))

    def create_task(self, workspace_sid: str, task: NewTask) -> str:
        tasks = self._workspaces(workspace_sid).tasks
        made = self._ask(
            lambda: tasks.create(
                workflow_sid=task.workflow_sid,
                attributes=json.dumps(dict(task.attributes)),
                virtual_start_time=task.since,
                timeout=task.timeout_seconds,
            )
        )
        return str(made.sid)

    def find_task(self, workspace_sid: str, key: str, value: str) -> str | None:
        tasks = self._workspaces(workspace_sid).tasks
        same = f"{key} == '{value}'"
        found = self._ask(lambda: tasks.list(evaluate_task_attributes=same, limit=20))
        return next((str(one.sid) for one in found if one.assignment_status not in OVER), None)

    def change_task(self, workspace_sid: str, task_sid: str, attributes: Attributes) -> None:
        task = self._workspaces(workspace_sid).tasks(task_sid)
        self._ask(lambda: task.update(attributes=json.dumps(dict(attributes))))

    def end_task(self, workspace_sid: str, task_sid: str, *, done: bool) -> None:
        task = self._workspaces(workspace_sid).tasks(task_sid)
        wanted, other = ("completed", "canceled") if done else ("canceled", "completed")
        try:
            self._ask(lambda: task.update(assignment_status=wanted, reason="call over"))
        except CarrierRefused:
            # It is over already, or was accepted, or given back, a moment ago.
            if self._ask(task.fetch).assignment_status not in OVER:
                self._ask(lambda: task.update(assignment_status=other, reason="call over"))

    def answer_reservation(
        self, workspace_sid: str, task_sid: str, reservation_sid: str, *, accepts: bool
    ) -> None:
        task = self._workspaces(workspace_sid).tasks(task_sid)
        reservation = task.reservations(reservation_sid)
        answer = "accepted" if accepts else "rejected"
        try:
            self._ask(lambda: reservation.update(reservation_status=answer))
        except CarrierRefused:
            # Said before, and the answer got lost?
            if self._ask(reservation.fetch).reservation_status != answer:
                raise

    def set_worker(self, workspace_sid: str, worker_sid: str, activity_sid: str) -> None:
        worker = self._workspaces(workspace_sid).workers(worker_sid)
        self._ask(lambda: worker.update(activity_sid=activity_sid))

    def live_tasks(self, workspace_sid: str) -> set[str]:
        tasks = self._workspaces(workspace_sid).tasks
        found = self._ask(lambda: tasks.list(assignment_status=LIVE, page_size=LIMIT))
        return {str(one.sid) for one in found}

    def activities(self, workspace_sid: str) -> dict[str, str]:
        workers = self._workspaces(workspace_sid).workers
        found = self._ask(lambda: workers.list(page_size=LIMIT))
        return {str(one.sid): str(one.activity_name) for one in found}

    @cached_property
    def _workspaces(self) -> Any:
        return self._client.taskrouter.v1.workspaces

    def _lists(self, workspace_sid: str) -> dict[Kind, Any]:
        workspace = self._workspaces(workspace_sid)
        return {
            Kind.ACTIVITY: workspace.activities,
            Kind.QUEUE: workspace.task_queues,
            Kind.WORKFLOW: workspace.workflows,
            Kind.WORKER: workspace.workers,
        }


def _part(kind: Kind, resource: Any) -> Part:
    settings = {ours: getattr(resource, theirs) for ours, theirs in SETTINGS[kind].items()}
    return Part(kind, str(resource.friendly_name), settings, str(resource.sid))


def _values(part: Part) -> dict[str, Any]:
    return {SETTINGS[part.kind][name]: value for name, value in part.settings.items()}
