"""Builds the values of routing and callflows from a line.yaml that has the right shape."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from callflows.interpreter import FlowLimits
from ivr.configuration import on_call, schema
from ivr.configuration.holidays import Calendar, PublicHolidays
from ivr.configuration.model import (
    CallbackSettings,
    ConversationRecording,
    DialLimits,
    Throttle,
    Timers,
    Transfer,
    VoicemailSettings,
)
from ivr.configuration.switches import read_switches
from routing.calendars import WeeklyHours, WeeklyWindow
from routing.matching import MatchingRules
from routing.queues import Queue, QueuePlan
from routing.regions import Entry, Line, Region
from routing.rules import EmergencyClosure, SupportRules
from routing.switches import Switches


def regions(line: schema.LineFile) -> dict[str, Region]:
    return {
        name: Region(
            name=name,
            zone=part.zone,
            language=part.language,
            voice=part.voice or line.voices[part.language],
            help_desk=part.help_desk.spoken,
            country=part.country,
        )
        for name, part in line.regions.items()
    }


def lines(line: schema.LineFile, regions_by_name: Mapping[str, Region]) -> dict[str, Line]:
    """Every number with its own rules and those of each product line (R17) laid over them."""
    main = _main_rules(line)
    return {
        number: _line(line, number, part, regions_by_name[part.region], main)
        for number, part in line.numbers.items()
    }


def default_line(line: schema.LineFile, built: Mapping[str, Line]) -> Line:
    """The line of numbers nobody configured. Which menu they belong to is unknown: none."""
    return replace(built[line.default_line], entry=Entry.DIRECT)


def queue_plan(line: schema.LineFile) -> QueuePlan:
    queues = tuple(
        Queue(
            name=name,
            products=frozenset(part.products),
            severities=frozenset(part.severities),
            queue_classes=frozenset(part.queue_classes),
            overflow=tuple(part.overflow),
            notify=tuple(part.notify),
            label=part.label,
            escalation=on_call.chain(part.escalation),
            longest_wait_seconds=part.longest_wait_seconds,
            only_on_call=part.only_on_call,
        )
        for name, part in line.queues.items()
    )
    return QueuePlan(queues, fallback=line.fallback_queue, triage=line.triage_queue)


def matching_rules(line: schema.LineFile) -> MatchingRules:
    part = line.matching
    return MatchingRules(
        minutes_per_severity=part.minutes_per_severity,
        relax_after_seconds=part.relax_after_seconds.model_dump(),
        retry_after_seconds=part.retry_after_seconds,
        region_chains={name: tuple(region.helped_by) for name, region in line.regions.items()},
    )


def flow_limits(line: schema.LineFile) -> FlowLimits:
    return FlowLimits(
        tries=line.limits.tries,
        ticket_digits_min=line.limits.ticket_digits.shortest,
        ticket_digits_max=line.limits.ticket_digits.longest,
        gather_timeout_seconds=line.limits.gather_timeout_seconds,
        hold_menu_seconds=line.timers.hold_menu_seconds,
        message_seconds=line.voicemail.max_seconds,
        message_min_seconds=line.voicemail.min_seconds,
        transfer_seconds=line.timers.transfer_seconds,
    )


def timers(line: schema.LineFile) -> Timers:
    return Timers(**line.timers.model_dump(exclude={"hold_menu_seconds", "transfer_seconds"}))


def throttle(line: schema.LineFile) -> Throttle:
    return Throttle(**line.limits.throttle.model_dump())


def voicemail(line: schema.LineFile) -> VoicemailSettings:
    return VoicemailSettings(**line.voicemail.model_dump())


def conversation_recording(line: schema.LineFile) -> ConversationRecording:
    part = line.conversation_recording
    return ConversationRecording(frozenset(part.queues), frozenset(part.regions), part.keep_days)


def transfers(line: schema.LineFile) -> tuple[Transfer, ...]:
    return tuple(
        Transfer(name, part.label, part.number, frozenset(part.regions))
        for name, part in line.transfers.items()
    )


def dial_limits(line: schema.LineFile) -> DialLimits:
    part = line.dial_policy
    return DialLimits(
        frozenset(part.line_types), part.calls_per_hour, part.calls_per_number_per_hour
    )


def callbacks(line: schema.LineFile) -> CallbackSettings:
    part, quiet = line.callbacks, line.callbacks.quiet_hours
    every_day = frozenset(range(7))
    return CallbackSettings(
        attempts=part.attempts,
        retry_minutes=part.retry_minutes,
        ring_seconds=part.ring_seconds,
        expires_hours=part.expires_hours,
        calling_hours=WeeklyHours(every_day, quiet.ends_at, quiet.starts_at) if quiet else None,
    )


def holidays(line: schema.LineFile) -> PublicHolidays:
    calendars = {
        country: Calendar(
            country, part.subdivision, frozenset(part.not_observed), frozenset(part.also)
        )
        for country, part in line.holidays.calendars.items()
    }
    return PublicHolidays(calendars, line.holidays.other_countries == "national")


def _line(
    line: schema.LineFile,
    number: str,
    part: schema.NumberPart,
    region: Region,
    main: SupportRules,
) -> Line:
    own = _with_overrides(main, part.policy, part.hours)
    return Line(
        number=number,
        region=region,
        entry=Entry(part.entry),
        rules=own,
        support_option=part.support_option,
        other_options=part.other_options,
        languages=tuple(part.languages or [region.language]),
        product_rules={
            product: _with_overrides(
                own,
                line.policy_by_product.get(product, {}),
                line.hours_by_product.get(product, schema.HoursOverridePart()),
            )
            for product in {*line.policy_by_product, *line.hours_by_product}
        },
    )


def _main_rules(line: schema.LineFile) -> SupportRules:
    switches, _ = read_switches(line.policy, ("policy",), Switches())
    return SupportRules(
        switches=switches,
        hours=_weekly_hours(line.hours.support),
        weekend=_weekly_window(line.hours.weekend),
        closure=_closure(line.emergency_closure),
        closed_days={name: frozenset[date](days) for name, days in line.closures.items()},
    )


def _with_overrides(
    rules: SupportRules, policy: schema.Policy, hours: schema.HoursOverridePart
) -> SupportRules:
    switches, _ = read_switches(policy, (), rules.switches)
    return replace(
        rules,
        switches=switches,
        hours=_weekly_hours(hours.support) if hours.support else rules.hours,
        weekend=_weekly_window(hours.weekend) if hours.weekend else rules.weekend,
    )


def _weekly_hours(part: schema.SupportHoursPart) -> WeeklyHours:
    return WeeklyHours(frozenset(part.days), part.opens, part.closes)


def _weekly_window(part: schema.WeekendPart) -> WeeklyWindow:
    return WeeklyWindow(part.starts, part.starts_at, part.ends, part.ends_at, part.zone)


def _closure(part: schema.EmergencyClosurePart | None) -> EmergencyClosure | None:
    if part is None:
        return None
    return EmergencyClosure(
        message=part.message,
        reason=part.reason,
        author=part.author,
        expires_at=part.expires_at,
        regions=frozenset(part.regions),
        exempts_severity_1=part.exempts_severity_1,
    )
