"""The reason of a decision, as a person would say it."""

from collections.abc import Mapping
from datetime import datetime, time

import pytest

from routing.calendars import WeeklyHours
from routing.policy import Case, Decision, decide
from routing.tickets import DeskAnswer, NotFound, NothingKeyed, Ticket, Unavailable
from tests.builders import DUBLIN, TOLL_FREE, a_case, a_line, a_ticket, at, some_rules

OPEN = at("Wed 2026-02-11 12:00 America/New_York")
NIGHT = at("Wed 2026-02-11 22:00 America/New_York")
SATURDAY = at("Sat 2026-02-14 12:00 America/New_York")

SEV3 = a_ticket(severity=3)
DESK_DOWN = Unavailable("100200", "no answer in 2.5 s")
UNKNOWN = NotFound("100200")


def decided(
    instant: datetime,
    desk: DeskAnswer | Ticket,
    settings: Mapping[str, str] | None = None,
) -> Decision:
    line = a_line(TOLL_FREE, some_rules(settings))
    return decide(a_case(instant, desk, line=line))


LOS_ANGELES = a_ticket(zone="America/Los_Angeles")
FRIDAY_NIGHT = at("Fri 2026-03-06 19:00 America/Los_Angeles")
SENTENCES = [
    (
        at("Thu 2026-03-05 19:00 America/Los_Angeles"),
        LOS_ANGELES,
        {},
        "It is Thursday 19:00:00 in America/Los_Angeles (the requester's zone on the ticket);"
        " support hours are Monday to Friday 07:00 to 19:00.",
    ),
    (
        FRIDAY_NIGHT,
        LOS_ANGELES,
        {},
        "It is Friday 19:00:00 in America/Los_Angeles (the requester's zone on the ticket); from"
        " Friday 19:00 to Sunday 16:00 in America/New_York only Severity 1 is served, and the"
        " ticket is Severity 3.",
    ),
    (
        FRIDAY_NIGHT,
        LOS_ANGELES,
        {"window_end": "inclusive"},
        "It is Friday 19:00:00 in America/Los_Angeles (the requester's zone on the ticket); that"
        " is within support hours, Monday to Friday 07:00 up to and including 19:00.",
    ),
    (
        SATURDAY,
        a_ticket(severity=None),
        {},
        "It is Saturday 12:00:00 in America/New_York (the zone of the dialed number); from Friday"
        " 19:00 to Sunday 16:00 in America/New_York only Severity 1 is served, and the ticket,"
        " having none, counts as Severity 4.",
    ),
    (
        NIGHT,
        a_ticket(1, organisation_zone="America/New_York"),
        {},
        "It is Wednesday 22:00:00 in America/New_York (the organisation's zone on the ticket);"
        " support hours are Monday to Friday 07:00 to 19:00, but Severity 1 is served around the"
        " clock.",
    ),
    (
        OPEN,
        UNKNOWN,
        {},
        "It is Wednesday 12:00:00 in America/New_York (the zone of the dialed number); the help"
        " desk knows no ticket 100200.",
    ),
    (
        OPEN,
        DESK_DOWN,
        {},
        "It is Wednesday 12:00:00 in America/New_York (the zone of the dialed number); the help"
        " desk cannot be reached, so ticket 100200 is taken unverified.",
    ),
    (
        at("Sun 2026-02-15 20:00 America/New_York"),
        SEV3,
        {"after_weekend_window": "weekend_sev1_only"},
        "It is Sunday 20:00:00 in America/New_York (the zone of the dialed number); support hours"
        " are Monday to Friday 07:00 to 19:00, at the weekend only Severity 1 is served, and the"
        " ticket is Severity 3.",
    ),
]


@pytest.mark.parametrize(("instant", "desk", "settings", "reason"), SENTENCES)
def test_the_reason_is_a_sentence_for_people(
    instant: datetime, desk: DeskAnswer | Ticket, settings: Mapping[str, str], reason: str
) -> None:
    assert decided(instant, desk, settings).reason == reason


HOURS_IN_WORDS = [
    # weekdays,  opens,      closes,      words
    ({0, 1, 2, 3, 4, 5, 6}, time(0), time(0), "Monday to Sunday 00:00 to 24:00"),
    ({0, 2, 4}, time(8, 30), time(17), "Monday, Wednesday and Friday 08:30 to 17:00"),
    ({0, 1}, time(8), time(17), "Monday and Tuesday 08:00 to 17:00"),
    ({2}, time(8), time(17, 0, 30), "Wednesday 08:00 to 17:00:30"),
]


@pytest.mark.parametrize(("weekdays", "opens", "closes", "words"), HOURS_IN_WORDS)
def test_any_hours_can_be_said(weekdays: set[int], opens: time, closes: time, words: str) -> None:
    hours = WeeklyHours(frozenset(weekdays), opens, closes)

    decision = decide(a_case(OPEN, line=a_line(DUBLIN, some_rules(hours=hours))))

    assert words in decision.reason


def test_a_ticket_number_with_braces_is_only_repeated() -> None:
    decision = decided(OPEN, NotFound("{hours}"))

    assert decision.reason.endswith("the help desk knows no ticket {hours}.")


def test_a_case_needs_an_instant_with_a_zone() -> None:
    with pytest.raises(ValueError, match="2026-02-11 00:00:00 has no time zone"):
        Case(datetime(2026, 2, 11), a_line(), NothingKeyed())  # noqa: DTZ001 (what is refused)
