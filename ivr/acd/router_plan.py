"""The workspace that our configuration asks for, and what has to change to have it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.acd.technicians import Technician
from ivr.configuration import Configuration
from ivr.configuration.model import WHISPER_SECONDS
from ivr.store.technicians import TechnicianState
from ivr.task_routing import Attributes, Kind, Part
from routing.matching import SKILLS, MatchingRules
from routing.queues import overflow_chain

WORKFLOW = "Support calls"
# The activity of each of our states; only the first lets TaskRouter put a call to a worker.
ACTIVITIES = {
    TechnicianState.AVAILABLE: "Available",
    TechnicianState.RESERVED: "Reserved",
    TechnicianState.ON_CALL: "On call",
    TechnicianState.WRAP_UP: "Wrap-up",
    TechnicianState.ON_BREAK: "On break",
    TechnicianState.OFFLINE: "Offline",
}
STATES = {name: state for state, name in ACTIVITIES.items()}
# What TaskRouter tells us of.
EVENTS = (
    "reservation.timeout",
    "reservation.canceled",
    "reservation.rescinded",
    "task.canceled",
    "task.completed",
    "worker.activity.update",
)
# Ours run out first; TaskRouter's own time-out is for a service that is not there.
ANSWER_SLACK_SECONDS = 15
# How long those who fit best are waited for, if one of them is free at the beginning.
PREFERENCE_SECONDS = 1
NOBODY_AVAILABLE = "workers.available == 0"
ORDER = (Kind.WORKSPACE, Kind.ACTIVITY, Kind.QUEUE, Kind.WORKFLOW, Kind.WORKER)


@dataclass(frozen=True)
class Addresses:
    """Where TaskRouter asks us and tells us."""

    assignment: str
    events: str


@dataclass(frozen=True)
class PartChange:
    """A part that is not as it should be. `had` is None when it is missing, `wants` when nobody
    asked for it: such a part is shown and left alone."""

    had: Part | None
    wants: Part | None

    @property
    def part(self) -> Part:
        part = self.wants or self.had
        assert part is not None
        return part

    @property
    def is_needed(self) -> bool:
        return self.wants is not None

    @property
    def settings(self) -> dict[str, tuple[object, object]]:
        """The settings that differ: what each is, and what it should be."""
        had = self.had.settings if self.had else {}
        wants = self.wants.settings if self.wants else {}
        return {
            name: (had.get(name), value)
            for name, value in wants.items()
            if not _same(had.get(name), value)
        }


def changes(
    configuration: Configuration,
    technicians: Iterable[Technician],
    addresses: Addresses,
    existing: Sequence[Part],
) -> list[PartChange]:
    """What to create and change, in an order in which it can be done, and what nobody wants."""
    by_name = {(part.kind, part.name): part for part in existing}
    wanted = wanted_parts(configuration, technicians, addresses, existing)
    differ = []
    for part in wanted:
        change = PartChange(by_name.pop((part.kind, part.name), None), part)
        if change.had is None or change.settings:
            differ.append(change)
    # A workspace has activities of its own from the beginning.
    extra = [PartChange(part, None) for part in by_name.values() if part.kind is not Kind.ACTIVITY]
    return [*differ, *extra]


def wanted_parts(
    configuration: Configuration,
    technicians: Iterable[Technician],
    addresses: Addresses,
    existing: Sequence[Part],
) -> list[Part]:
    """Every part, as it should be given those that exist."""
    sids = {(part.kind, part.name): part.sid for part in existing}
    workspace = {"events_url": addresses.events, "events": ",".join(EVENTS)}
    # Whoever lets a reservation run out was not told of it by us, so is no less on shift.
    if missed := sids.get((Kind.ACTIVITY, ACTIVITIES[TechnicianState.RESERVED])):
        workspace["missed"] = missed
    activities = [
        Part(Kind.ACTIVITY, name, {"available": state is TechnicianState.AVAILABLE})
        for state, name in ACTIVITIES.items()
    ]
    queue_names = [queue.name for queue in configuration.plan.queues]
    queues = {name: sids.get((Kind.QUEUE, name)) or name for name in queue_names}
    workers = [
        Part(Kind.WORKER, person.email, {"attributes": _json(worker_attributes(person))})
        for person in technicians
    ]
    return [
        Part(Kind.WORKSPACE, configuration.distribution.workspace, workspace),
        *activities,
        *(Part(Kind.QUEUE, name, {"workers": "1==1"}) for name in queue_names),
        _workflow(configuration, addresses, queues),
        *workers,
    ]


def word(name: str) -> str:
    """A name as it stands in attributes and expressions, which know no hyphen."""
    return name.replace("-", "_")


def worker_attributes(person: Technician) -> Attributes:
    """What a worker can do. An empty list means any, and is told as such."""
    skills: dict[str, Sequence[object]] = {
        "product": [word(name) for name in person.products],
        "language": [word(name) for name in person.languages],
        "region": [word(name) for name in person.regions],
        "severity": list(person.severities),
    }
    attributes: dict[str, object] = {"technician": person.id, "level": person.level}
    for skill, values in skills.items():
        attributes[skill] = list(values)
        attributes[f"any_{skill}"] = int(not values)
    return attributes


def steps(rules: MatchingRules, chain: Sequence[str]) -> list[dict[str, object]]:
    """The steps of a queue: whom its calls are put to, for how long, and then whom.

    First come preferences: those who lack nothing and, where the region is no more than one, those
    of the regions that help it out, in their order. After that every skill is insisted on until
    its time has come; each time one is let go, the next queue of the overflow chain is asked, too.
    """
    relax = {skill: rules.relax_after_seconds.get(skill) for skill in SKILLS}
    begins = [0, *sorted({seconds for seconds in relax.values() if seconds})]
    made: list[dict[str, object]] = []
    for expression in _preferences(rules, relax):
        made.append(
            {
                "queue": chain[0],
                "expression": expression,
                "timeout": PREFERENCE_SECONDS,
                "skip_if": NOBODY_AVAILABLE,
            }
        )
    for number, since in enumerate(begins):
        insisted = [s for s, after in relax.items() if after is None or after > since]
        step: dict[str, object] = {
            "queue": chain[min(number, len(chain) - 1)],
            "expression": _fits(insisted),
        }
        if number + 1 < len(begins):
            step["timeout"] = begins[number + 1] - since
        made.append(step)
    return made


def region_attributes(rules: MatchingRules, region: str | None) -> Attributes:
    """A task's region and, numbered, the regions that help it out."""
    chain = rules.region_chains.get(region or "", ())
    helped_by = {f"region_{place}": word(name) for place, name in enumerate(chain, 1)}
    return {"region": word(region or ""), **helped_by}


