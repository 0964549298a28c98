"""Calendars: weekly hours on a caller's wall clock, the weekend window, and holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol


class Holidays(Protocol):
    """Public holidays; `country` is ISO 3166 alpha-2."""

    def is_holiday(self, country: str, day: date) -> bool: ...


class _NoHolidays:
    def is_holiday(self, country: str, day: date) -> bool:  # noqa: ARG002 (the protocol's shape)
        return False


NO_HOLIDAYS: Holidays = _NoHolidays()


def check_zone(name: str) -> None:
    """Raises ValueError, with a sentence, unless `name` is an IANA zone."""
    raise NotImplementedError


@dataclass(frozen=True)
class WeeklyHours:
    """The same hours on some weekdays (Monday = 0); a closing time of 00:00 is midnight."""

    weekdays: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True)
class WeeklyWindow:
    """One stretch of every week on the wall clock of `zone`."""

    start_weekday: int
    start: time
    end_weekday: int
    end: time
    zone: str
