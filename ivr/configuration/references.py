"""What one part of line.yaml says about another: names that must exist, choices that must agree.

Works on the plain document and passes over what has the wrong shape, of which the schema speaks:
so a mistake in one place never hides one in another.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pytz

from ivr.configuration.holidays import calendar_mistakes
from ivr.configuration.numbers import number_mistakes
from ivr.configuration.on_call import on_call_mistakes
from ivr.configuration.places import EACH, KEY, Mistake, place, select, suggestion

FLOWS = "callflows/flows"
PROMPTS = "callflows/prompts"

# Every place where one part names another, and the block in which that one is defined.
_USES = (
    (("flow",), FLOWS),
    (("default_line",), "numbers"),
    (("regions", EACH, "language"), "voices"),
    (("regions", EACH, "language"), PROMPTS),
    (("numbers", EACH, "languages", EACH), "voices"),
    (("numbers", EACH, "languages", EACH), PROMPTS),
    (("numbers", EACH, "region"), "regions"),
    (("regions", EACH, "helped_by", EACH), "regions"),
    (("transfers", EACH, "regions", EACH), "regions"),
    (("conversation_recording", "queues", EACH), "queues"),
    (("conversation_recording", "regions", EACH), "regions"),
    (("emergency_closure", "regions", EACH), "regions"),
    (("hours_by_product", KEY), "products"),
    (("policy_by_product", KEY), "products"),
    (("queues", EACH, "products", EACH), "products"),
    (("queues", EACH, "overflow", EACH), "queues"),
    (("queues", EACH, "escalation", EACH, "rota"), "on_call"),
    (("fallback_queue",), "queues"),
    (("triage_queue",), "queues"),
)
# Queues a call can also come to without fitting them.
_CHOSEN_BY_NAME = ("fallback_queue", "triage_queue")


def mismatches(line: Any, flows: Collection[str], languages: Collection[str]) -> list[Mistake]:
    """Everything in the document that does not fit the rest of it, or the flows and prompts."""
    return [
        *_unknown_names(line, {FLOWS: flows, PROMPTS: languages}),
        *_closures(line),
        *number_mistakes(line),
        *_overflow_to_itself(line),
        *_queues_in_the_way(line),
        *calendar_mistakes(line),
        *on_call_mistakes(line),
    ]


def _names(line: Any, block: str) -> list[str]:
    return [name for _, name in select(line, block, KEY) if isinstance(name, str)]


def _unknown_names(line: Any, elsewhere: Mapping[str, Collection[str]]) -> Iterator[Mistake]:
    for pattern, block in _USES:
        known = elsewhere[block] if block in elsewhere else _names(line, block)
        for path, name in select(line, *pattern):
            if isinstance(name, str) and name not in known:
                hint = suggestion(name, known)
                yield path, f"{place(path)} is {name!r}, which is not in {block}; {hint}"


def _closures(line: Any) -> Iterator[Mistake]:
    regions = _names(line, "regions")
    for path, name in select(line, "closures", KEY):
        if name not in regions and name not in pytz.country_names:
            hint = suggestion(name, regions)
            yield path, f"{place(path)} is neither a country, like IE, nor a region; {hint}"


def _overflow_to_itself(line: Any) -> Iterator[Mistake]:
    for path, helper in select(line, "queues", EACH, "overflow", EACH):
        if helper == path[1]:
            yield path, f"{place(path)} is the queue itself; name another one or remove it."


def _queues_in_the_way(line: Any) -> Iterator[Mistake]:
    """A queue that takes all the calls of others below it."""
    chosen_by_name = [name for key in _CHOSEN_BY_NAME for _, name in select(line, key)]
    queues = list(select(line, "queues", EACH))
    for position, (path, wide) in enumerate(queues):
        starved = [
            str(other[1])
            for other, queue in queues[position + 1 :]
            if other[1] not in chosen_by_name and _takes_all_of(wide, queue)
        ]
        if starved:
            names = ", ".join(starved)
            yield path, f"{place(path)} takes all calls of {names}; narrow it or move it below."


def _takes_all_of(wider: Any, narrower: Any) -> bool:
    if not isinstance(wider, dict) or not isinstance(narrower, dict):
        return False
    for criterion in ("products", "severities", "queue_classes"):
        wide, narrow = wider.get(criterion) or [], narrower.get(criterion) or []
        if not isinstance(wide, list) or not isinstance(narrow, list):
            return False
        if wide and not (narrow and all(item in wide for item in narrow)):
            return False
    return True
