"""Rules: what an edition of the configuration says about hours, closures and switches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from routing.calendars import WeeklyHours, WeeklyWindow, check_aware
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

    def __post_init__(self) -> None:
        if self.expires_at is not None:
            check_aware(self.expires_at)

    def holds_for(self, region: str, severity: int | None) -> bool:
        """Whether it closes a region for a ticket of this severity, None if that is unknown."""
        if self.regions and region not in self.regions:
            return False
        return not (self.exempts_severity_1 and severity == 1)

    def is_in_force(self, instant: datetime) -> bool:
        return self.expires_at is None or instant < self.expires_at


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
