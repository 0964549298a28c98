"""A second opinion on the clocks: zoneinfo with the tzdata package, and tables in UTC."""

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from tests.builders import FRIDAY, MONDAY, SATURDAY, SUNDAY

# The machine's own zone files may be older than the package's: the packages must decide.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


class Table:
    """Sorted stretches of UTC, half-open."""

    def __init__(self, stretches: Iterable[tuple[datetime, datetime]]) -> None:
        self.edges = [edge for stretch in stretches for edge in stretch]
        if self.edges != sorted(self.edges):
            raise AssertionError("The stretches overlap.")

    def covers(self, instant: datetime) -> bool:
        return bisect_right(self.edges, instant) % 2 == 1


def business_hours(zone: str, years: range) -> Table:
    """Monday to Friday 07:00 to 19:00 on the clocks of `zone`."""
    return Table(
        (_utc(day, 7, zone), _utc(day, 19, zone))
        for day in _days(years)
        if MONDAY <= day.weekday() <= FRIDAY
    )


def weekend_window(years: range) -> Table:
    """Friday 19:00 to Sunday 16:00 in New York."""
    new_york = "America/New_York"
    return Table(
        (_utc(day, 19, new_york), _utc(day + 2 * ONE_DAY, 16, new_york))
        for day in _days(years)
        if day.weekday() == FRIDAY
    )


def clock_changes(zone: str, years: range) -> list[datetime]:
    """The instants at which the clocks of `zone` are changed, found by looking."""
    hours = (datetime.combine(day, time(hour), UTC) for day in _days(years) for hour in range(24))
    changes = []
    before = None
    for hour in hours:
        after = _offset(hour, zone)
        if before is not None and after != before:
            changes.append(_exact_change(hour - timedelta(hours=1), hour, zone))
        before = after
    return changes


def is_open(instant: datetime, zone: str) -> bool:
    """Business hours, read from the clock of `zone` at any instant."""
    local = instant.astimezone(zoneinfo.ZoneInfo(zone))
    return local.weekday() not in (SATURDAY, SUNDAY) and 7 <= local.hour < 19


def is_weekend(instant: datetime) -> bool:
    """The weekend window, read from the clock of New York."""
    local = instant.astimezone(zoneinfo.ZoneInfo("America/New_York"))
    match local.weekday():
        case 4:
            return local.hour >= 19
        case 5:
            return True
        case 6:
            return local.hour < 16
        case _:
            return False


def _exact_change(before: datetime, after: datetime, zone: str) -> datetime:
    seconds = int((after - before).total_seconds())
    old = _offset(before, zone)
    return next(
        instant
        for instant in (before + timedelta(seconds=second) for second in range(seconds + 1))
        if _offset(instant, zone) != old
    )


def _days(years: range) -> Iterator[date]:
    """The days of the years and of a week before and after, so that no local day is missed."""
    day = date(years.start, 1, 1) - timedelta(days=7)
    while day < date(years.stop, 1, 8):
        yield day
        day += ONE_DAY


def _utc(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), zoneinfo.ZoneInfo(zone)).astimezone(UTC)


def _offset(instant: datetime, zone: str) -> timedelta | None:
    return instant.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
