"""Calendars: weekly hours on a caller's wall clock, the weekend window, and holidays.

Wall clocks are read to the second. What begins or ends at a time does so whenever the clock reads
it: a clock that is put back may read it twice, one that is put forward may jump over it. pytz
knows the changes of every zone up to 2037.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Protocol

import pytz

DAY_SECONDS = 24 * 60 * 60
WEEK_SECONDS = 7 * DAY_SECONDS
MIDNIGHT = time(0)
ONE_SECOND = timedelta(seconds=1)
ONE_WEEK = timedelta(days=7)


class Holidays(Protocol):
    """Public holidays; `country` is ISO 3166 alpha-2."""

    def is_holiday(self, country: str, day: date, /) -> bool: ...


class _NoHolidays:
    def is_holiday(self, _country: str, _day: date, /) -> bool:
        return False


NO_HOLIDAYS: Holidays = _NoHolidays()


def check_zone(name: str) -> None:
    """Raises ValueError, with a sentence, unless `name` is an IANA zone."""
    if name not in pytz.all_timezones_set:
        near = get_close_matches(name, pytz.all_timezones, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "try one like 'Europe/Dublin'."
        raise ValueError(f"There is no time zone {name!r}; {hint}")


def check_aware(moment: datetime) -> None:
    """Raises ValueError for a naive datetime."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone; pass an aware datetime, in UTC.")


@lru_cache(maxsize=1024)
def zone_named(name: str) -> pytz.BaseTzInfo:
    """The pytz zone, for `astimezone` and `localize` only. Raises ValueError as `check_zone`."""
    check_zone(name)
    return pytz.timezone(name)


def local_time(instant: datetime, zone: str) -> datetime:
    """What the clocks of `zone` show at `instant`, as an aware datetime."""
    check_aware(instant)
    return instant.astimezone(zone_named(zone))


def wall_time(instant: datetime, zone: str) -> datetime:
    """What the clocks of `zone` show at `instant`, as a naive datetime."""
    return local_time(instant, zone).replace(tzinfo=None)


def steady_wall_time(instant: datetime, zone: str) -> datetime:
    """As `wall_time`, on clocks that never go back: while they show an hour for the second time,
    this stays at the last second before they were put back.

    What is handed over at a time of day is so handed over once, the first time it is shown.
    """
    wall = wall_time(instant, zone)
    passings = _passings(zone, wall.replace(microsecond=0))
    if len(passings) == 1 or instant < passings[1]:
        return wall
    return wall_time(passings[1] - ONE_SECOND, zone)


@dataclass(frozen=True)
class WeeklyHours:
    """The same hours on some weekdays (Monday = 0); a closing time of 00:00 is midnight."""

    weekdays: frozenset[int]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise ValueError("Hours need at least one weekday.")
        _check_weekdays(self.weekdays)
        _check_whole_seconds(self.opens, self.closes)
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError(f"Hours from {self.opens} to {self.closes} end before they begin.")

    def timetable(self, *, ends_inclusive: bool = False) -> "Timetable":
        return _timetable_of_hours(self, ends_inclusive)


@dataclass(frozen=True)
class WeeklyWindow:
    """One stretch of every week on the wall clock of `zone`; it may run past Sunday midnight."""

    start_weekday: int
    start: time
    end_weekday: int
    end: time
    zone: str

    def __post_init__(self) -> None:
        _check_weekdays((self.start_weekday, self.end_weekday))
        _check_whole_seconds(self.start, self.end)
        check_zone(self.zone)
        if (self.start_weekday, self.start) == (self.end_weekday, self.end):
            raise ValueError("A weekly window cannot end where it starts.")

    def timetable(self, *, ends_inclusive: bool = False) -> "Timetable":
        return _timetable_of_window(self, ends_inclusive)


