"""Rotas: who is on call at an instant, by weekly shifts and by what was agreed besides.

Shifts are times on the wall clock of the rota's zone, never instants: one that is handed over at
09:00 is handed over at 09:00 all year, so shifts that fill the week on paper fill every week there
is. Clocks that are put back hand over once, the first time they show the hour; what they jump over
when they are put forward is handed over at the jump.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import takewhile

from routing.calendars import (
    ONE_WEEK,
    WEEK_SECONDS,
    Timetable,
    WeeklyWindow,
    check_aware,
    check_zone,
    steady_wall_time,
)

WHOLE_WEEK = Timetable((0,), (WEEK_SECONDS,))
# Some Monday at midnight, to read a rota as it is on paper.
A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shift:
    """One stretch of every week (Monday = 0); one that ends where it starts is the whole week.

    `who` are the e-mail addresses of technicians, in the order in which they are rung.
    """

    start_weekday: int
    start: time
    end_weekday: int
    end: time
    who: tuple[str, ...]

    def timetable(self, zone: str) -> Timetable:
        return _timetable(self, zone)


@dataclass(frozen=True)
class Override:
    """From `begins` up to but not including `ends`, these are on duty and nobody else."""

    begins: datetime
    ends: datetime
    who: tuple[str, ...]
    reason: str = ""

    def applied(self, _people: tuple[str, ...]) -> tuple[str, ...]:
        return self.who


@dataclass(frozen=True)
class Swap:
    """From `begins` up to but not including `ends`, each of two people stands in for the other."""

    begins: datetime
    ends: datetime
    one: str
    other: str
    reason: str = ""

    def applied(self, people: tuple[str, ...]) -> tuple[str, ...]:
        instead = {self.one: self.other, self.other: self.one}
        return tuple(instead.get(person, person) for person in people)


Change = Override | Swap


@dataclass(frozen=True)
class Rota:
    """Weekly shifts in a zone, and the changes agreed for a time; of two, the later one counts."""

    name: str
    zone: str
    shifts: tuple[Shift, ...]
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        check_zone(self.zone)
        for change in self.changes:
            check_aware(change.begins)
            if change.ends <= change.begins:
                raise ValueError(f"A change of rota {self.name} ends before it begins.")


@dataclass(frozen=True)
class Stretch:
    """A period (UTC) in which the same people are on duty."""

    begins: datetime
    ends: datetime
    who: tuple[str, ...]


def on_duty(rota: Rota, instant: datetime) -> tuple[str, ...]:
    """Who is on call at this instant, each once, in the order in which they are rung."""
    people = tuple(person for shift in shifts_at(rota, instant) for person in shift.who)
    for change in changes_at(rota, instant):
        people = change.applied(people)
    return tuple(dict.fromkeys(people))


def shifts_at(rota: Rota, instant: datetime) -> tuple[Shift, ...]:
    """The weekly shifts that this instant belongs to, whatever was agreed besides."""
    wall = steady_wall_time(instant, rota.zone)
    return tuple(shift for shift in rota.shifts if shift.timetable(rota.zone).covers(wall))


def changes_at(rota: Rota, instant: datetime) -> tuple[Change, ...]:
    """What was agreed for this instant, in the order in which it was."""
    return tuple(change for change in rota.changes if change.begins <= instant < change.ends)


def stretches(rota: Rota, begins: datetime, ends: datetime) -> Iterator[Stretch]:
    """The whole period from `begins` up to `ends`, cut wherever others come on duty."""
    return _joined(rota, begins, ends, lambda instant: on_duty(rota, instant))


def gaps(rota: Rota, begins: datetime, ends: datetime) -> list[Stretch]:
    """When nobody is on duty between two instants."""
    return [stretch for stretch in stretches(rota, begins, ends) if not stretch.who]


def overlaps(rota: Rota, begins: datetime, ends: datetime) -> list[Stretch]:
    """When more than one shift is on duty between two instants, and nothing else was agreed."""

    def too_many(instant: datetime) -> tuple[str, ...]:
        overridden = any(isinstance(change, Override) for change in changes_at(rota, instant))
        is_one = overridden or len(shifts_at(rota, instant)) <= 1
        return () if is_one else on_duty(rota, instant)

    return [stretch for stretch in _joined(rota, begins, ends, too_many) if stretch.who]


def gaps_on_paper(rota: Rota) -> list[Stretch]:
    """When in the week no shift is on duty: Monday is that of A_MONDAY, the times are the
    rota's own."""
    paper = replace(rota, zone="UTC", changes=())
    return gaps(paper, A_MONDAY, A_MONDAY + ONE_WEEK)


def _joined(
    rota: Rota, begins: datetime, ends: datetime, ask: Callable[[datetime], tuple[str, ...]]
) -> Iterator[Stretch]:
    """What `ask` answers all along a period, cut only where the answer changes."""
    since, answer = begins, ask(begins)
    for edge in _edges(rota, begins, ends):
        following = ask(edge)
        if following != answer:
            yield Stretch(since, edge, answer)
            since, answer = edge, following
    yield Stretch(since, ends, answer)


def _edges(rota: Rota, begins: datetime, ends: datetime) -> list[datetime]:
    """Each instant between two others at which others may come on duty."""
    timetables = {shift.timetable(rota.zone) for shift in rota.shifts}
    weekly = heapq.merge(*(each.edges(rota.zone, begins) for each in timetables))
    agreed = [edge for change in rota.changes for edge in (change.begins, change.ends)]
    edges = [*takewhile(lambda edge: edge < ends, weekly), *agreed]
    return sorted({edge for edge in edges if begins < edge < ends})


@lru_cache(maxsize=1024)
def _timetable(shift: Shift, zone: str) -> Timetable:
    if (shift.start_weekday, shift.start) == (shift.end_weekday, shift.end):
        return WHOLE_WEEK
    window = WeeklyWindow(shift.start_weekday, shift.start, shift.end_weekday, shift.end, zone)
    return window.timetable()
