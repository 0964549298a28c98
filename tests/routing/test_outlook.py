"""When the answer changes next, and when the line opens next."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendars import WeeklyHours, WeeklyWindow
from routing.policy import HORIZON, Case, Decision, Outcome, decide
from routing.tickets import DeskAnswer, Found, NotFound, Unavailable
from tests.builders import (
    AMSTERDAM,
    AUCKLAND,
    DUBLIN,
    FRIDAY,
    NUMBERS,
    SUNDAY,
    TOLL_FREE,
    WEEKEND_WINDOW,
    a_case,
    a_closure,
    a_line,
    a_ticket,
    at,
    some_rules,
)

ONE_SECOND = timedelta(seconds=1)


class EveryFirstOfTheMonth:
    """Holidays of every country."""

    def is_holiday(self, _country: str, day: date, /) -> bool:
        return day.day == 1


# Toll-free, two countries with several zones, one with one, one that says London for Dublin.
ANIS = [None, "+18005550100", "+61412345678", "+64211234567", "+12125550123", "+353871234567"]

ZONES = [
    None,
    "America/Los_Angeles",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "America/Santiago",
]

SETTINGS: dict[str, list[str]] = {
    "caller_zone.number_rule": ["all_agree", "single_zone", "off"],
    "precedence": ["local_hours", "weekend_window"],
    "after_weekend_window": ["closed", "weekend_sev1_only"],
    "sev1_off_hours": ["connect", "callback", "closed"],
    "sev1_weekend": ["connect_then_callback", "callback"],
    "before_weekend_window": ["closed", "weekend_sev1_only"],
    "window_end": ["exclusive", "inclusive"],
    "holidays": ["off", "caller_country", "region"],
    "desk_down.in_hours": ["triage", "voicemail"],
    "desk_down.off_hours": ["voicemail", "triage"],
}

HOURS = [
    WeeklyHours(frozenset(range(5)), time(7), time(19)),
    WeeklyHours(frozenset(range(7)), time(0), time(0)),
    WeeklyHours(frozenset({5, 6}), time(1, 30), time(2, 15)),
]

WINDOWS = [
    WEEKEND_WINDOW,
    WeeklyWindow(SUNDAY, time(1, 45), 0, time(12, 30), "Australia/Lord_Howe"),
]

INSTANTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@st.composite
def some_case(draw: st.DrawFn) -> Case:
    instant = draw(INSTANTS).replace(microsecond=0)
    lasts = draw(st.sampled_from([None, None, timedelta(hours=5), timedelta(days=9)]))
    rules = some_rules(
        {key: draw(st.sampled_from(values)) for key, values in SETTINGS.items()},
        hours=draw(st.sampled_from(HOURS)),
        weekend=draw(st.sampled_from(WINDOWS)),
        closure=a_closure(expires_at=instant + lasts) if lasts else None,
    )
    zone = draw(st.sampled_from(ZONES))
    found = Found(a_ticket(draw(st.integers(1, 4)), zone=zone))
    answers: list[DeskAnswer] = [found, found, NotFound("1"), Unavailable("1", "timeout")]
    desk = draw(st.sampled_from(answers))
    line = a_line(draw(st.sampled_from(NUMBERS)), rules)
    return Case(instant, line, desk, ani=draw(st.sampled_from(ANIS)))


def later(case: Case, instant: datetime) -> Decision:
    return decide(replace(case, instant=instant), EveryFirstOfTheMonth())


def between(start: datetime, end: datetime) -> list[datetime]:
    """The first and the last second, and a dozen instants in between."""
    return [start + (end - ONE_SECOND - start) * step / 13 for step in range(14)]


@settings(derandomize=True, deadline=None, max_examples=200)
@given(case=some_case())
def test_the_outcome_differs_at_the_next_change_and_never_before(case: Case) -> None:
    decision = later(case, case.instant)
    end = decision.next_change or case.instant + HORIZON

    assert {later(case, each).outcome for each in between(case.instant, end)} == {decision.outcome}
    if decision.next_change is not None:
        assert decision.next_change.tzinfo is UTC
        assert later(case, decision.next_change).outcome is not decision.outcome


@settings(derandomize=True, deadline=None, max_examples=200)
@given(case=some_case())
def test_the_line_connects_when_it_opens_and_never_before(case: Case) -> None:
    decision = later(case, case.instant)
    if decision.outcome is Outcome.CONNECT:
        assert decision.opens_at is None
        return
    end = decision.opens_at or case.instant + HORIZON

    before = [later(case, each).outcome for each in between(case.instant, end)]

    assert Outcome.CONNECT not in before
    if decision.opens_at is not None:
        assert later(case, decision.opens_at).outcome is Outcome.CONNECT


CHANGES = [
    # number,  now on the caller's clock,              next change,                         opens
    (DUBLIN, "Wed 2026-02-11 12:00 Europe/Dublin", "Wed 2026-02-11 19:00 Europe/Dublin", None),
    (
        DUBLIN,
        "Wed 2026-02-11 19:00 Europe/Dublin",
        "Thu 2026-02-12 07:00 Europe/Dublin",
        "Thu 2026-02-12 07:00 Europe/Dublin",
    ),
    (
        DUBLIN,
        "Fri 2026-03-27 19:00 Europe/Dublin",  # The clocks go forward on Sunday morning.
        "Fri 2026-03-27 19:00 America/New_York",
        "Mon 2026-03-30 07:00 Europe/Dublin",
    ),
    (
        TOLL_FREE,
        "Fri 2026-10-30 19:00 America/New_York",  # They go back on Sunday morning.
        "Sun 2026-11-01 16:00 America/New_York",
        "Mon 2026-11-02 07:00 America/New_York",
    ),
    (
        AUCKLAND,
        "Mon 2026-04-06 06:59:59 Pacific/Auckland",
        "Mon 2026-04-06 07:00 Pacific/Auckland",
        "Mon 2026-04-06 07:00 Pacific/Auckland",
    ),
]


@pytest.mark.parametrize(("number", "now", "next_change", "opens_at"), CHANGES)
def test_the_next_opening_is_on_the_callers_own_clock(
    number: str, now: str, next_change: str, opens_at: str | None
) -> None:
    decision = decide(a_case(at(now), line=a_line(number)))

    assert decision.next_change == at(next_change)
    assert decision.opens_at == (at(opens_at) if opens_at else None)


def test_waiting_does_not_help_a_ticket_that_is_refused() -> None:
    decision = decide(a_case(at("Wed 2026-02-11 22:00 Europe/Dublin"), a_ticket(status="closed")))

    assert (decision.next_change, decision.opens_at) == (None, None)


def test_severity_1_is_served_for_ever() -> None:
    decision = decide(a_case(at("Wed 2026-02-11 22:00 Europe/Dublin"), a_ticket(severity=1)))

    assert (decision.next_change, decision.opens_at) == (None, None)


def test_a_callback_says_when_the_line_connects_again() -> None:
    line = a_line(AMSTERDAM, some_rules({"sev1_weekend": "callback"}))
    saturday = at("Sat 2026-02-14 12:00 Europe/Amsterdam")

    decision = decide(a_case(saturday, a_ticket(severity=1), line=line))

    assert decision.outcome is Outcome.CALLBACK
    assert decision.opens_at == at("Sun 2026-02-15 16:00 America/New_York")


def test_holidays_put_off_the_next_opening() -> None:
    rules = some_rules({"holidays": "region"})
    evening = at("Fri 2026-07-31 20:00 Europe/Amsterdam")
    weekdays = WeeklyHours(frozenset(range(FRIDAY + 2)), time(7), time(19))

    closed = decide(
        a_case(evening, line=a_line(AMSTERDAM, replace(rules, hours=weekdays))),
        EveryFirstOfTheMonth(),
    )

    assert closed.opens_at == at("Mon 2026-08-03 07:00 Europe/Amsterdam")


def test_what_never_changes_within_the_horizon_has_no_next_change() -> None:
    january = frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(60))
    rules = some_rules({"sev1_weekend": "connect"}, closed_days={"ireland": january})
    monday = at("Mon 2026-01-05 12:00 Europe/Dublin")

    decision = decide(a_case(monday, line=a_line(DUBLIN, rules)))

    assert decision.next_change == at("Fri 2026-01-09 19:00 America/New_York")
    assert decision.opens_at is None


def test_ten_thousand_decisions_take_less_than_two_seconds() -> None:
    start = at("Thu 2026-01-01 00:00 UTC")
    cases = [
        a_case(
            start + timedelta(minutes=97 * step),
            a_ticket(step % 4 + 1, zone=ZONES[step % len(ZONES)]),
            line=a_line(NUMBERS[step % len(NUMBERS)]),
        )
        for step in range(10_000)
    ]

    # In five parts, of which the quickest counts: the machine may be busy with something else.
    seconds = []
    for part in range(5):
        began = process_time()
        for case in cases[part::5]:
            decide(case)
        seconds.append(process_time() - began)

    assert 5 * min(seconds) < 2
