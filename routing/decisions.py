"""Decisions: the question put to the policy, and the answer it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from routing.calendars import check_aware
from routing.regions import Line
from routing.switches import ZoneSource
from routing.tickets import DeskAnswer


class Outcome(StrEnum):
    """What a caller gets; the same words in code, tables, screens and exports."""

    CONNECT = "connect"
    CLOSED = "closed"
    WEEKEND_SEV1_ONLY = "weekend_sev1_only"
    CALLBACK = "callback"
    TICKET_REQUIRED = "ticket_required"
    TICKET_INVALID = "ticket_invalid"
    TICKET_CLOSED = "ticket_closed"
    TICKET_ON_HOLD = "ticket_on_hold"
    NOT_ENTITLED = "not_entitled"
    EMERGENCY_CLOSED = "emergency_closed"
    DESK_UNAVAILABLE = "desk_unavailable"


class QueueClass(StrEnum):
    """The kind of waiting a connected or called-back caller does."""

    BUSINESS = "business"
    SEV1_AFTER_HOURS = "sev1_after_hours"
    SEV1_WEEKEND = "sev1_weekend"
    TRIAGE = "triage"


@dataclass(frozen=True)
class Case:
    """One caller at one instant. Which instant (A7) is chosen by whoever builds the case.

    `ani` is the caller's number in E.164, or whatever the carrier sent instead of one.
    """

    instant: datetime
    line: Line
    desk: DeskAnswer
    ani: str | None = None

    def __post_init__(self) -> None:
        check_aware(self.instant)


@dataclass(frozen=True)
class Decision:
    """The answer to a case, with everything needed to explain it later.

    `reason` is one sentence for people. `local_time` is aware, on the clock that counted.
    `next_change` is the first instant (UTC) after the case's at which the outcome differs, None
    if there is none within 35 days. `opens_at` is the first one at which the outcome is
    `connect`, None if it is that already or waiting would not help. `severity` is what counted
    after `missing_severity`, None without a ticket. `verified` is False when the desk was down.
    """

    outcome: Outcome
    rule: str
    reason: str
    zone: str
    zone_source: ZoneSource
    local_time: datetime
    next_change: datetime | None
    opens_at: datetime | None
    queue_class: str | None
    announcements: tuple[str, ...]
    severity: int | None
    verified: bool
    switches: Mapping[str, str]
