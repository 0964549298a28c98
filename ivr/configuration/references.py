"""What one part of line.yaml says about another: names that must exist, choices that must agree.

Works on the plain document and passes over what has the wrong shape, of which the schema speaks:
so a mistake in one place never hides one in another.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pytz

from callflows.strict_yaml import Path
from ivr.configuration.holidays import calendar_mistakes
from ivr.configuration.numbers import number_mistakes
from ivr.configuration.places import EACH, KEY, Mistake, place, select, suggestion

# Every place where one part names another, and what kind of thing it names.
_USES = (
    (("flow",), "flow"),
    (("default_line",), "number"),
    (("regions", EACH, "language"), "language"),
    (("numbers", EACH, "languages", EACH), "language"),
    (("numbers", EACH, "region"), "region"),
    (("transfers", EACH, "regions", EACH), "region"),
    (("emergency_closure", "regions", EACH), "region"),
    (("hours_by_product", KEY), "product"),
    (("policy_by_product", KEY), "product"),
    (("queues", EACH, "products", EACH), "product"),
    (("queues", EACH, "overflow", EACH), "queue"),
    (("fallback_queue",), "queue"),
    (("triage_queue",), "queue"),
)
_DEFINED_IN = {
    "flow": "callflows/flows",
    "language": "callflows/prompts",
    "number": "numbers",
    "region": "regions",
    "product": "products",
    "queue": "queues",
}
# Queues a call can also come to without fitting them.
_CHOSEN_BY_NAME = ("fallback_queue", "triage_queue")


def mismatches(line: Any, flows: Collection[str], languages: Collection[str]) -> list[Mistake]:
    """Everything in the document that does not fit the rest of it, or the flows and prompts."""
    return [
        *_unknown_names(line, {"flow": flows, "language": languages}),
        *_voices(line),
        *_closures(line),
        *number_mistakes(line),
        *_queue_loops(line),
        *_queues_never_reached(line),
        *calendar_mistakes(line),
    ]


def _names(line: Any, block: str) -> list[str]:
    return [name for _, name in select(line, block, KEY) if isinstance(name, str)]


def _unknown_names(line: Any, elsewhere: Mapping[str, Collection[str]]) -> Iterator[Mistake]:
    for pattern, kind in _USES:
        known = elsewhere.get(kind) or _names(line, _DEFINED_IN[kind])
        for path, name in select(line, *pattern):
            if isinstance(name, str) and name not in known:
                yield (
                    path,
                    (
                        f"{place(path)} names the {kind} {name!r}, which is not in "
                        f"{_DEFINED_IN[kind]}; {suggestion(name, known)}"
                    ),
                )


def _voices(line: Any) -> Iterator[Mistake]:
    """Every language in use has a voice: the region's own, or the one under `voices`."""
    voices = _names(line, "voices")
    own = {
        name: region.get("language")
        for (_, name), region in select(line, "regions", EACH)
        if isinstance(region, dict) and region.get("voice")
    }
    for path, language in select(line, "regions", EACH, "language"):
        if path[1] not in own and isinstance(language, str) and language not in voices:
            yield path, f"{place(path)} is {language}, which has no voice; add it under voices."
    for path, language in select(line, "numbers", EACH, "languages", EACH):
        region = line["numbers"][path[1]].get("region")
        if isinstance(language, str) and language not in {*voices, own.get(region)}:
            yield path, f"{place(path)} is {language}, which has no voice; add it under voices."


def _closures(line: Any) -> Iterator[Mistake]:
    regions = _names(line, "regions")
    for path, name in select(line, "closures", KEY):
        if name not in regions and name not in pytz.country_names:
            yield (
                path,
                (
                    f"{place(path)} must be a region or a country in two capital letters; "
                    f"{suggestion(name, regions)}"
                ),
            )


def _queue_loops(line: Any) -> Iterator[Mistake]:
    """A queue whose overflow leads back to itself."""
    overflow: dict[str, list[str]] = {name: [] for name in _names(line, "queues")}
    for (_, name, *_rest), helper in select(line, "queues", EACH, "overflow", EACH):
        if helper in overflow:
            overflow[str(name)].append(helper)
    for name, helpers in overflow.items():
        reached, ahead = set[str](), list(helpers)
        while ahead:
            helper = ahead.pop()
            if helper not in reached:
                reached.add(helper)
                ahead += overflow[helper]
        if name in reached:
            path: Path = ("queues", name, "overflow")
            yield path, f"{place(path)} leads back to {name} itself; take one of the queues out."


def _queues_never_reached(line: Any) -> Iterator[Mistake]:
    """A queue after another one that already takes everything it is for."""
    exempt = {name for key in _CHOSEN_BY_NAME for _, name in select(line, key)}
    queues = [(str(path[1]), queue) for path, queue in select(line, "queues", EACH)]
    for position, (name, queue) in enumerate(queues):
        for earlier, wider in queues[:position]:
            if name not in exempt and _takes_all_of(wider, queue):
                path: Path = ("queues", name)
                yield (
                    path,
                    (
                        f"{place(path)} never gets a call, because {earlier} above it takes all of "
                        "them; move it up or narrow the other one."
                    ),
                )
                break


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
