"""Weekly hours and windows, on the nights when clocks are changed, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendars import (
    NO_HOLIDAYS,
    Timetable,
    WeeklyHours,
    WeeklyWindow,
    check_aware,
    check_zone,
    local_time,
    wall_elsewhere,
    wall_time,
)
from routing.regions import Region
from tests.builders import FRIDAY, MONDAY, SATURDAY, SUNDAY, at

ONE_MINUTE = timedelta(minutes=1)
ONE_SECOND = timedelta(seconds=1)

# Around each of these the clocks are changed, and how: by an hour, by half of one, by two; at
# midnight; for good; with a whole day left out.
CHANGES = [
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Europe/Dublin", "2026-03-29"),
    ("Europe/Dublin", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Troll", "2026-10-25"),
    ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Casablanca", "2026-02-15"),
    ("America/Vancouver", "2026-03-08"),
    ("Pacific/Apia", "2011-12-30"),
    ("Asia/Kathmandu", "2026-06-15"),
]

MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    inclusive = draw(st.booleans())
    if draw(st.booleans()):
        opens, closes = sorted([draw(MINUTES), draw(MINUTES)])
        days = draw(st.frozensets(st.integers(0, 6), min_size=1))
        hours = WeeklyHours(days, opens, closes if opens < closes else time(0))
        return hours.timetable(ends_inclusive=inclusive)
    start, end = draw(st.tuples(st.integers(0, 6), st.integers(0, 6)))
    first, last = draw(MINUTES), draw(MINUTES)
    if (start, first) == (end, last):
        end = (end + 1) % 7
    window = WeeklyWindow(start, first, end, last, "UTC")
    return window.timetable(ends_inclusive=inclusive)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(timetable=timetables(), change=st.sampled_from(CHANGES))
def test_nothing_changes_but_at_an_edge(timetable: Timetable, change: tuple[str, str]) -> None:
    zone, day = change
    start = datetime.combine(date.fromisoformat(day), time(0), UTC) - timedelta(hours=30)
    end = start + timedelta(hours=60)

    edges = list(takewhile(lambda edge: edge < end, timetable.edges(zone, start)))
    # Whatever can happen happens on a whole minute, or a second later where ends are inclusive.
    minutes = [start + step * ONE_MINUTE for step in range(1, 60 * 60)]
    flips = {
        moment
        for minute in minutes
        for moment in (minute, minute + ONE_SECOND)
        if timetable.covers(wall_time(moment, zone))
        != timetable.covers(wall_time(moment - ONE_SECOND, zone))
    }

    assert edges == sorted(edges)
    assert all(edge > start for edge in edges)
    assert flips <= set(edges)


OPENINGS = [
    # zone, hours on Sunday, the instants at which they begin or end that day
    (  # 02:00 becomes 03:00: what would open in between opens then.
        *("America/New_York", time(2, 30), time(4), "2026-03-08"),
        ["2026-03-08T07:00", "2026-03-08T08:00"],
    ),
    (  # 02:00 becomes 01:00: 01:30 to 01:45 comes twice.
        *("America/New_York", time(1, 30), time(1, 45), "2026-11-01"),
        ["2026-11-01T05:30", "2026-11-01T05:45", "2026-11-01T06:30", "2026-11-01T06:45"],
    ),
    (  # ... and what closes in between closes, opens again with the change, and closes again.
        *("America/New_York", time(1), time(1, 30), "2026-11-01"),
        ["2026-11-01T05:00", "2026-11-01T05:30", "2026-11-01T06:00", "2026-11-01T06:30"],
    ),
    (  # By half an hour.
        *("Australia/Lord_Howe", time(1, 45), time(3), "2026-04-05"),
        ["2026-04-04T14:45", "2026-04-04T15:00", "2026-04-04T15:15", "2026-04-04T16:30"],
    ),
]


@pytest.mark.parametrize(("zone", "opens", "closes", "day", "flips"), OPENINGS)
def test_hours_on_the_night_of_a_change_follow_the_wall_clock(
    zone: str, opens: time, closes: time, day: str, flips: list[str]
) -> None:
    timetable = WeeklyHours(frozenset({SUNDAY}), opens, closes).timetable()
    start = at(f"Sat {date.fromisoformat(day) - timedelta(days=1)} 12:00 {zone}")

    edges = takewhile(lambda edge: edge < start + timedelta(days=1), timetable.edges(zone, start))
    real = [
        edge
        for edge in edges
        if timetable.covers(wall_time(edge, zone))
        != timetable.covers(wall_time(edge - ONE_SECOND, zone))
    ]

    assert [f"{edge:%Y-%m-%dT%H:%M}" for edge in real] == flips


def test_an_inclusive_end_lasts_one_second_longer() -> None:
    hours = WeeklyHours(frozenset({FRIDAY}), time(7), time(19))
    the_end = wall_time(at("Fri 2026-02-13 19:00 Europe/Dublin"), "Europe/Dublin")

    exclusive, inclusive = hours.timetable(), hours.timetable(ends_inclusive=True)

    assert not exclusive.covers(the_end)
    assert exclusive.covers(the_end - ONE_SECOND)
    assert inclusive.covers(the_end)
    assert not inclusive.covers(the_end + ONE_SECOND)


def test_midnight_on_sunday_ends_the_week_and_an_inclusive_end_reaches_into_the_next() -> None:
    hours = WeeklyHours(frozenset({SUNDAY}), time(20), time(0))
    monday = datetime(2026, 2, 16)  # noqa: DTZ001 (a wall clock)

    assert hours.timetable().covers(monday - ONE_SECOND)
    assert not hours.timetable().covers(monday)
    assert hours.timetable(ends_inclusive=True).covers(monday)
    assert not hours.timetable(ends_inclusive=True).covers(monday + ONE_SECOND)


def test_a_window_may_run_over_the_end_of_the_week() -> None:
    window = WeeklyWindow(SATURDAY, time(12), MONDAY, time(6), "Europe/Dublin").timetable()
    sunday_midnight = datetime(2026, 2, 16)  # noqa: DTZ001 (a wall clock)
    wednesday = datetime(2026, 2, 18)  # noqa: DTZ001

    assert window.covers(sunday_midnight - ONE_SECOND)
    assert window.covers(sunday_midnight)
    assert not window.covers(sunday_midnight + timedelta(hours=6))
    assert window.last_end(wednesday) == sunday_midnight + timedelta(hours=6)
    assert window.next_start(wednesday) == datetime(2026, 2, 21, 12)  # noqa: DTZ001


def test_starts_and_ends_are_found_across_weeks() -> None:
    hours = WeeklyHours(frozenset({FRIDAY}), time(7), time(19)).timetable()
    saturday = datetime(2026, 2, 14)  # noqa: DTZ001 (a wall clock)
    thursday = datetime(2026, 2, 12)  # noqa: DTZ001

    assert hours.next_start(saturday) == datetime(2026, 2, 20, 7)  # noqa: DTZ001
    assert hours.last_end(saturday) == datetime(2026, 2, 13, 19)  # noqa: DTZ001
    assert hours.next_start(thursday) == datetime(2026, 2, 13, 7)  # noqa: DTZ001
    assert hours.last_end(thursday) == datetime(2026, 2, 6, 19)  # noqa: DTZ001


def test_one_wall_clock_is_read_on_another() -> None:
    friday_evening = datetime(2026, 3, 27, 19)  # noqa: DTZ001 (a wall clock)

    there = wall_elsewhere(friday_evening, "America/New_York", "Pacific/Auckland")

    assert there == datetime(2026, 3, 28, 12)  # noqa: DTZ001


def test_nobody_has_holidays_unless_told() -> None:
    assert not NO_HOLIDAYS.is_holiday("IE", date(2026, 12, 25))


REFUSED_HOURS = [
    ([], time(7), time(19), "Hours need at least one weekday."),
    ([7], time(7), time(19), "7 is no weekday; they are 0 (Monday) to 6 (Sunday)."),
    ([0], time(19), time(7), "Hours from 19:00:00 to 07:00:00 end before they begin."),
    ([0], time(7), time(7), "Hours from 07:00:00 to 07:00:00 end before they begin."),
    ([0], time(7, 0, 0, 5), time(19), "must be a whole second of a wall clock, without a zone."),
    ([0], time(7, tzinfo=UTC), time(19), "must be a whole second of a wall clock"),
]


@pytest.mark.parametrize(("weekdays", "opens", "closes", "sentence"), REFUSED_HOURS)
def test_impossible_hours_are_refused(
    weekdays: list[int], opens: time, closes: time, sentence: str
) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        WeeklyHours(frozenset(weekdays), opens, closes)

    assert sentence in str(refused.value)


def test_impossible_windows_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot end where it starts"):
        WeeklyWindow(FRIDAY, time(19), FRIDAY, time(19), "America/New_York")
    with pytest.raises(ValueError, match="-1 is no weekday"):
        WeeklyWindow(-1, time(19), FRIDAY, time(19), "America/New_York")
    with pytest.raises(ValueError, match=r"no time zone '12 ET'; try one like 'Europe/Dublin'\."):
        WeeklyWindow(FRIDAY, time(19), SUNDAY, time(16), "12 ET")


def test_an_unknown_zone_is_refused_with_the_nearest_known_one() -> None:
    check_zone("Europe/Dublin")
    with pytest.raises(ValueError, match=r"'Europe/Dubln'; did you mean 'Europe/Dublin'\?"):
        check_zone("Europe/Dubln")
    with pytest.raises(ValueError, match="did you mean 'Europe/Dublin'"):
        Region("ireland", "europe/dublin", "en", "Polly.Joanna", "help desk", "IE")


def test_a_naive_datetime_is_refused() -> None:
    naive = datetime(2026, 2, 11)  # noqa: DTZ001 (what is refused)

    with pytest.raises(ValueError, match="has no time zone; pass an aware datetime, in UTC"):
        check_aware(naive)
    with pytest.raises(ValueError, match="has no time zone"):
        local_time(naive, "Europe/Dublin")
