"""Callers: whose clock counts (A1), and what a telephone number tells about it."""

from enum import StrEnum


class ZoneSource(StrEnum):
    """Where the zone of a decision came from."""

    REQUESTER = "requester"
    ORGANISATION = "organisation"
    CALLER_NUMBER = "caller_number"
    DIALED_NUMBER = "dialed_number"


class NumberRule(StrEnum):
    """When the zones of the caller's number may be used."""

    ALL_AGREE = "all_agree"
    SINGLE_ZONE = "single_zone"
    OFF = "off"


def zones_of_number(ani: str | None) -> tuple[str, ...]:
    """The zones a number may be in, known to pytz; none for a withheld or invalid number."""
    raise NotImplementedError


def country_of_zone(zone: str) -> str | None:
    """The ISO 3166 alpha-2 country of an IANA zone; None for UTC and the like."""
    raise NotImplementedError
