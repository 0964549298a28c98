"""Public holidays: the library's, and what the admin makes of them."""

from datetime import date

import pytest

from ivr.configuration.holidays import Calendar, PublicHolidays

GOOD_FRIDAY = date(2026, 4, 3)
CHRISTMAS = date(2026, 12, 25)
AUCKLAND_DAY = date(2026, 1, 26)


@pytest.mark.parametrize(
    ("calendar", "day", "closed"),
    [
        (Calendar("NL"), GOOD_FRIDAY, True),
        (Calendar("NL", not_observed=frozenset(["Good Friday"])), GOOD_FRIDAY, False),
        (Calendar("NL", not_observed=frozenset(["2026-04-03"])), GOOD_FRIDAY, False),
        (Calendar("NL", not_observed=frozenset(["2026-04-03"])), date(2027, 3, 26), True),
        (Calendar("NL", also=frozenset([date(2026, 12, 24)])), date(2026, 12, 24), True),
        (Calendar("NZ"), AUCKLAND_DAY, False),
        (Calendar("NZ", "AUK"), AUCKLAND_DAY, True),
        (Calendar("IE"), date(2026, 3, 17), True),
    ],
)
def test_a_calendar_is_the_countrys_with_corrections(
    calendar: Calendar, day: date, closed: bool
) -> None:
    assert PublicHolidays({calendar.country: calendar}).is_holiday(calendar.country, day) is closed


@pytest.mark.parametrize("national", [True, False])
def test_a_country_not_listed_has_its_national_holidays_or_none(national: bool) -> None:
    assert PublicHolidays({}, national).is_holiday("DE", CHRISTMAS) is national


def test_a_country_nobody_knows_has_no_holidays() -> None:
    assert not PublicHolidays().is_holiday("XX", CHRISTMAS)
