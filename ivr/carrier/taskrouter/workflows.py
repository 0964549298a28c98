"""A workflow's configuration: which filter a task falls into, and the targets it goes through."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.carrier.taskrouter.expressions import BadExpression, Expression, parse

# The one skip condition the simulated carrier knows.
NOBODY_AVAILABLE = "workers.available == 0"
_FILTER_KEYS = {"filter_friendly_name", "expression", "targets"}
_TARGET_KEYS = {"queue", "timeout", "expression", "skip_if"}


class BadWorkflow(ValueError):
    """A configuration this carrier does not understand; the sentence says what."""


@dataclass(frozen=True)
class Target:
    """One step: the queue, who of its workers, and how long until the next step."""

    queue: str
    expression: Expression | None
    seconds: int | None
    skipped_without_workers: bool


@dataclass(frozen=True)
class Filter:
    name: str
    expression: Expression
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Plan:
    """The first filter that fits wins; `default` is the queue of what fits none, if any."""

    filters: tuple[Filter, ...]
    default: str

    def targets_for(self, attributes: Mapping[str, Any]) -> tuple[Target, ...]:
        for each in self.filters:
            if each.expression.holds(attributes):
                return each.targets
        return (Target(self.default, None, None, False),) if self.default else ()


def read_plan(text: str, queues: Mapping[str, object]) -> Plan:
    """Raises BadWorkflow for what is not JSON of this shape, or names a queue nobody has."""
    try:
        routing = json.loads(text)["task_routing"]
        filters = tuple(_filter(each, queues) for each in routing.get("filters", []))
        default = routing.get("default_filter", {}).get("queue", "")
    except (BadExpression, BadWorkflow) as error:
        raise BadWorkflow(str(error)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadWorkflow(f"Configuration is not a workflow: {error!r}") from error
    if default and default not in queues:
        raise BadWorkflow(f"There is no task queue {default}.")
    return Plan(filters, default)


def _filter(given: Mapping[str, Any], queues: Mapping[str, object]) -> Filter:
    _no_other_keys(given, _FILTER_KEYS)
    targets = tuple(_target(each, queues) for each in given["targets"])
    return Filter(given.get("filter_friendly_name", ""), parse(given["expression"]), targets)


def _target(given: Mapping[str, Any], queues: Mapping[str, object]) -> Target:
    _no_other_keys(given, _TARGET_KEYS)
    if given["queue"] not in queues:
        raise BadWorkflow(f"There is no task queue {given['queue']}.")
    skip = given.get("skip_if", "")
    if skip not in {"", NOBODY_AVAILABLE}:
        raise BadWorkflow(f"skip_if {skip!r} is not known here; it is {NOBODY_AVAILABLE!r}.")
    seconds = given.get("timeout")
    expression = parse(given["expression"]) if "expression" in given else None
    return Target(given["queue"], expression, None if seconds is None else int(seconds), bool(skip))


def _no_other_keys(given: Mapping[str, Any], known: set[str]) -> None:
    if other := sorted(given.keys() - known):
        raise BadWorkflow(f"{other[0]!r} is not known here; known are {', '.join(sorted(known))}.")
