"""Matching: which waiting call is offered to which idle technician next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

LOWEST_SEVERITY = 4

# Where two technicians each lack one, the one who lacks the later of these is preferred.
SKILLS = ("product", "severity", "language", "region")


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
    preference: 0 at once, None (or no entry) never. `region_chains` names, for each region, those
    whose technicians help it out, the next to be asked first (A22); any other region comes last.
    """

    minutes_per_severity: int
    relax_after_seconds: Mapping[str, int | None]
    retry_after_seconds: int
    region_chains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def region_distance(self, wanted: str | None, offered: frozenset[str]) -> int:
        """How far down its chain a technician of `offered` is from a region; its own is 0."""
        if wanted is None or not offered or wanted in offered:
            return 0
        chain = self.region_chains.get(wanted, ())
        steps = (step for step, region in enumerate(chain, 1) if region in offered)
        return next(steps, len(chain) + 1)


@dataclass(frozen=True)
class Match:
    """Ring this technician for this call; `why` is a sentence for the journal."""

    call_id: str
    technician_id: str
    why: str


def rank(call: WaitingCall, rules: MatchingRules) -> float:
    """The call's place in line, lower first, in seconds since the epoch.

    It never changes while the call waits, so it can be stored and indexed: a step of severity is
    worth having come `minutes_per_severity` earlier (R10).
    """
    head_start_seconds = 60 * rules.minutes_per_severity * (LOWEST_SEVERITY - call.severity)
    return call.since.timestamp() - head_start_seconds


def match(
    waiting: Iterable[WaitingCall],
    technicians: Iterable[IdleTechnician],
    tried: Iterable[Tried],
    rules: MatchingRules,
    now: datetime,
) -> tuple[Match, ...]:
    """Pair waiting calls with idle technicians, each of either at most once.

    Calls are served by rank, each by the able technician who fits best: first those who have not
    had it yet, then those with the skills that are by now a preference only, then whoever has
    been idle longest, the lowest level first. The same arguments give the same answer in any
    order.
    """
    last_tries = _last_tries(tried)
    idle = {technician.technician_id: technician for technician in technicians}
    matches = []
    for call in sorted(waiting, key=lambda call: (rank(call, rules), call.since, call.call_id)):
        if call.not_before is not None and now < call.not_before:
            continue
        offers = (
            _offer(
                call, technician, rules, last_tries.get((call.call_id, technician.technician_id))
            )
            for technician in idle.values()
        )
        able = [offer for offer in offers if offer.is_possible(rules, now)]
        if able:
            best = min(able, key=Offer.preference)
            del idle[best.technician.technician_id]
            matches.append(Match(call.call_id, best.technician.technician_id, best.why(now)))
    return tuple(matches)


@dataclass(frozen=True)
class Offer:
    """One call put beside one technician; `lacks` are the skills wanted and not there.

    `region_distance` is how far down the chain of the call's region the technician is (A22).
    """

    call: WaitingCall
    technician: IdleTechnician
    lacks: tuple[str, ...]
    region_distance: int
    tried_at: datetime | None

    def is_possible(self, rules: MatchingRules, now: datetime) -> bool:
        """Whether nothing that is lacking is still insisted on, and a retry has had its pause."""
        waited_seconds = (now - self.call.since).total_seconds()
        for skill in self.lacks:
            relax_after = rules.relax_after_seconds.get(skill)
            if relax_after is None or waited_seconds < relax_after:
                return False
        if self.tried_at is None:
            return True
        return (now - self.tried_at).total_seconds() >= rules.retry_after_seconds

    def preference(self) -> tuple[bool, tuple[bool, ...], int, datetime, int, str]:
        """Sorts the better offer first."""
        return (
            self.tried_at is not None,
            tuple(skill in self.lacks for skill in SKILLS),
            self.region_distance,
            self.technician.idle_since,
            self.technician.level,
            self.technician.technician_id,
        )

    def why(self, now: datetime) -> str:
        waited = int((now - self.call.since).total_seconds())
        idle = int((now - self.technician.idle_since).total_seconds())
        sentence = f"Severity {self.call.severity} after {waited} s, to the best fit, idle {idle} s"
        if self.lacks:
            sentence += f", who lacks what is no longer insisted on: {', '.join(self.lacks)}"
        if self.tried_at is not None:
            sentence += ", who had refused or missed it before"
        return f"{sentence}."


def _offer(
    call: WaitingCall,
    technician: IdleTechnician,
    rules: MatchingRules,
    tried_at: datetime | None,
) -> Offer:
    wanted_and_offered = (
        (call.needs.product, technician.products),
        (call.needs.severity, technician.severities),
        (call.needs.language, technician.languages),
        (call.needs.region, technician.regions),
    )
    lacks = tuple(
        skill
        for skill, (wanted, offered) in zip(SKILLS, wanted_and_offered, strict=True)
        if wanted is not None and offered and wanted not in offered
    )
    distance = rules.region_distance(call.needs.region, technician.regions)
    return Offer(call, technician, lacks, distance, tried_at)


def _last_tries(tried: Iterable[Tried]) -> dict[tuple[str, str], datetime]:
    by_time = sorted(tried, key=lambda each: each.last_at)
    return {(each.call_id, each.technician_id): each.last_at for each in by_time}
