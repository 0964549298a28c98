"""Holidays, and dates without support hours that were set by hand."""

from datetime import date

import pytest

from routing.policy import decide
from tests.builders import AMSTERDAM, AUCKLAND, LONDON, a_case, a_line, a_ticket, at, some_rules

SEV1 = a_ticket(severity=1)
SEV3 = a_ticket(severity=3)


class ANewZealandHoliday:
    """The sixth of February, in New Zealand only."""

    def is_holiday(self, country: str, day: date, /) -> bool:
        return country == "NZ" and (day.month, day.day) == (2, 6)


HOLIDAYS = [
    # switch,          number,   caller's zone,       outcome
    ("off", AUCKLAND, "Pacific/Auckland", "connect"),
    ("caller_country", AUCKLAND, "Pacific/Auckland", "closed"),
    ("caller_country", AUCKLAND, "NZ", "closed"),  # an old name of the same zone
    ("caller_country", AUCKLAND, "Australia/Sydney", "connect"),
    ("caller_country", AUCKLAND, "Etc/GMT-12", "connect"),  # nobody's country
    ("caller_country", LONDON, "Pacific/Auckland", "closed"),
    ("region", AUCKLAND, "Pacific/Auckland", "closed"),
    ("region", AUCKLAND, "Australia/Sydney", "closed"),
    ("region", LONDON, "Pacific/Auckland", "connect"),
]


@pytest.mark.parametrize(("switch", "number", "zone", "outcome"), HOLIDAYS)
def test_a_holiday_closes_the_hours_of_its_country(
    switch: str, number: str, zone: str, outcome: str
) -> None:
    line = a_line(number, some_rules({"holidays": switch}))
    morning = at("Fri 2026-02-06 10:00 Pacific/Auckland")

    decision = decide(a_case(morning, a_ticket(zone=zone), line=line), ANewZealandHoliday())

    assert decision.outcome == outcome


def test_a_holiday_never_closes_severity_1_nor_the_weekend_window() -> None:
    line = a_line(AUCKLAND, some_rules({"holidays": "region"}))
    morning = at("Fri 2026-02-06 10:00 Pacific/Auckland")

    decision = decide(a_case(morning, SEV1, line=line), ANewZealandHoliday())

    assert (decision.outcome, decision.rule) == ("connect", "R03")


def test_a_holiday_in_the_weekend_window_is_weekend() -> None:
    monday = frozenset({date(2026, 1, 19)})
    line = a_line(AUCKLAND, some_rules(closed_days={"NZ": monday}))

    decision = decide(a_case(at("Mon 2026-01-19 08:00 Pacific/Auckland"), SEV3, line=line))

    assert (decision.outcome, decision.rule) == ("weekend_sev1_only", "R05")


CLOSED_DAYS = [
    # whose day,       number,    caller's zone,     outcome
    ("netherlands", AMSTERDAM, "Europe/Athens", "closed"),
    ("netherlands", LONDON, "Europe/Amsterdam", "connect"),
    ("NL", LONDON, "Europe/Amsterdam", "closed"),
    ("NL", AMSTERDAM, "Europe/Athens", "connect"),
]


@pytest.mark.parametrize(("whose", "number", "zone", "outcome"), CLOSED_DAYS)
def test_dates_set_by_hand_close_a_region_or_a_country_though_holidays_are_off(
    whose: str, number: str, zone: str, outcome: str
) -> None:
    kings_day = frozenset({date(2026, 4, 27)})
    line = a_line(number, some_rules(closed_days={whose: kings_day}))

    decision = decide(
        a_case(at("Mon 2026-04-27 12:00 Europe/Paris"), a_ticket(zone=zone), line=line)
    )

    assert decision.outcome == outcome


def test_a_closed_day_says_its_date() -> None:
    kings_day = frozenset({date(2026, 4, 27)})
    line = a_line(AMSTERDAM, some_rules(closed_days={"NL": kings_day}))

    decision = decide(a_case(at("Mon 2026-04-27 12:00 Europe/Amsterdam"), line=line))

    assert decision.reason.endswith(
        "support hours are Monday to Friday 07:00 to 19:00, but 2026-04-27 is a day without them."
    )
