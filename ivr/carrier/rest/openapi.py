"""Twilio's own description of its REST API, trimmed: is a request an operation, and well formed?"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

Schema = Mapping[str, Any]

PREFIX = "/2010-04-01/Accounts/{AccountSid}"
_REFERENCE = "#/components/schemas/"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Operation:
    """One operation: its id, and the schemas of what may be in the path, the query and the form."""

    id: str
    path: Mapping[str, Schema]
    query: Mapping[str, Schema]
    form: Mapping[str, Schema]
    required: frozenset[str]
    answers: Mapping[str, Schema]


VOICE = "twilio_api_v2010.json"
TASKROUTER = "twilio_taskrouter_v1.json"


@lru_cache(maxsize=2)
def document(name: str = VOICE) -> dict[str, Any]:
    text = files("ivr.carrier").joinpath("openapi", name).read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def find(method: str, path: str) -> tuple[Operation | None, dict[str, str]]:
    """The operation of a request, and the SIDs in its path (from the version on)."""
    for pattern, operations in _routes():
        found = pattern.fullmatch(path)
        if found is not None:
            return operations.get(method.lower()), found.groupdict()
    return None, {}


def resolve(schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    name = reference.removeprefix(_REFERENCE)
    named: Schema = _schemas()[name]
    return named


def problems_of_value(schema: Schema, value: Any, name: str = "it") -> Iterator[str]:
    """Why a JSON value does not have this schema; undescribed properties count."""
    schema = resolve(schema)
    if value is None:
        if not schema.get("nullable", False):
            yield f"{name} is null"
        return
    if not _has_type(schema.get("type"), value):
        yield f"{name} is {value!r}, not of type {schema.get('type')}"
    elif isinstance(value, dict) and "properties" in schema:
        for key, item in value.items():
            if key in schema["properties"]:
                yield from problems_of_value(schema["properties"][key], item, f"{name}.{key}")
            else:
                yield f"{name} has a property {key!r} that is not described"
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from problems_of_value(schema.get("items", {}), item, f"{name}[{place}]")
    else:
        yield from _problems_of_scalar(schema, value, name)


def problems_of_text(schema: Schema, values: Sequence[str], name: str) -> Iterator[str]:
    """The same for a form or query field, whose values are text."""
    schema = resolve(schema)
    kind = schema.get("type")
    if kind == "array":
        for value in values:
            yield from problems_of_text(schema["items"], [value], name)
        return
    if len(values) > 1:
        yield f"{name} is given {len(values)} times"
    text = values[0]
    if kind == "integer" and not re.fullmatch("-?[0-9]+", text):
        yield f"{name}={text!r} is not a whole number"
    elif kind == "boolean" and text.lower() not in {"true", "false"}:
        yield f"{name}={text!r} is neither true nor false"
    else:
        yield from _problems_of_scalar(schema, int(text) if kind == "integer" else text, name)


def _problems_of_scalar(schema: Schema, value: Any, name: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name}={value!r} is none of {', '.join(schema['enum'])}"
    if (
        isinstance(value, str)
        and "pattern" in schema
        and not re.fullmatch(schema["pattern"], value)
    ):
        yield f"{name}={value!r} does not look like {schema['pattern']}"
    if schema.get("format") in {"date", "date-time"} and not _is_date(str(value)):
        yield f"{name}={value!r} is not a date"
    if isinstance(value, int) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield f"{name}={value} is below {schema['minimum']}"
        if value > schema.get("maximum", value):
            yield f"{name}={value} is above {schema['maximum']}"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _has_type(kind: str | None, value: Any) -> bool:
    types: dict[str | None, type | tuple[type, ...]] = {
        "string": str,
        "integer": int,
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    if kind == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, types.get(kind, object))


@lru_cache(maxsize=1)
def _schemas() -> dict[str, Schema]:
    """The schemas of both files; no name is in both."""
    return {
        **document(VOICE)["components"]["schemas"],
        **document(TASKROUTER)["components"]["schemas"],
    }


@lru_cache(maxsize=1)
def _routes() -> list[tuple[re.Pattern[str], dict[str, Operation]]]:
    routes = []
    paths = {**document(VOICE)["paths"], **document(TASKROUTER)["paths"]}
    for path, methods in paths.items():
        # A SID has no slash and no dot, so `Calls/CA….json` is not `Calls.json` of something.
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/.]+)", re.escape(path))
        operations = {method: _operation(described) for method, described in methods.items()}
        routes.append((re.compile(pattern), operations))
    return routes


def _operation(described: Mapping[str, Any]) -> Operation:
    form = described.get("requestBody", {}).get("content", {}).get(_FORM, {}).get("schema", {})
    parameters = described.get("parameters", [])
    return Operation(
        described["operationId"],
        {p["name"]: p["schema"] for p in parameters if p["in"] == "path"},
        {p["name"]: p["schema"] for p in parameters if p["in"] == "query"},
        form.get("properties", {}),
        frozenset(form.get("required", ())),
        {
            status: answer["content"]["application/json"]["schema"]
            for status, answer in described["responses"].items()
            if "content" in answer
        },
    )
