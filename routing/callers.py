"""Callers: whose clock counts (A1), and what a telephone number tells about it.

Only `phonenumbers.timezone` is used: the package's geocoder is large, and slow to import.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
import pytz
from phonenumbers import timezone as phonenumber_zones

from routing.switches import NumberRule, Switches, ZoneSource
from routing.tickets import Ticket


@dataclass(frozen=True)
class ZoneChoice:
    """The zones one source offers. Several are of use only if all give the same outcome."""

    source: ZoneSource
    zones: tuple[str, ...]


def zone_choices(
    switches: Switches, ticket: Ticket | None, ani: str | None, dialed_zone: str
) -> tuple[ZoneChoice, ...]:
    """What the sources offer, in the order of the switch, up to the first that is certain.

    The dialed number is the last resort even if the switch leaves it out, so there is always a
    choice, and the last one has exactly one zone.
    """
    rule = switches.caller_zone_number_rule
    offers = {
        ZoneSource.REQUESTER: _known([ticket.requester_zone if ticket else None]),
        ZoneSource.ORGANISATION: _known([ticket.organisation_zone if ticket else None]),
        ZoneSource.CALLER_NUMBER: _usable(zones_of_number(ani), rule, dialed_zone),
        ZoneSource.DIALED_NUMBER: (dialed_zone,),
    }
    order = (*switches.caller_zone_order, ZoneSource.DIALED_NUMBER)
    choices = [ZoneChoice(source, offers[source]) for source in order if offers[source]]
    certain = next(at for at, choice in enumerate(choices) if len(choice.zones) == 1)
    return tuple(choices[: certain + 1])


def _usable(zones: tuple[str, ...], rule: NumberRule, dialed_zone: str) -> tuple[str, ...]:
    """The zones of the caller's number that the rule admits, the one to announce first.

    Where several agree, that is the dialed number's own zone if it is among them: of the 42
    zones of a toll-free number, the caller is most likely to recognise that one.
    """
    if rule is NumberRule.OFF or (rule is NumberRule.SINGLE_ZONE and len(zones) > 1):
        return ()
    return tuple(sorted(zones, key=lambda zone: zone != dialed_zone))


@lru_cache(maxsize=4096)
def zones_of_number(ani: str | None) -> tuple[str, ...]:
    """The zones a number may be in, known to pytz; none for a withheld or invalid number.

    A country with one zone answers by that zone's name: phonenumbers gives Irish numbers
    "Europe/London", the right clock under a name that is wrong to announce, and Indian ones
    the alias "Asia/Calcutta".
    """
    try:
        number = phonenumbers.parse(ani or "")
    except phonenumbers.NumberParseException:
        return ()
    zones = _known(phonenumber_zones.time_zones_for_number(number))
    country = phonenumbers.region_code_for_number(number) or ""
    national = tuple(pytz.country_timezones.get(country, ()))
    return national if zones and len(national) == 1 else zones


@lru_cache(maxsize=1024)
def country_of_zone(zone: str) -> str | None:
    """The ISO 3166 alpha-2 country of an IANA zone, old names included; None for UTC and such."""
    countries = _country_of_canonical_zone()
    return countries.get(zone) or countries.get(_canonical_names().get(zone, zone))


def _known(names: Iterable[str | None]) -> tuple[str, ...]:
    """Those of the names that are zones: desks write what they like, and phonenumbers says
    "Etc/Unknown" for satellite numbers and impossible ones."""
    return tuple(name for name in names if name in pytz.all_timezones_set)


@cache
def _country_of_canonical_zone() -> dict[str, str]:
    return {zone: country for country, zones in pytz.country_timezones.items() for zone in zones}


@cache
def _canonical_names() -> dict[str, str]:
    """Old zone names and what they are called now, from the zone rules that pytz brings along."""
    with pytz.open_resource("tzdata.zi") as rules:  # type: ignore[attr-defined]  # the types lack it
        return dict(_links(rules.read().decode("ascii").splitlines()))


def _links(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match line.split():
            case ["L", target, name]:
                yield name, target
