"""Explaining: what a caller would get, asked without a call. The same code decides real calls."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ivr.configuration import Configuration
from routing.decisions import Case, Decision, Outcome
from routing.policy import decide
from routing.queues import queue_for
from routing.regions import Line
from routing.rules import SupportRules
from routing.switches import Switches, ZoneSource
from routing.tickets import (
    DeskAnswer,
    Entitlement,
    Found,
    NotFound,
    NothingKeyed,
    Ticket,
    TicketStatus,
    Unavailable,
)

SOME_TICKET = "100200"
# Calendars end somewhere, and time zones are guesses long before that.
YEARS = range(1970, 3000)


class Status(StrEnum):
    """What the help desk is supposed to say about the ticket."""

    OPEN = "open"
    PENDING = "pending"
    HOLD = "hold"
    SOLVED = "solved"
    CLOSED = "closed"
    OPEN_NOT_ENTITLED = "open_not_entitled"
    NOT_FOUND = "not_found"
    NONE = "none"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Question:
    """One supposed caller. `zone` is where the ticket would say they are."""

    instant: datetime
    dialed_number: str
    desk: DeskAnswer
    zone: str | None = None
    ani: str | None = None


def in_reach(moment: datetime) -> datetime:
    """The same moment, if its year is one we can look around in; or ValueError with a sentence."""
    if moment.year not in YEARS:
        reach = f"{YEARS[0]} to {YEARS[-1]}"
        raise ValueError(f"The year {moment.year} is too far away; give one from {reach}.")
    return moment


def supposed_answer(status: Status, severity: int | None, zone: str | None) -> DeskAnswer:
    """The help desk's answer about a ticket like that."""
    match status:
        case Status.NONE:
            return NothingKeyed()
        case Status.NOT_FOUND:
            return NotFound(SOME_TICKET)
        case Status.UNAVAILABLE:
            return Unavailable(SOME_TICKET, "supposed to be down")
        case Status.OPEN_NOT_ENTITLED:
            return Found(_ticket(TicketStatus.OPEN, severity, zone, Entitlement.LAPSED))
        case _:
            return Found(_ticket(TicketStatus(status), severity, zone, Entitlement.ACTIVE))


def with_settings(
    configuration: Configuration, settings: Iterable[tuple[str, str]]
) -> Configuration:
    """The configuration with policy switches flipped everywhere, over every override as well.

    Raises SettingRefused.
    """
    flipped = list(settings)
    return replace(
        configuration,
        lines={name: _flipped(line, flipped) for name, line in configuration.lines.items()},
        default_line=_flipped(configuration.default_line, flipped),
    )


def explain_case(configuration: Configuration, question: Question) -> dict[str, Any]:
    """The decision about one caller and its grounds, ready to be printed as JSON."""
    line = _line_of(configuration, question)
    decision = decide(
        Case(question.instant, line, question.desk, question.ani), configuration.holidays
    )
    return {
        "outcome": decision.outcome,
        "rule": decision.rule,
        "reason": decision.reason,
        "zone": decision.zone,
        "zone_source": decision.zone_source,
        "local_time": decision.local_time.isoformat(),
        "next_change_utc": _utc(decision.next_change),
        "opens_at_utc": _utc(decision.opens_at),
        "queue_class": decision.queue_class,
        "queue": _queue(configuration, question, decision),
        "severity": decision.severity,
        "verified": decision.verified,
        "announcements": list(decision.announcements),
    }


def _ticket(
    status: TicketStatus, severity: int | None, zone: str | None, entitlement: Entitlement
) -> Ticket:
    return Ticket(
        SOME_TICKET, status, severity=severity, requester_zone=zone, entitlement=entitlement
    )


def _line_of(configuration: Configuration, question: Question) -> Line:
    """The dialled line. Where there is no ticket to carry the caller's zone, the zone stands in
    for the line's own, unless the switch would not look at the ticket either."""
    line = configuration.line_for(question.dialed_number)
    asks_the_ticket = ZoneSource.REQUESTER in line.rules.switches.caller_zone_order
    if question.zone is None or isinstance(question.desk, Found) or not asks_the_ticket:
        return line
    return replace(line, region=replace(line.region, zone=question.zone))


def _queue(configuration: Configuration, question: Question, decision: Decision) -> str | None:
    if decision.outcome not in {Outcome.CONNECT, Outcome.CALLBACK}:
        return None
    ticket = question.desk.ticket if isinstance(question.desk, Found) else None
    return queue_for(configuration.plan, decision, ticket)


def _flipped(line: Line, settings: list[tuple[str, str]]) -> Line:
    return replace(
        line,
        rules=_with(line.rules, settings),
        product_rules={
            product: _with(rules, settings) for product, rules in line.product_rules.items()
        },
    )


def _with(rules: SupportRules, settings: list[tuple[str, str]]) -> SupportRules:
    switches: Switches = rules.switches
    for key, value in settings:
        switches = switches.with_setting(key, value)
    return replace(rules, switches=switches)


def _utc(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None
