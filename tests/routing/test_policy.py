"""What the worked cases leave out: closures, a desk that is down, callbacks, holidays, whose
clock counts, overrides, and the sentences."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from routing.calendars import WeeklyHours
from routing.policy import Case, Decision, EmergencyClosure, decide
from routing.tickets import DeskAnswer, NotFound, NothingKeyed, Ticket, Unavailable
from tests.builders import (
    AMSTERDAM,
    AUCKLAND,
    DUBLIN,
    LONDON,
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


# --- Emergency closure -----------------------------------------------------------------------

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


# --- Desk down, Severity 1 out of hours, entitlement ------------------------------------------

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


# --- Holidays ---------------------------------------------------------------------------------


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


# --- Whose clock counts -----------------------------------------------------------------------

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


# --- Overrides --------------------------------------------------------------------------------


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


# --- Sentences --------------------------------------------------------------------------------

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
