"""Asking the REST API without Twilio's library, each answer checked against the OpenAPI file."""

from dataclasses import dataclass
from typing import Any

import requests

from ivr.carrier.rest.openapi import find, problems_of_value
from tests.carrier.scripted import ACCOUNT, CARRIER, TOKEN, Line

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
ANN = "+12125550101"


@dataclass
class Desk:
    """Raw requests to the REST API of a line, each answer checked against the OpenAPI file."""

    line: Line

    def ask(
        self, method: str, path: str, fields: dict[str, Any] | None = None, **how: Any
    ) -> requests.Response:
        how[{"POST": "data"}.get(method, "params")] = fields or {}
        how.setdefault("auth", (ACCOUNT, TOKEN))
        url = f"{CARRIER}/api{BASE}{path}"
        answer = self.line.session.request(method, url, timeout=5, **how)
        operation, _ = find(method, BASE + path)
        if operation is not None and answer.ok and answer.content:
            schema = operation.answers[str(answer.status_code)]
            assert list(problems_of_value(schema, answer.json(), operation.id)) == []
        return answer

    def get(self, path: str, **fields: Any) -> Any:
        return self.ask("GET", path, fields).json()

    def post(self, path: str, **fields: Any) -> requests.Response:
        return self.ask("POST", path, fields)


def one(desk: Desk, path: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.get(path)[key][0]
    return found


def sid_of(desk: Desk, kind: str) -> str:
    return str(one(desk, f"/{kind}.json", kind[0].lower() + kind[1:])["sid"])


def number_sid(desk: Desk) -> str:
    return str(one(desk, "/IncomingPhoneNumbers.json", "incoming_phone_numbers")["sid"])


def waiting(desk: Desk) -> str:
    queue = sid_of(desk, "Queues")
    member = one(desk, f"/Queues/{queue}/Members.json", "queue_members")
    return f"/Queues/{queue}/Members/{member['call_sid']}.json"


def present(desk: Desk) -> str:
    room = sid_of(desk, "Conferences")
    participant = one(desk, f"/Conferences/{room}/Participants.json", "participants")
    return f"/Conferences/{room}/Participants/{participant['call_sid']}.json"
