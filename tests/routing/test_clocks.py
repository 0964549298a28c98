"""Open and closed, exact to the second, against a second opinion that shares no code with it."""

import zoneinfo
from datetime import UTC, datetime
from importlib.metadata import version

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendars import NO_HOLIDAYS
from routing.phases import Phase, SupportClock
from routing.policy import Outcome, decide
from tests.builders import (
    AMSTERDAM,
    AUCKLAND,
    DUBLIN,
    LONDON,
    TOLL_FREE,
    a_case,
    a_line,
    a_region,
    a_ticket,
    some_rules,
)
from tests.routing import oracle

YEARS = range(2026, 2028)
WEEKEND = oracle.weekend_window(YEARS)
CLOCK = SupportClock(some_rules(), a_region(), NO_HOLIDAYS)

CONFIGURED = {
    TOLL_FREE: "America/New_York",
    DUBLIN: "Europe/Dublin",
    AMSTERDAM: "Europe/Amsterdam",
    LONDON: "Europe/London",
    AUCKLAND: "Pacific/Auckland",
}

OTHERS = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "America/Adak",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Asuncion",
    "America/Chicago",
    "America/Denver",
    "America/Edmonton",
    "America/Halifax",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Nuuk",
    "America/Phoenix",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Vancouver",
    "Antarctica/Troll",
    "Asia/Calcutta",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Australia/Perth",
    "Australia/Sydney",
    "Etc/GMT+12",
    "Europe/Athens",
    "Europe/Chisinau",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Pacific/Norfolk",
    "UTC",
]


def moments(zone: str) -> list[datetime]:
    """Every edge of the two years and every change of the clock, a second before, at, after."""
    edges = [
        *oracle.business_hours(zone, YEARS).edges,
        *WEEKEND.edges,
        *oracle.clock_changes(zone, YEARS),
    ]
    around = (edge + step * oracle.ONE_SECOND for edge in edges for step in (-1, 0, 1))
    return [moment for moment in around if moment.year in YEARS]


def test_both_zone_packages_are_the_same_release() -> None:
    assert version("pytz") == version("tzdata")


@pytest.mark.parametrize("zone", [*CONFIGURED.values(), *OTHERS])
def test_every_edge_of_two_years_is_exact_to_the_second(zone: str) -> None:
    hours = oracle.business_hours(zone, YEARS)

    wrong = []
    for moment in moments(zone):
        expected = Phase.OFF_HOURS
        if hours.covers(moment):
            expected = Phase.SUPPORT_HOURS
        elif WEEKEND.covers(moment):
            expected = Phase.WEEKEND_WINDOW
        if CLOCK.phase(moment, zone) is not expected:
            wrong.append(moment)

    assert wrong == []


@pytest.mark.parametrize("number", CONFIGURED)
def test_every_decision_of_two_years_is_exact_to_the_second(number: str) -> None:
    zone = CONFIGURED[number]
    line = a_line(number)
    hours = oracle.business_hours(zone, YEARS)

    wrong = []
    for moment in moments(zone):
        expected = Outcome.CLOSED
        if hours.covers(moment):
            expected = Outcome.CONNECT
        elif WEEKEND.covers(moment):
            expected = Outcome.WEEKEND_SEV1_ONLY
        if decide(a_case(moment, a_ticket(severity=2), line=line)).outcome is not expected:
            wrong.append(moment)

    assert wrong == []


@settings(derandomize=True, deadline=None, max_examples=1000)
@given(
    instant=st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis adds the zone)
    zone=st.sampled_from(sorted(zoneinfo.available_timezones() & set(pytz.all_timezones))),
)
def test_any_instant_in_any_zone_is_read_alike(instant: datetime, zone: str) -> None:
    expected = Outcome.CLOSED
    if oracle.is_open(instant, zone):
        expected = Outcome.CONNECT
    elif oracle.is_weekend(instant):
        expected = Outcome.WEEKEND_SEV1_ONLY

    decision = decide(a_case(instant, a_ticket(severity=4, zone=zone)))

    assert (decision.outcome, decision.zone) == (expected, zone)
    assert (
        decision.local_time.utcoffset() == instant.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    )
