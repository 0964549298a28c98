"""What the worked cases leave out: closures, a desk that is down, callbacks, overrides."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from routing.calendars import WeeklyHours
from routing.policy import Decision, EmergencyClosure, decide
from routing.tickets import DeskAnswer, NotFound, NothingKeyed, Ticket, Unavailable
from tests.builders import (
    SAN_FRANCISCO,
    TOLL_FREE,
    a_case,
    a_closure,
    a_line,
    a_ticket,
    at,
    some_rules,
)

OPEN = at("Wed 2026-02-11 12:00 America/New_York")
NIGHT = at("Wed 2026-02-11 22:00 America/New_York")
SATURDAY = at("Sat 2026-02-14 12:00 America/New_York")

SEV1 = a_ticket(severity=1)
SEV3 = a_ticket(severity=3)
DESK_DOWN = Unavailable("100200", "no answer in 2.5 s")
UNKNOWN = NotFound("100200")
NOTHING = NothingKeyed()


def decided(
    instant: datetime,
    desk: DeskAnswer | Ticket,
    settings: Mapping[str, str] | None = None,
    closure: EmergencyClosure | None = None,
) -> Decision:
    line = a_line(TOLL_FREE, some_rules(settings, closure=closure))
    return decide(a_case(instant, desk, line=line))


EVERYWHERE = a_closure()
CLOSURES = [
    # closure,                                      desk,      outcome,            rule
    (EVERYWHERE, SEV3, "emergency_closed", "emergency"),
    (EVERYWHERE, SEV1, "connect", "R01"),
    (EVERYWHERE, a_ticket(severity=None), "emergency_closed", "emergency"),
    (EVERYWHERE, a_ticket(1, "closed"), "ticket_closed", "R14"),
    (EVERYWHERE, a_ticket(3, "closed"), "emergency_closed", "emergency"),
    (EVERYWHERE, UNKNOWN, "emergency_closed", "emergency"),
    (EVERYWHERE, NOTHING, "emergency_closed", "emergency"),
    (EVERYWHERE, DESK_DOWN, "emergency_closed", "emergency"),
    (a_closure(exempts_severity_1=False), SEV1, "emergency_closed", "emergency"),
    (a_closure(regions=frozenset({"north-america"})), SEV3, "emergency_closed", "emergency"),
    (a_closure(regions=frozenset({"ireland"})), SEV3, "connect", "R01"),
    (a_closure(expires_at=OPEN + timedelta(seconds=1)), SEV3, "emergency_closed", "emergency"),
    (a_closure(expires_at=OPEN), SEV3, "connect", "R01"),
]


@pytest.mark.parametrize(("closure", "desk", "outcome", "rule"), CLOSURES)
def test_an_emergency_closure_stands_above_all_but_severity_1(
    closure: EmergencyClosure, desk: DeskAnswer | Ticket, outcome: str, rule: str
) -> None:
    decision = decided(OPEN, desk, closure=closure)

    assert (decision.outcome, decision.rule) == (outcome, rule)


def test_a_missing_severity_that_counts_as_1_is_exempt_from_a_closure() -> None:
    unknown_severity = a_ticket(severity=None)

    decision = decided(OPEN, unknown_severity, {"missing_severity": "1"}, EVERYWHERE)

    assert (decision.outcome, decision.severity) == ("connect", 1)


def test_a_closure_says_when_it_ends_and_what_to_tell_callers() -> None:
    until_three = a_closure(expires_at=at("Wed 2026-02-11 15:00 America/New_York"))

    decision = decided(OPEN, SEV3, closure=until_three)

    assert decision.reason == (
        "It is Wednesday 12:00:00 in America/New_York (the zone of the dialed number); support is"
        " closed until Wednesday 2026-02-11 15:00: Our office has no power."
    )
    assert decision.next_change == until_three.expires_at
    assert decision.opens_at == until_three.expires_at


def test_a_closure_that_ends_at_night_opens_in_the_morning() -> None:
    until_ten = a_closure(
        expires_at=datetime(2026, 2, 11, 22, 0, tzinfo=timezone(timedelta(hours=-5)))
    )

    decision = decided(OPEN, SEV3, closure=until_ten)

    assert decision.next_change == NIGHT
    assert decision.next_change.tzinfo is UTC
    assert decision.opens_at == at("Thu 2026-02-12 07:00 America/New_York")


def test_a_closure_without_an_end_never_opens() -> None:
    decision = decided(OPEN, SEV3, closure=EVERYWHERE)

    assert (decision.next_change, decision.opens_at) == (None, None)
    assert "closed until further notice: Our office has no power." in decision.reason


def test_a_closure_needs_an_end_with_a_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        a_closure(expires_at=datetime(2026, 2, 11))  # noqa: DTZ001 (what is refused)


READINGS = [
    # instant,  desk,      settings,                               outcome, rule, queue class
    (OPEN, DESK_DOWN, {}, "connect", "A20", "triage"),
    (NIGHT, DESK_DOWN, {}, "desk_unavailable", "A20", None),
    (SATURDAY, DESK_DOWN, {}, "desk_unavailable", "A20", None),
    (OPEN, DESK_DOWN, {"desk_down.in_hours": "voicemail"}, "desk_unavailable", "A20", None),
    (NIGHT, DESK_DOWN, {"desk_down.off_hours": "triage"}, "connect", "A20", "triage"),
    (NIGHT, SEV1, {"sev1_off_hours": "callback"}, "callback", "R03", "sev1_after_hours"),
    (NIGHT, SEV1, {"sev1_off_hours": "closed"}, "closed", "R02", None),
    (OPEN, SEV1, {"sev1_off_hours": "callback"}, "connect", "R01", "business"),
    (SATURDAY, SEV1, {}, "connect", "R05", "sev1_weekend"),
    (SATURDAY, SEV1, {"sev1_weekend": "connect"}, "connect", "R05", "sev1_weekend"),
    (SATURDAY, SEV1, {"sev1_weekend": "callback"}, "callback", "R06", "sev1_weekend"),
    (SATURDAY, SEV1, {"sev1_off_hours": "closed"}, "connect", "R05", "sev1_weekend"),
    (OPEN, a_ticket(3, "closed"), {"closed": "connect"}, "connect", "R01", "business"),
    (NIGHT, a_ticket(3, "hold"), {"on_hold": "refuse"}, "ticket_on_hold", "R13", None),
]


@pytest.mark.parametrize(
    ("instant", "desk", "settings", "outcome", "rule", "queue_class"), READINGS
)
def test_each_reading_has_its_outcome(  # noqa: PLR0913 (the columns of the table)
    instant: datetime,
    desk: DeskAnswer | Ticket,
    settings: Mapping[str, str],
    outcome: str,
    rule: str,
    queue_class: str | None,
) -> None:
    decision = decided(instant, desk, settings)

    assert (decision.outcome, decision.rule, decision.queue_class) == (outcome, rule, queue_class)


def test_only_a_desk_that_was_down_leaves_a_caller_unverified() -> None:
    assert not decided(OPEN, DESK_DOWN).verified
    assert decided(OPEN, DESK_DOWN).severity is None
    assert decided(OPEN, SEV3).verified


ANNOUNCED = [
    # status,  entitlement, switch,    outcome,        announcements
    ("open", "lapsed", "enforce", "not_entitled", ("customer_success_advisor",)),
    ("open", "lapsed", "report", "connect", ("entitlement_lapsed",)),
    ("hold", "lapsed", "report", "connect", ("on_hold_missing_information", "entitlement_lapsed")),
    ("open", "lapsed", "off", "connect", ()),
    ("open", "unknown", "enforce", "connect", ()),
    ("closed", "lapsed", "enforce", "ticket_closed", ("helpdesk_url",)),
]


@pytest.mark.parametrize(("status", "entitlement", "switch", "outcome", "announced"), ANNOUNCED)
def test_lapsed_entitlement_is_enforced_reported_or_passed_over(
    status: str, entitlement: str, switch: str, outcome: str, announced: tuple[str, ...]
) -> None:
    ticket = a_ticket(3, status, entitlement=entitlement)

    decision = decided(OPEN, ticket, {"entitlement": switch})

    assert (decision.outcome, decision.announcements) == (outcome, announced)


def test_a_solved_ticket_that_is_refused_says_what_it_is_and_where_to_go() -> None:
    decision = decided(OPEN, a_ticket(3, "solved"), {"solved": "refuse"})

    assert decision.outcome == "ticket_closed"
    assert decision.announcements == ("marked_solved", "helpdesk_url")
    assert decision.reason.endswith(
        "ticket 100200 is solved, so a new ticket or a follow-up has to be opened online."
    )


def test_a_number_has_its_own_rules_and_a_product_its_own_on_that_number() -> None:
    evenings = WeeklyHours(frozenset(range(5)), time(7), time(23))
    line = a_line(
        SAN_FRANCISCO,
        some_rules({"sev1_off_hours": "closed"}),
        product_rules={"traverse": some_rules(hours=evenings)},
    )

    vsa = decide(a_case(NIGHT, a_ticket(1, product="vsa"), line=line))
    traverse = decide(a_case(NIGHT, a_ticket(3, product="traverse"), line=line))
    no_product = decide(a_case(NIGHT, a_ticket(1, product=None), line=line))
    elsewhere = decide(a_case(NIGHT, a_ticket(1, product="vsa")))

    assert (vsa.outcome, no_product.outcome) == ("closed", "closed")
    assert (traverse.outcome, traverse.rule) == ("connect", "R01")
    assert (elsewhere.outcome, elsewhere.rule) == ("connect", "R03")


def test_the_switches_in_force_are_kept_with_the_decision() -> None:
    decision = decided(OPEN, SEV3, {"on_hold": "refuse"})

    assert decision.switches == some_rules({"on_hold": "refuse"}).switches.as_settings()
