"""The dial policy: the one gate every outgoing number passes (I8, H3)."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from ivr.configuration import Configuration
from ivr.errors import NotDialled

E164 = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
# What the words of line.yaml allow. Premium, shared cost, pagers and the like have no word.
LINE_TYPES = {
    "fixed_line": {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE},
    "mobile": {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE},
    "voip": {PhoneNumberType.VOIP},
}
# Satellite and international services are valid numbers of no country, and dear ones.
NO_COUNTRY = "001"


@dataclass(frozen=True)
class DialPolicy:
    """Which numbers may be rung: `countries` are ISO alpha-2 codes, `own` our numbers in E.164.

    The caps are kept by ivr/dialling.py, which counts.
    """

    countries: frozenset[str]
    own: frozenset[str]
    line_types: frozenset[str] = frozenset(LINE_TYPES)
    calls_per_hour: int = 1_000
    calls_per_number_per_hour: int = 120

    def check(self, number: str) -> None:
        """Raises NotDialled, with the reason, for a number that must not be rung."""
        shown = f"…{number[-4:]}"
        if not E164.fullmatch(number):
            raise NotDialled(f"{shown} is not a number in E.164, like +14155550100.")
        if number in self.own:
            raise NotDialled(f"{shown} is one of our own numbers: the call would ring in a circle.")
        parsed = phonenumbers.parse(number)
        country = phonenumbers.region_code_for_number(parsed)
        if country is None or country == NO_COUNTRY or not phonenumbers.is_valid_number(parsed):
            raise NotDialled(f"{shown} is not a telephone number of any country.")
        if country not in self.countries:
            raise NotDialled(
                f"{shown} is in {country}, which is not on the list of countries we dial."
            )
        allowed = set[int]().union(*(LINE_TYPES[name] for name in self.line_types))
        if phonenumbers.number_type(parsed) not in allowed:
            raise NotDialled(
                f"{shown} is of a kind (premium, shared cost, pager…) that is never dialled."
            )


def policy_for(countries: Collection[str], own: Collection[str]) -> DialPolicy:
    return DialPolicy(frozenset(countries), frozenset(own))


def policy_of(configuration: Configuration) -> DialPolicy:
    """What this configuration lets the service dial."""
    own = {*configuration.lines, *filter(None, [configuration.technician_line])}
    limits = configuration.dial_limits
    return DialPolicy(
        frozenset(configuration.dial_countries),
        frozenset(own),
        limits.line_types,
        limits.calls_per_hour,
        limits.calls_per_number_per_hour,
    )


def diallable(given: str, country: str, policy: DialPolicy) -> str | None:
    """A number as a carrier or a person gave it, in E.164, if it may be rung; else None.

    Read as people of that country dial: their own area codes, or another country's after the
    prefix for abroad. Who keys the country code alone, as it is written after a plus, is
    understood where that is the only way to read it.
    """
    for text in (given, f"+{given}"):
        try:
            parsed = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        try:
            policy.check(number)
        except NotDialled:
            continue
        return number
    return None
