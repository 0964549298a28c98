"""Rules: what an edition of the configuration says about hours, closures and switches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from routing.calendars import WeeklyHours, WeeklyWindow
from routing.switches import Switches


@dataclass(frozen=True)
class EmergencyClosure:
    """A manual closure: above every rule but Severity 1, which it exempts unless told otherwise.

    `message` is for callers, `reason` and `author` for colleagues. It ends at `expires_at`, or
    stands until somebody lifts it. `regions` are names; none means all.
    """

    message: str
    reason: str
    author: str
    expires_at: datetime | None
    regions: frozenset[str]
    exempts_severity_1: bool = True


@dataclass(frozen=True)
class SupportRules:
    """The rules of one number and product line, overrides already applied.

    `closed_days` are dates without support hours, by country code or region name (A9).
    """

    switches: Switches
    hours: WeeklyHours
    weekend: WeeklyWindow
    closure: EmergencyClosure | None = None
    closed_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
