"""Matching: which waiting call is offered to which idle technician next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Skills:
    """What a call asks of a technician; None asks nothing."""

    product: str | None = None
    language: str | None = None
    region: str | None = None
    severity: int | None = None


@dataclass(frozen=True)
class WaitingCall:
    """A queued call; it is offered to nobody before `not_before`."""

    call_id: str
    queue: str
    severity: int
    since: datetime
    needs: Skills
    not_before: datetime | None = None


@dataclass(frozen=True)
class IdleTechnician:
    """A technician who could be rung now; an empty set means any."""

    technician_id: str
    idle_since: datetime
    products: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    severities: frozenset[int] = frozenset()
    level: int = 1


@dataclass(frozen=True)
class Tried:
    """This technician refused or missed this call, last at `last_at`."""

    call_id: str
    technician_id: str
    last_at: datetime


@dataclass(frozen=True)
class MatchingRules:
    """How calls are ordered and how long their skills are insisted on.

    `minutes_per_severity` is the waiting that is worth one step of severity. For each skill
    (product, language, region, severity) `relax_after_seconds` says when it becomes a mere
    preference: 0 at once, None (or no entry) never.
    """

    minutes_per_severity: int
    relax_after_seconds: Mapping[str, int | None]
    retry_after_seconds: int


@dataclass(frozen=True)
class Match:
    """Ring this technician for this call; `why` is a sentence for the journal."""

    call_id: str
    technician_id: str
    why: str


def rank(call: WaitingCall, rules: MatchingRules) -> float:
    """The call's place in line, lower first, in seconds. It does not change with time."""
    bonus_seconds = 60 * rules.minutes_per_severity * (4 - call.severity)
    return call.since.timestamp() - bonus_seconds


def match(
    waiting: Iterable[WaitingCall],
    technicians: Iterable[IdleTechnician],
    tried: Iterable[Tried],
    rules: MatchingRules,
    now: datetime,
) -> tuple[Match, ...]:
    """Pair waiting calls with idle technicians, each of either at most once."""
    raise NotImplementedError
