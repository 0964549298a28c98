"""Whose clock counts."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from routing.policy import decide
from tests.builders import TOLL_FREE, a_case, a_line, a_ticket, at, some_rules

OPEN = at("Wed 2026-02-11 12:00 America/New_York")
SATURDAY = at("Sat 2026-02-14 12:00 America/New_York")

SEV1 = a_ticket(severity=1)

DENVER_NUMBER = "+13035550123"
TOLL_FREE_CALLER = "+18005550123"
IRISH_MOBILE = "+353871234567"
AUSTRALIAN_MOBILE = "+61412345678"

SINGLE_ZONE = {"caller_zone.number_rule": "single_zone"}
NUMBER_OFF = {"caller_zone.number_rule": "off"}
ORGANISATION_FIRST = {"caller_zone.order": "organisation,requester"}
REQUESTER_ONLY = {"caller_zone.order": "requester"}

CLOCKS = [
    # instant, settings, ticket's zone, organisation's, caller's number, whose clock
    (OPEN, {}, "Europe/Athens", "Asia/Tokyo", DENVER_NUMBER, "Europe/Athens requester"),
    (OPEN, {}, "Mars/Olympus", "Asia/Tokyo", DENVER_NUMBER, "Asia/Tokyo organisation"),
    (OPEN, {}, None, None, DENVER_NUMBER, "America/Denver caller_number"),
    (OPEN, {}, None, None, None, "America/New_York dialed_number"),
    (OPEN, {}, None, None, "anonymous", "America/New_York dialed_number"),
    (OPEN, {}, None, None, IRISH_MOBILE, "Europe/Dublin caller_number"),
    # On Wednesday noon in New York it is night in Guam; on Saturday it is weekend in all America.
    (OPEN, {}, None, None, TOLL_FREE_CALLER, "America/New_York dialed_number"),
    (SATURDAY, {}, None, None, TOLL_FREE_CALLER, "America/New_York caller_number"),
    (SATURDAY, {}, None, None, AUSTRALIAN_MOBILE, "Australia/Adelaide caller_number"),
    (SATURDAY, SINGLE_ZONE, None, None, TOLL_FREE_CALLER, "America/New_York dialed_number"),
    (OPEN, SINGLE_ZONE, None, None, DENVER_NUMBER, "America/Denver caller_number"),
    (OPEN, NUMBER_OFF, None, None, DENVER_NUMBER, "America/New_York dialed_number"),
    (OPEN, ORGANISATION_FIRST, "Europe/Athens", "Asia/Tokyo", None, "Asia/Tokyo organisation"),
    (OPEN, REQUESTER_ONLY, None, "Asia/Tokyo", DENVER_NUMBER, "America/New_York dialed_number"),
]


@pytest.mark.parametrize(
    ("instant", "settings", "requester", "organisation", "ani", "whose_clock"), CLOCKS
)
def test_the_first_source_that_cannot_mislead_gives_the_clock(  # noqa: PLR0913 (the columns)
    instant: datetime,
    settings: Mapping[str, str],
    requester: str | None,
    organisation: str | None,
    ani: str | None,
    whose_clock: str,
) -> None:
    ticket = a_ticket(zone=requester, organisation_zone=organisation)
    line = a_line(TOLL_FREE, some_rules(settings))

    decision = decide(a_case(instant, ticket, line=line, ani=ani))

    assert f"{decision.zone} {decision.zone_source}" == whose_clock
    assert decision.local_time == instant


def test_severity_1_is_served_on_every_clock_so_the_callers_number_counts() -> None:
    decision = decide(a_case(OPEN, SEV1, ani=TOLL_FREE_CALLER))

    assert (decision.outcome, decision.zone_source) == ("connect", "caller_number")
