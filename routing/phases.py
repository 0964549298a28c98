"""Phases: what one instant is called, by the rules of a line, on the clocks of some zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from heapq import merge
from itertools import groupby
from operator import itemgetter

from routing.calendars import Holidays, Timetable, wall_elsewhere, wall_time
from routing.callers import country_of_zone
from routing.regions import Region
from routing.rules import SupportRules
from routing.switches import BesideWindow, HolidayRule, Precedence, WindowEnd

Edge = tuple[datetime, Sequence[str]]


class Phase(StrEnum):
    """Every instant is exactly one of these, precedence (A2) already settled."""

    SUPPORT_HOURS = "support_hours"  # R01
    CLOSED_DAY = "closed_day"  # it would be support hours, were it not a holiday (A9)
    WEEKEND_WINDOW = "weekend_window"  # R05
    BESIDE_WINDOW = "beside_window"  # a local weekend that is called one (A3, A6)
    OFF_HOURS = "off_hours"


@dataclass(frozen=True)
class SupportClock:
    """The hours and the weekend window of one line and product, ready to be asked."""

    rules: SupportRules
    region: Region
    holidays: Holidays

    def phase(self, instant: datetime, zone: str) -> Phase:
        wall = wall_time(instant, zone)
        in_window = self._window.covers(wall_time(instant, self.rules.weekend.zone))
        in_hours = self._hours.covers(wall)
        window_wins = self.rules.switches.precedence is Precedence.WEEKEND_WINDOW
        if in_window and (window_wins or not in_hours):
            return Phase.WEEKEND_WINDOW
        if in_hours and not self._is_closed_day(wall.date(), zone):
            return Phase.SUPPORT_HOURS
        if in_window:
            return Phase.WEEKEND_WINDOW
        if in_hours:
            return Phase.CLOSED_DAY
        if self._is_before_window(instant, zone) or self._is_after_window(instant, zone):
            return Phase.BESIDE_WINDOW
        return Phase.OFF_HOURS

    def edges(self, zones: Sequence[str], after: datetime) -> Iterator[Edge]:
        """Every instant (UTC) after `after`, in order and without end, at which the phase on the
        clocks of some of the zones can change, and which zones these are."""
        window_edges = self._window.edges(self.rules.weekend.zone, after)
        streams = [_concerning(zones, window_edges)]
        streams += [_concerning((zone,), self._hours.edges(zone, after)) for zone in zones]
        in_order = merge(*streams, key=itemgetter(0))
        return (
            (edge, [zone for _, concerned in together for zone in concerned])
            for edge, together in groupby(in_order, key=itemgetter(0))
        )

    @property
    def _hours(self) -> Timetable:
        return self.rules.hours.timetable(ends_inclusive=self._ends_inclusive)

    @property
    def _window(self) -> Timetable:
        return self.rules.weekend.timetable(ends_inclusive=self._ends_inclusive)

    @property
    def _ends_inclusive(self) -> bool:
        return self.rules.switches.window_end is WindowEnd.INCLUSIVE

    def _is_closed_day(self, day: date, zone: str) -> bool:
        """Dates that were set by hand close whatever the switch says about public holidays."""
        whose = self.rules.switches.holidays
        country = self.region.country if whose is HolidayRule.REGION else country_of_zone(zone)
        closed_days = self.rules.closed_days
        if any(day in closed_days.get(name or "", ()) for name in (self.region.name, country)):
            return True
        if whose is HolidayRule.OFF or country is None:
            return False
        return self.holidays.is_holiday(country, day)

    def _is_before_window(self, instant: datetime, zone: str) -> bool:
        """A6: the window opens before local hours do, holidays aside."""
        if self.rules.switches.before_weekend_window is BesideWindow.CLOSED:
            return False
        window_zone = self.rules.weekend.zone
        start = self._window.next_start(wall_time(instant, window_zone))
        return self._hours.next_start(wall_time(instant, zone)) >= wall_elsewhere(
            start, window_zone, zone
        )

    def _is_after_window(self, instant: datetime, zone: str) -> bool:
        """A3: there have been no local hours since the window ended, holidays aside."""
        if self.rules.switches.after_weekend_window is BesideWindow.CLOSED:
            return False
        window_zone = self.rules.weekend.zone
        end = self._window.last_end(wall_time(instant, window_zone))
        return self._hours.last_end(wall_time(instant, zone)) <= wall_elsewhere(
            end, window_zone, zone
        )


def _concerning(zones: Sequence[str], edges: Iterator[datetime]) -> Iterator[Edge]:
    return ((edge, zones) for edge in edges)
