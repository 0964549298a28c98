"""What a telephone number and a zone's name tell."""

import subprocess
import sys

import pytest

from routing.callers import country_of_zone, zones_of_number

NUMBERS = [
    # number,            zones
    ("+12125550123", ("America/New_York",)),
    ("+14156945700", ("America/Los_Angeles",)),
    ("+353871234567", ("Europe/Dublin",)),  # phonenumbers: London, Guernsey, Isle of Man
    ("+919876543210", ("Asia/Kolkata",)),  # phonenumbers: Asia/Calcutta
    ("+64211234567", ("Pacific/Auckland", "Pacific/Chatham")),
    ("+881612345678", ()),  # a satellite telephone: Etc/Unknown
    ("+15551", ()),
    ("+266696687", ()),  # "ANONYMOUS" on the keypad
    ("anonymous", ()),
    ("sip:bob@example.com", ()),
    ("2125550123", ()),  # no country
    ("", ()),
    (None, ()),
]


@pytest.mark.parametrize(("number", "zones"), NUMBERS)
def test_a_number_tells_its_zones_or_nothing(number: str | None, zones: tuple[str, ...]) -> None:
    assert zones_of_number(number) == zones


def test_a_toll_free_number_may_be_anywhere_in_north_america() -> None:
    zones = zones_of_number("+18005550123")

    assert len(zones) > 40
    assert {"America/New_York", "Pacific/Guam"} < set(zones)


COUNTRIES = [
    ("America/New_York", "US"),
    ("Europe/Dublin", "IE"),
    ("US/Pacific", "US"),  # an old name
    ("Asia/Calcutta", "IN"),
    ("Eire", "IE"),
    ("UTC", None),
    ("Etc/GMT+5", None),
    ("Mars/Olympus", None),
]


@pytest.mark.parametrize(("zone", "country"), COUNTRIES)
def test_a_zone_lies_in_a_country_unless_it_is_nobodys(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country


def test_the_slow_parts_of_phonenumbers_are_never_imported() -> None:
    program = (
        "import sys, routing.policy, routing.queues, routing.matching;"
        "sys.exit(any(f'phonenumbers.{part}' in sys.modules for part in ('geocoder', 'carrier')))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