def _preferences(rules: MatchingRules, relax: Mapping[str, int | None]) -> Iterator[str]:
    """Those who fit best, and then those who come next."""
    if 0 not in relax.values():
        return
    yield _fits(SKILLS)
    if relax["region"] == 0:
        others = _fits(skill for skill in SKILLS if skill != "region")
        longest = max((len(chain) for chain in rules.region_chains.values()), default=0)
        for place in range(1, longest + 1):
            yield f"{others} AND worker.region HAS task.region_{place}"


def _fits(skills: Iterable[str]) -> str:
    """Workers with these skills who have not let the call pass."""
    parts = ["worker.technician NOT IN task.tried"]
    for skill in skills:
        asked = f"task.{skill}"
        parts.append(f"({asked} == '' OR worker.any_{skill} == 1 OR worker.{skill} HAS {asked})")
    return " AND ".join(parts)


def _workflow(
    configuration: Configuration, addresses: Addresses, queues: Mapping[str, str]
) -> Part:
    plan = configuration.plan
    filters = [
        {
            "filter_friendly_name": queue.name,
            "expression": f"queue == '{word(queue.name)}'",
            "targets": [
                {**step, "queue": queues[str(step["queue"])]}
                for step in steps(configuration.matching, overflow_chain(plan, queue.name))
            ],
        }
        for queue in plan.queues
    ]
    routing = {"filters": filters, "default_filter": {"queue": queues[plan.fallback]}}
    answer = configuration.timers.ring_seconds + WHISPER_SECONDS + ANSWER_SLACK_SECONDS
    return Part(
        Kind.WORKFLOW,
        WORKFLOW,
        {
            "steps": _json({"task_routing": routing}),
            "asks_url": addresses.assignment,
            # The same place once more, should the first request get lost.
            "fallback_url": addresses.assignment,
            "answer_seconds": answer,
        },
    )


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _same(had: object, wants: object) -> bool:
    """Whether a setting is as it should be; JSON is compared by what it says."""
    if had == wants or not (isinstance(had, str) and isinstance(wants, str)):
        return had == wants
    try:
        return bool(json.loads(had) == json.loads(wants))
    except ValueError:
        return False
