"""A workspace of the simulated TaskRouter, asked without Twilio's library and checked against
Twilio's OpenAPI file."""

import json
from dataclasses import dataclass
from typing import Any

import requests

from ivr.carrier.rest.openapi import find, problems_of_value
from tests.carrier.scripted import ACCOUNT, CARRIER, SERVICE, TOKEN, Answer, Line

EVERYBODY = "1==1"
ASSIGNMENT = f"{SERVICE}/assignment"
LATER = Answer(body=b"", content_type="application/json")


@dataclass
class Router:
    """Raw requests to the workspace `sid`, once there is one."""

    line: Line
    sid: str = ""

    def ask(self, method: str, path: str, fields: dict[str, Any]) -> requests.Response:
        full = f"/v1/Workspaces{path}"
        how: dict[str, Any] = {"data" if method == "POST" else "params": fields}
        url = f"{CARRIER}/taskrouter{full}"
        answer = self.line.session.request(method, url, timeout=5, auth=(ACCOUNT, TOKEN), **how)
        operation, _ = find(method, full)
        if operation is not None and answer.ok:
            schema = operation.answers[str(answer.status_code)]
            assert list(problems_of_value(schema, answer.json(), operation.id)) == []
        return answer

    def post(self, path: str, **fields: Any) -> Any:
        """Ask for a change that is made; returns what the resource has become."""
        answer = self.ask("POST", f"/{self.sid}{path}", fields)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path: str, **fields: Any) -> Any:
        answer = self.ask("GET", f"/{self.sid}{path}", fields)
        assert answer.ok, answer.text
        return answer.json()

    def open(self) -> "Router":
        made = self.ask("POST", "", {"FriendlyName": "Support"})
        self.sid = made.json()["sid"]
        return self

    def activity(self, name: str) -> str:
        found = self.get("/Activities")["activities"]
        return str(next(one["sid"] for one in found if one["friendly_name"] == name))

    def queue(self, name: str, takes: str = EVERYBODY) -> str:
        return str(self.post("/TaskQueues", FriendlyName=name, TargetWorkers=takes)["sid"])

    def worker(self, name: str, activity: str = "Available", **attributes: Any) -> str:
        return str(
            self.post(
                "/Workers",
                FriendlyName=name,
                Attributes=json.dumps(attributes),
                ActivitySid=self.activity(activity),
            )["sid"]
        )

    def workflow(self, *targets: dict[str, Any], seconds: int = 60, **more: Any) -> str:
        filters = [{"filter_friendly_name": "all", "expression": EVERYBODY, "targets": targets}]
        text = json.dumps({"task_routing": {"filters": filters}})
        fields = {"AssignmentCallbackUrl": ASSIGNMENT, "TaskReservationTimeout": seconds, **more}
        made = self.post("/Workflows", FriendlyName="calls", Configuration=text, **fields)
        return str(made["sid"])

    def task(self, workflow: str, attributes: dict[str, Any] | None = None, **more: Any) -> str:
        text = json.dumps(attributes or {})
        return str(self.post("/Tasks", WorkflowSid=workflow, Attributes=text, **more)["sid"])

    def status(self, task: str) -> str:
        return str(self.get(f"/Tasks/{task}")["assignment_status"])

    def reservations(self, task: str) -> list[tuple[str, str]]:
        """Who was asked, and how it stands."""
        found = self.get(f"/Tasks/{task}/Reservations")["reservations"]
        return [(one["worker_name"], one["reservation_status"]) for one in found]

    def answer(self, task: str, status: str, **more: Any) -> requests.Response:
        """Accept or reject the newest reservation of a task."""
        newest = self.get(f"/Tasks/{task}/Reservations")["reservations"][-1]["sid"]
        path = f"/{self.sid}/Tasks/{task}/Reservations/{newest}"
        return self.ask("POST", path, {"ReservationStatus": status, **more})