@dataclass(frozen=True)
class Timetable:
    """Spans of every week: span n is from `starts[n]` up to but not including `ends[n]`, in
    seconds since Monday 00:00. Both are sorted.

    Asked with naive wall-clock times, except for `edges`.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covers(self, wall: datetime) -> bool:
        second = _second_of_week(wall)
        begun = bisect_right(self.starts, second)
        return begun > 0 and second < self.ends[begun - 1]

    def next_start(self, wall: datetime) -> datetime:
        """The first start after `wall`."""
        begun = bisect_right(self.starts, _second_of_week(wall))
        following = (*self.starts, self.starts[0] + WEEK_SECONDS)[begun]
        return _monday(wall) + timedelta(seconds=following)

    def last_end(self, wall: datetime) -> datetime:
        """The last end that is not after `wall`."""
        ended = bisect_right(self.ends, _second_of_week(wall))
        latest = (self.ends[-1] - WEEK_SECONDS, *self.ends)[ended]
        return _monday(wall) + timedelta(seconds=latest)

    def edges(self, zone: str, after: datetime) -> Iterator[datetime]:
        """Every instant (UTC) after `after`, in order and without end, at which the answer of
        `covers` on the clocks of `zone` can change. Some may change nothing."""
        monday = _monday(wall_time(after, zone))
        while True:
            week = _edges_of_week(self, zone, monday)
            yield from week[bisect_right(week, after) :]
            monday += ONE_WEEK


@lru_cache(maxsize=256)
def _timetable_of_hours(hours: WeeklyHours, ends_inclusive: bool) -> Timetable:
    opens = _second_of_day(hours.opens)
    closes = _second_of_day(hours.closes) or DAY_SECONDS
    days = [weekday * DAY_SECONDS for weekday in hours.weekdays]
    return _timetable(((day + opens, day + closes) for day in days), ends_inclusive)


@lru_cache(maxsize=256)
def _timetable_of_window(window: WeeklyWindow, ends_inclusive: bool) -> Timetable:
    start = window.start_weekday * DAY_SECONDS + _second_of_day(window.start)
    end = window.end_weekday * DAY_SECONDS + _second_of_day(window.end)
    if end <= start:
        end += WEEK_SECONDS
    return _timetable([(start, end)], ends_inclusive)


def _timetable(spans: Iterable[tuple[int, int]], ends_inclusive: bool) -> Timetable:
    """An inclusive end is half-open and a second longer (A7). What runs past the end of the week
    is cut in two there."""
    cut = []
    for start, end in spans:
        last = end + 1 if ends_inclusive else end
        cut.append((start, min(last, WEEK_SECONDS)))
        if last > WEEK_SECONDS:
            cut.append((0, last - WEEK_SECONDS))
    starts, ends = zip(*sorted(cut), strict=True)
    return Timetable(starts, ends)


@lru_cache(maxsize=4096)
def _edges_of_week(timetable: Timetable, zone: str, monday: datetime) -> tuple[datetime, ...]:
    walls = (monday + timedelta(seconds=edge) for edge in (*timetable.starts, *timetable.ends))
    return tuple(sorted({instant for wall in walls for instant in _passings(zone, wall)}))


def wall_elsewhere(wall: datetime, zone: str, elsewhere: str) -> datetime:
    """What the clocks of `elsewhere` show when those of `zone` show `wall`."""
    return wall_time(_passings(zone, wall)[0], elsewhere)


def _passings(zone: str, wall: datetime) -> tuple[datetime, ...]:
    """The instants (UTC) at which the clocks of `zone` can pass `wall`, forwards or back.

    Where the clock is changed around `wall` these are the readings before and after the change,
    and the change itself, which may jump over `wall`.
    """
    pytz_zone = zone_named(zone)
    try:
        return (pytz_zone.localize(wall, is_dst=None).astimezone(UTC),)
    except (pytz.AmbiguousTimeError, pytz.NonExistentTimeError):
        readings = (pytz_zone.localize(wall, is_dst=is_dst) for is_dst in (True, False))
        earlier, later = sorted(reading.astimezone(UTC) for reading in readings)
        return earlier, _change_of_clock(zone, earlier, later), later


def _change_of_clock(zone: str, before: datetime, after: datetime) -> datetime:
    """The second in (before, after] at which the clocks of `zone` are changed."""
    old = _offset(zone, before)
    while after - before > ONE_SECOND:
        middle = before + (after - before) // ONE_SECOND // 2 * ONE_SECOND
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, instant: datetime) -> timedelta:
    return local_time(instant, zone).replace(tzinfo=UTC) - instant


def _monday(wall: datetime) -> datetime:
    return datetime.combine(wall.date() - timedelta(days=wall.weekday()), MIDNIGHT)


def _second_of_week(wall: datetime) -> int:
    return wall.weekday() * DAY_SECONDS + _second_of_day(wall)


def _second_of_day(clock: time | datetime) -> int:
    return (clock.hour * 60 + clock.minute) * 60 + clock.second


def _check_weekdays(weekdays: Iterable[int]) -> None:
    for weekday in weekdays:
        if weekday not in range(7):
            raise ValueError(f"{weekday} is no weekday; they are 0 (Monday) to 6 (Sunday).")


def _check_whole_seconds(*clocks: time) -> None:
    for clock in clocks:
        if clock.microsecond or clock.tzinfo is not None:
            raise ValueError(f"{clock!r} must be a whole second of a wall clock, without a zone.")
