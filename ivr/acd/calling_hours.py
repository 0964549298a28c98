"""Calling hours: when a customer may be telephoned.

Severity 1 at any hour. Everybody else outside their quiet hours, and while a call of theirs would
be let in: the support rules are asked again, with the ticket as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from callflows.session import Session
from ivr.call_records import Call
from ivr.configuration import Configuration
from routing.calendars import Timetable, wall_time
from routing.decisions import Case, Decision, Outcome
from routing.policy import decide
from routing.tickets import NothingKeyed

# Where nothing is known to change, it is looked at again after this long.
A_WHILE = timedelta(hours=1)
# Hours and rules take turns; more than a few rounds of that would be for ever.
MOST_ROUNDS = 10
ALLOWING = {Outcome.CONNECT, Outcome.CALLBACK}


@dataclass(frozen=True)
class CallingTimes:
    """The customer may be called from `begins` until `ends`, where it has to be asked again."""

    begins: datetime
    ends: datetime


def may_be_called(configuration: Configuration, seen: Call, earliest: datetime) -> CallingTimes:
    """The next stretch of time, from `earliest` on, in which this call may be placed."""
    if seen.severity == 1:
        return CallingTimes(earliest, earliest + A_WHILE)
    hours = configuration.callbacks.calling_hours
    timetable = None if hours is None else hours.timetable()
    instant = earliest
    for _ in range(MOST_ROUNDS):
        decision = _decision(configuration, seen, instant)
        if decision.outcome not in ALLOWING:
            if decision.opens_at is None:
                break
            instant = decision.opens_at
        elif timetable is not None and not timetable.covers(wall_time(instant, decision.zone)):
            instant = next(_edges(timetable, decision.zone, instant, begins=True))
        else:
            ends = [decision.next_change] if decision.next_change else []
            if timetable is not None:
                ends.append(next(_edges(timetable, decision.zone, instant, begins=False)))
            return CallingTimes(instant, min([instant + A_WHILE, *ends]))
    return CallingTimes(earliest + A_WHILE, earliest + A_WHILE)


def _decision(configuration: Configuration, seen: Call, instant: datetime) -> Decision:
    line = configuration.line_for(seen.dnis)
    desk = Session.from_json(seen.session).desk or NothingKeyed()
    return decide(Case(instant, line, desk, seen.ani), configuration.holidays)


def _edges(timetable: Timetable, zone: str, after: datetime, *, begins: bool) -> Iterator[datetime]:
    """When the hours begin, or end, after an instant."""
    edges = timetable.edges(zone, after)
    return (edge for edge in edges if timetable.covers(wall_time(edge, zone)) is begins)
