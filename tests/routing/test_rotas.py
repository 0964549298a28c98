"""Rotas: who is on call when, exact over every change of the clocks."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendars import WEEK_SECONDS, steady_wall_time, wall_time
from routing.rotas import (
    A_MONDAY,
    Override,
    Rota,
    Shift,
    Stretch,
    Swap,
    gaps,
    gaps_on_paper,
    on_duty,
    overlaps,
    stretches,
)
from tests.builders import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, at
from tests.routing.test_clocks import CONFIGURED, OTHERS

# The regions' zones, and those whose clocks are changed at odd hours or by odd amounts.
AWKWARD = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Easter",
]
ZONES = sorted({*CONFIGURED.values(), *OTHERS, *AWKWARD})
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2028, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AROUND = timedelta(minutes=150)


def tiled(*starts: int, zone: str = "Europe/Dublin") -> Rota:
    """One shift from each of these minutes of the week to the next, `p0` on duty first."""
    edges = [divmod(start, 24 * 60) for start in sorted(starts)]
    following = [*edges[1:], edges[0]]
    shifts = tuple(
        Shift(day, clock(minute), to_day, clock(to_minute), (f"p{number}",))
        for number, ((day, minute), (to_day, to_minute)) in enumerate(
            zip(edges, following, strict=True)
        )
    )
    return Rota("tiled", zone, shifts)


def clock(minute: int) -> time:
    return time(*divmod(minute, 60))


def changes_of_clocks(zone: str) -> list[datetime]:
    instants = getattr(pytz.timezone(zone), "_utc_transition_times", [])
    aware = [instant.replace(tzinfo=UTC) for instant in instants]
    return [instant for instant in aware if BEGINS <= instant < ENDS]


def minutes_around(instant: datetime) -> Iterator[datetime]:
    minute = instant - AROUND
    while minute < instant + AROUND:
        yield minute
        minute += MINUTE


starts_of_shifts = st.sets(
    # Any minute of the week, and often one of the hours in which clocks are changed.
    st.integers(0, WEEK_SECONDS // 60 - 1)
    | st.builds(
        lambda day, minute: day * 24 * 60 + minute,
        st.sampled_from([THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY]),
        st.integers(0, 4 * 60),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("zone", ZONES)
@given(starts=starts_of_shifts)
@settings(max_examples=4, deadline=None)
def test_shifts_that_fill_the_week_leave_no_gap_and_no_overlap_in_two_years(
    zone: str, starts: set[int]
) -> None:
    rota = tiled(*starts, zone=zone)

    assert gaps(rota, BEGINS, ENDS) == []
    assert overlaps(rota, BEGINS, ENDS) == []
    for change in changes_of_clocks(zone):
        around = list(minutes_around(change))
        assert all(len(on_duty(rota, minute)) == 1 for minute in around)
        assert_each_comes_on_duty_in_turn(rota, around)


def assert_each_comes_on_duty_in_turn(rota: Rota, around: list[datetime]) -> None:
    """Each shift begins once a week, also where the clocks show its beginning twice."""
    on = [on_duty(rota, minute)[0] for minute in around]
    came_on = [after for before, after in pairwise(on) if after != before]
    assert len(set(came_on)) == len(came_on)


@pytest.mark.parametrize("zone", ZONES)
def test_a_shift_handed_over_at_nine_is_handed_over_at_nine_all_year(zone: str) -> None:
    rota = tiled(MONDAY * 1440 + 9 * 60, FRIDAY * 1440 + 9 * 60, zone=zone)
    handed_over = [stretch.begins for stretch in stretches(rota, BEGINS, ENDS)][1:]

    assert {wall_time(instant, zone).time() for instant in handed_over} == {time(9)}
    assert 205 <= len(handed_over) <= 209


def test_an_hour_that_is_shown_twice_is_handed_over_in_once() -> None:
    """Dublin, 25 October 2026: 01:00 to 02:00 comes twice."""
    rota = tiled(SATURDAY * 1440 + 9 * 60, SUNDAY * 1440 + 90)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    around = list(stretches(rota, first - 6 * timedelta(hours=1), first + timedelta(hours=6)))

    assert [(stretch.begins, stretch.who) for stretch in around][1:] == [(first, ("p1",))]


def test_an_hour_that_is_jumped_over_is_handed_over_at_the_jump() -> None:
    """Dublin, 29 March 2026: 01:00 to 02:00 does not come."""
    rota = tiled(SATURDAY * 1440 + 9 * 60, SUNDAY * 1440 + 90)
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)

    around = list(stretches(rota, jump - timedelta(hours=6), jump + timedelta(hours=6)))

    assert [(stretch.begins, stretch.who) for stretch in around][1:] == [(jump, ("p1",))]


def test_clocks_that_never_go_back_wait_for_the_others() -> None:
    """New York, 1 November 2026: 01:00 to 02:00 comes twice."""
    zone, change = "America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)
    walls = [
        steady_wall_time(change + timedelta(minutes=minutes), zone) for minutes in (-1, 0, 59, 60)
    ]

    assert [wall.time() for wall in walls] == [
        time(1, 59),
        time(1, 59, 59),
        time(1, 59, 59),
        time(2),
    ]


NIGHTS = Shift(FRIDAY, time(19), MONDAY, time(7), ("night@example.com", "second@example.com"))
DAYS = Shift(MONDAY, time(7), FRIDAY, time(19), ("day@example.com",))
ROTA = Rota("severity-1", "America/New_York", (DAYS, NIGHTS))
SATURDAY_NOON = at("Sat 2026-03-07 12:00 America/New_York")
SATURDAY_EVENING = at("Sat 2026-03-07 18:00 America/New_York")


def with_changes(*changes: Override | Swap) -> Rota:
    return Rota("severity-1", "America/New_York", (DAYS, NIGHTS), changes)


def test_people_are_on_duty_in_their_order_and_once() -> None:
    both = Rota("both", "UTC", (NIGHTS, NIGHTS))

    assert on_duty(ROTA, SATURDAY_NOON) == ("night@example.com", "second@example.com")
    assert on_duty(both, SATURDAY_NOON) == ("night@example.com", "second@example.com")
    assert on_duty(ROTA, at("Fri 2026-03-06 18:59 America/New_York")) == ("day@example.com",)


def test_a_shift_that_ends_where_it_starts_is_the_whole_week() -> None:
    always = Rota("always", "UTC", (Shift(MONDAY, time(9), MONDAY, time(9), ("boss",)),))

    assert gaps_on_paper(always) == []
    assert gaps(always, BEGINS, ENDS) == []


def test_an_override_counts_from_its_beginning_up_to_its_end() -> None:
    rota = with_changes(Override(SATURDAY_NOON, SATURDAY_EVENING, ("other@example.com",), "ill"))
    second = timedelta(seconds=1)

    assert on_duty(rota, SATURDAY_NOON - second)[0] == "night@example.com"
    assert on_duty(rota, SATURDAY_NOON) == ("other@example.com",)
    assert on_duty(rota, SATURDAY_EVENING - second) == ("other@example.com",)
    assert on_duty(rota, SATURDAY_EVENING)[0] == "night@example.com"
    assert list(stretches(rota, SATURDAY_NOON - second, SATURDAY_EVENING + second))[1] == Stretch(
        SATURDAY_NOON, SATURDAY_EVENING, ("other@example.com",)
    )


def test_a_swap_puts_each_of_two_people_in_the_others_place() -> None:
    monday_noon = at("Mon 2026-03-09 12:00 America/New_York")
    tuesday = at("Tue 2026-03-10 12:00 America/New_York")
    rota = with_changes(Swap(SATURDAY_NOON, tuesday, "day@example.com", "night@example.com"))

    assert on_duty(rota, SATURDAY_EVENING) == ("day@example.com", "second@example.com")
    assert on_duty(rota, monday_noon) == ("night@example.com",)
    assert on_duty(rota, tuesday) == ("day@example.com",)


def test_of_two_changes_the_later_one_counts() -> None:
    rota = with_changes(
        Override(SATURDAY_NOON, SATURDAY_EVENING, ("first",)),
        Override(SATURDAY_NOON, SATURDAY_EVENING, ("last", "day@example.com")),
        Swap(SATURDAY_NOON, SATURDAY_EVENING, "last", "night@example.com"),
    )

    assert on_duty(rota, SATURDAY_NOON) == ("night@example.com", "day@example.com")


def test_gaps_and_overlaps_are_found_to_the_minute() -> None:
    late = Shift(FRIDAY, time(20), MONDAY, time(7), ("late",))
    early = Shift(FRIDAY, time(18), MONDAY, time(7), ("early",))
    friday, saturday = (at(f"{day} 12:00 Europe/Dublin") for day in FRIDAY_TO_SATURDAY)
    gap = [at(f"Fri 2026-03-06 {hour}:00 Europe/Dublin") for hour in (19, 20)]
    overlap = [at(f"Fri 2026-03-06 {hour}:00 Europe/Dublin") for hour in (18, 19)]

    assert gaps(Rota("r", "Europe/Dublin", (DAYS, late)), friday, saturday) == [
        Stretch(gap[0], gap[1], ())
    ]
    assert overlaps(Rota("r", "Europe/Dublin", (DAYS, early)), friday, saturday) == [
        Stretch(overlap[0], overlap[1], ("day@example.com", "early"))
    ]


FRIDAY_TO_SATURDAY = ("Fri 2026-03-06", "Sat 2026-03-07")


def test_an_override_fills_a_gap_and_settles_an_overlap() -> None:
    begins, ends = (at(f"{day} 12:00 Europe/Dublin") for day in FRIDAY_TO_SATURDAY)
    agreed = (Override(begins, ends, ("one",)),)
    early = Shift(FRIDAY, time(18), MONDAY, time(7), ("early",))

    assert gaps(Rota("r", "Europe/Dublin", (DAYS,), agreed), begins, ends) == []
    assert overlaps(Rota("r", "Europe/Dublin", (DAYS, early), agreed), begins, ends) == []


def test_what_the_week_lacks_on_paper_is_told_by_the_rotas_own_clock() -> None:
    found = gaps_on_paper(Rota("r", "Pacific/Auckland", (DAYS,)))

    assert [(gap.begins - A_MONDAY, gap.ends - A_MONDAY) for gap in found] == [
        (timedelta(0), timedelta(hours=7)),
        (timedelta(days=FRIDAY, hours=19), timedelta(days=7)),
    ]


def test_a_rota_without_a_zone_or_with_a_change_that_ends_too_soon_is_refused() -> None:
    with pytest.raises(ValueError, match="There is no time zone"):
        Rota("r", "Europe/Dubln", ())
    with pytest.raises(ValueError, match="ends before it begins"):
        with_changes(Override(SATURDAY_EVENING, SATURDAY_NOON, ("one",)))
