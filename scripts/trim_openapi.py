"""Trim Twilio's OpenAPI file to the operations the simulated carrier offers, and the
schemas they use.

    python scripts/trim_openapi.py FULL.json ivr/carrier/openapi/twilio_api_v2010.json
    python scripts/trim_openapi.py FULL.json ivr/carrier/openapi/twilio_taskrouter_v1.json

The licence note beside the trimmed files says where FULL.json comes from.
"""

import json
import sys
from pathlib import Path
from typing import Any

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
WORKSPACES = "/v1/Workspaces"
VOICE = {
    "/Calls.json": ("get", "post"),
    "/Calls/{Sid}.json": ("get", "post"),
    "/Queues.json": ("get", "post"),
    "/Queues/{Sid}.json": ("get", "post", "delete"),
    "/Queues/{QueueSid}/Members.json": ("get",),
    "/Queues/{QueueSid}/Members/{CallSid}.json": ("get", "post"),
    "/Recordings.json": ("get",),
    "/Recordings/{Sid}.json": ("get", "delete"),
    "/IncomingPhoneNumbers.json": ("get", "post"),
    "/IncomingPhoneNumbers/{Sid}.json": ("get", "post"),
    "/Conferences.json": ("get",),
    "/Conferences/{Sid}.json": ("get", "post"),
    "/Conferences/{ConferenceSid}/Participants.json": ("get",),
    "/Conferences/{ConferenceSid}/Participants/{CallSid}.json": ("get", "post", "delete"),
}
TASKROUTER = {
    "": ("get", "post"),
    "/{Sid}": ("get", "post"),
    "/{WorkspaceSid}/Activities": ("get", "post"),
    "/{WorkspaceSid}/Workers": ("get", "post"),
    "/{WorkspaceSid}/Workers/{Sid}": ("get", "post"),
    "/{WorkspaceSid}/TaskQueues": ("get", "post"),
    "/{WorkspaceSid}/TaskQueues/{Sid}": ("get", "post"),
    "/{WorkspaceSid}/Workflows": ("get", "post"),
    "/{WorkspaceSid}/Workflows/{Sid}": ("get", "post"),
    "/{WorkspaceSid}/Tasks": ("get", "post"),
    "/{WorkspaceSid}/Tasks/{Sid}": ("get", "post"),
    "/{WorkspaceSid}/Tasks/{TaskSid}/Reservations": ("get",),
    "/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}": ("get", "post"),
}
OPERATIONS = {
    **{ACCOUNT + path: methods for path, methods in VOICE.items()},
    **{WORKSPACES + path: methods for path, methods in TASKROUTER.items()},
}
LEFT_OUT = {"description", "examples", "example", "x-twilio", "tags", "headers", "summary"}
REFERENCE = "#/components/schemas/"


def trimmed(full: dict[str, Any]) -> dict[str, Any]:
    """Only what the carrier needs; prose and examples are left out."""
    paths = {
        path: {method: _without_prose(full["paths"][path][method]) for method in methods}
        for path, methods in OPERATIONS.items()
        if path in full["paths"]
    }
    schemas: dict[str, Any] = {}
    wanted = _references(paths)
    while wanted:
        name = wanted.pop()
        if name not in schemas:
            schemas[name] = _without_prose(full["components"]["schemas"][name])
            wanted |= _references(schemas[name])
    info = {key: full["info"][key] for key in ("title", "version", "license")}
    components = {"schemas": dict(sorted(schemas.items()))}
    return {"openapi": full["openapi"], "info": info, "paths": paths, "components": components}


def _without_prose(node: Any, inside_properties: bool = False) -> Any:
    if isinstance(node, dict):
        return {
            key: _without_prose(value, key == "properties")
            for key, value in node.items()
            if inside_properties or (key not in LEFT_OUT and not key.startswith("x-"))
        }
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    return node


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = (
            {node["$ref"].removeprefix(REFERENCE)} if isinstance(node.get("$ref"), str) else set()
        )
        return found.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(item) for item in node))
    return set()


def main(source: str, target: str) -> None:
    document = trimmed(json.loads(Path(source).read_text(encoding="utf-8")))
    Path(target).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
