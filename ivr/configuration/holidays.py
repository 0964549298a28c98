"""Public holidays of each country (A9), from the `holidays` library and the admin's corrections.

The library is loaded when the first holiday is asked for: the first edition never asks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

import pytz

from callflows.strict_yaml import Path
from ivr.configuration.places import EACH, Mistake, place, select, suggestion

SEPARATOR = "; "  # Between the names of two holidays on one day.
# Names differ between years (a king's birthday, a new holiday); these years tell which exist.
_YEARS_TO_NAME = range(2024, 2041)


@dataclass(frozen=True)
class Calendar:
    """One country's holidays; `not_observed` strikes days by ISO date or by English name."""

    country: str
    subdivision: str | None = None
    not_observed: frozenset[str] = frozenset()
    also: frozenset[date] = frozenset()

    def days(self, year: int) -> dict[date, str]:
        """The holidays of one year with their English names, in order."""
        days = {
            day: name
            for day, name in _listed(self.country, self.subdivision, year).items()
            if day.isoformat() not in self.not_observed
            and not self.not_observed.issuperset(name.split(SEPARATOR))
        }
        added = {day: "Added by hand" for day in self.also if day.year == year}
        return dict(sorted((added | days).items()))


@dataclass(frozen=True)
class PublicHolidays:
    """The calendars by country. Elsewhere the national holidays count, or none at all."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    national_elsewhere: bool = True

    def is_holiday(self, country: str, day: date, /) -> bool:
        calendar = self.calendar_of(country)
        return calendar is not None and day in _closed(calendar, day.year)

    def calendar_of(self, country: str) -> Calendar | None:
        elsewhere = Calendar(country) if self.national_elsewhere else None
        return self.calendars.get(country, elsewhere)


def calendar_mistakes(line: Any) -> Iterator[Mistake]:
    """What is wrong with the calendars of a plain line.yaml: countries, parts, days struck out."""
    for path, block in select(line, "holidays", "calendars", EACH):
        country = str(path[-1])
        if country not in pytz.country_names or not isinstance(block, dict):
            continue  # The schema speaks of it.
        yield from _calendar_mistakes(path, country, block)


def _calendar_mistakes(path: Path, country: str, block: dict[Any, Any]) -> Iterator[Mistake]:
    known, subdivision = _subdivisions().get(country, []), block.get("subdivision")
    if subdivision is not None and subdivision not in known:
        at = (*path, "subdivision")
        yield at, f"{place(at)} is not a part of {country}; {suggestion(str(subdivision), known)}"
        return
    struck_out = list(select(block, "not_observed", EACH))
    listed = _days_and_names(country, subdivision) if struck_out else []
    for inner, struck in struck_out:
        if isinstance(struck, str) and struck not in listed:
            at = (*path, *inner)
            near = get_close_matches(struck, listed, n=1)
            hint = f"did you mean {near[0]}?" if near else "write its date or its English name."
            yield at, f"{place(at)} is {struck!r}, which is not a holiday of {country}; {hint}"


@cache
def _subdivisions() -> dict[str, list[str]]:
    """The countries the library knows, each with its parts."""
    import holidays

    return holidays.list_supported_countries()


def _days_and_names(country: str, subdivision: str | None) -> list[str]:
    days = {
        word
        for year in _YEARS_TO_NAME
        for day, name in _listed(country, subdivision, year).items()
        for word in (day.isoformat(), *name.split(SEPARATOR))
    }
    return sorted(days)


@lru_cache(maxsize=1_000)
def _closed(calendar: Calendar, year: int) -> frozenset[date]:
    return frozenset(calendar.days(year))


def _listed(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    import holidays

    if country not in _subdivisions():
        return {}
    # The language is given because the library's own choice follows the machine's.
    return dict(
        holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    )
