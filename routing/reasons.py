"""Reasons: a decision in one sentence, as a person would say it to a customer or an admin."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import lru_cache

from routing.calendars import MIDNIGHT, WeeklyHours, WeeklyWindow
from routing.rules import EmergencyClosure, SupportRules
from routing.switches import WindowEnd, ZoneSource
from routing.tickets import DeskAnswer, Found, NotFound, Unavailable

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

WHOSE = {
    ZoneSource.REQUESTER: "the requester's zone on the ticket",
    ZoneSource.ORGANISATION: "the organisation's zone on the ticket",
    ZoneSource.CALLER_NUMBER: "the zone of the caller's number",
    ZoneSource.DIALED_NUMBER: "the zone of the dialed number",
}


def sentence(
    why: str, local: datetime, zone: str, source: ZoneSource, words: Mapping[str, str]
) -> str:
    """What time it is on whose clock, and then `why`, with its words filled in."""
    clock = f"It is {WEEKDAYS[local.weekday()]} {local:%H:%M:%S} in {zone} ({WHOSE[source]})"
    return f"{clock}; {why.format_map(words)}."


def words_about(
    desk: DeskAnswer, rules: SupportRules, severity: int | None, local: datetime
) -> dict[str, str]:
    """The words a ruling's `why` may use."""
    words = {
        "hours": _hours(rules.hours, rules.switches.window_end),
        "weekend": _weekend(rules.weekend),
        "date": local.date().isoformat(),
        "severity": f"the ticket is Severity {severity}",
    }
    match desk:
        case Found(ticket):
            words |= {"ticket": ticket.number, "status": ticket.status}
            if ticket.severity is None:
                words["severity"] = f"the ticket, having none, counts as Severity {severity}"
        case NotFound(number) | Unavailable(number):
            words["ticket"] = number
    if rules.closure is not None:
        words |= _closure(rules.closure, local)
    return words


def _closure(closure: EmergencyClosure, local: datetime) -> dict[str, str]:
    until = "until further notice"
    if closure.expires_at is not None:
        end = closure.expires_at.astimezone(local.tzinfo)
        until = f"until {WEEKDAYS[end.weekday()]} {end:%Y-%m-%d %H:%M}"
    return {"message": closure.message.rstrip(" ."), "until": until}


@lru_cache(maxsize=256)
def _hours(hours: WeeklyHours, end: WindowEnd) -> str:
    """E.g. "Monday to Friday 07:00 to 19:00"."""
    to = "to" if end is WindowEnd.EXCLUSIVE else "up to and including"
    closes = "24:00" if hours.closes == MIDNIGHT else _clock(hours.closes)
    return f"{_days(sorted(hours.weekdays))} {_clock(hours.opens)} {to} {closes}"


@lru_cache(maxsize=256)
def _weekend(window: WeeklyWindow) -> str:
    """E.g. "from Friday 19:00 to Sunday 16:00 in America/New_York"."""
    start = f"{WEEKDAYS[window.start_weekday]} {_clock(window.start)}"
    end = f"{WEEKDAYS[window.end_weekday]} {_clock(window.end)}"
    return f"from {start} to {end} in {window.zone}"


def _days(weekdays: list[int]) -> str:
    """A run of three or more is named by its ends."""
    names = [WEEKDAYS[weekday] for weekday in weekdays]
    first, last = weekdays[0], weekdays[-1]
    if len(names) > 2 and last - first == len(names) - 1:  # noqa: PLR2004 (as the docstring says)
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _clock(clock: time) -> str:
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"
