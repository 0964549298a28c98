"""The first edition says what the support guide says."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from callflows import strict_yaml
from ivr.configuration.directory import LINE_FILE, PROJECT_DIRECTORY
from ivr.explaining import Status, explain_case, supposed_answer, with_settings
from ivr.explaining_csv import read_questions
from routing.escalation import Step
from routing.regions import Entry
from routing.rotas import gaps_on_paper
from routing.switches import Switches
from routing.tickets import DeskAnswer
from tests.ivr.configuration.first_edition import FILES, LINE, first_edition, with_line
from tests.routing.test_policy_cases import OTHER_READINGS, alternatives

CASES = Path(__file__).parents[2] / "routing" / "policy-cases.csv"
QUESTIONS = read_questions(CASES.read_bytes())
with CASES.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

MONDAY_TO_FRIDAY = frozenset(range(5))
FRIDAY, SUNDAY = 4, 6


# The numbers at the end of the guide (R21), the zones of the places it names, and their menus.
@pytest.mark.parametrize(
    ("number", "zone", "country", "entry"),
    [
        ("+18779260001", "America/New_York", "US", Entry.MENU),
        ("+14156945700", "America/New_York", "US", Entry.MENU),
        ("+35315262938", "Europe/Dublin", "IE", Entry.DIRECT),
        ("+31203010888", "Europe/Amsterdam", "NL", Entry.DIRECT),
        ("+448700422360", "Europe/London", "GB", Entry.DIRECT),
        ("+6499144449", "Pacific/Auckland", "NZ", Entry.DIRECT),
    ],
)
def test_each_number_of_the_guide_is_a_line(
    number: str, zone: str, country: str, entry: Entry
) -> None:
    line = first_edition().line_for(number)

    assert (line.number, line.region.zone, line.region.country) == (number, zone, country)
    assert (line.entry, line.support_option) == (entry, "4")
    assert line.languages == ("en",)
    assert dict(line.other_options) == {}


def test_there_is_no_number_that_the_guide_does_not_name() -> None:
    assert len(first_edition().lines) == 6


def test_a_number_nobody_configured_is_served_without_a_menu() -> None:
    line = first_edition().line_for("+15005550006")

    assert line == replace(first_edition().lines["+14156945700"], entry=Entry.DIRECT)


def test_support_hours_are_seven_to_seven_on_weekdays() -> None:
    for line in first_edition().lines.values():
        hours = line.rules.hours
        assert (hours.weekdays, hours.opens, hours.closes) == (MONDAY_TO_FRIDAY, time(7), time(19))


def test_the_weekend_is_friday_seven_to_sunday_four_in_new_york() -> None:
    for line in first_edition().lines.values():
        weekend = line.rules.weekend
        assert (weekend.start_weekday, weekend.start) == (FRIDAY, time(19))
        assert (weekend.end_weekday, weekend.end) == (SUNDAY, time(16))
        assert weekend.zone == "America/New_York"


def test_nothing_is_closed_and_no_product_has_rules_of_its_own() -> None:
    for line in first_edition().lines.values():
        assert line.rules.closure is None
        assert dict(line.rules.closed_days) == {}
        assert line.product_rules == {}


def test_the_four_product_lines_each_have_a_queue() -> None:
    configuration = first_edition()
    queues = {product: queue for queue in configuration.plan.queues for product in queue.products}

    assert dict(configuration.products) == {
        "vsa": "VSA",
        "traverse": "Traverse",
        "emm": "EMM",
        "365-command": "365 Command",
    }
    assert queues.keys() == configuration.products.keys()
    assert {queue.overflow for queue in queues.values()} == {("general",)}


def test_severity_1_comes_first_and_the_rest_of_the_plan_is_as_described() -> None:
    plan = first_edition().plan
    first = plan.queues[0]

    assert (first.name, first.severities) == ("severity-1", frozenset([1]))
    assert (plan.fallback, plan.triage) == ("general", "triage")
    assert all(queue.notify for queue in plan.queues)


def test_callers_who_are_turned_away_hear_the_help_desk_of_the_guide() -> None:
    configuration = first_edition()

    assert set(configuration.help_desks.values()) == {"helpdesk.kaseya.com"}
    assert {region.help_desk for region in configuration.regions.values()} == {
        "help desk dot kaseya dot com"
    }


def test_times_and_limits_are_those_of_the_first_edition() -> None:
    configuration = first_edition()
    limits, timers = configuration.flow_limits, configuration.timers

    assert (limits.tries, limits.ticket_digits_min, limits.ticket_digits_max) == (3, 4, 10)
    assert (limits.message_seconds, limits.message_min_seconds) == (180, 2)
    assert (timers.ring_seconds, timers.longest_wait_seconds, timers.grace_seconds) == (
        20,
        600,
        900,
    )
    assert (timers.wrap_up_seconds, timers.technician_hours) == (60, 12)
    assert configuration.voicemail.without_ticket is False
    assert configuration.dial_countries == ("US", "CA", "IE", "NL", "GB", "NZ")
    assert configuration.technician_line == "+14155550142"


def test_a_technician_may_lack_the_region_at_once_and_in_the_end_any_skill() -> None:
    matching = first_edition().matching

    assert matching.minutes_per_severity == 15
    assert matching.relax_after_seconds == {
        "product": 120,
        "language": 300,
        "region": 0,
        "severity": 300,
    }


def test_every_switch_is_set_in_the_file_and_none_by_default() -> None:
    policy = strict_yaml.read(LINE, LINE_FILE).value["policy"]

    assert _dotted(policy) == Switches().as_settings()


def test_every_line_decides_by_the_switches_of_the_file() -> None:
    for line in first_edition().lines.values():
        assert line.rules.switches == Switches()


def test_the_files_are_kept_as_they_were_written() -> None:
    assert first_edition().files == FILES


def test_every_worked_case_comes_out_as_expected() -> None:
    answers = [explain_case(first_edition(), question) for question in QUESTIONS]
    wrong = [
        (line, row, answer)
        for line, (row, answer) in enumerate(zip(ROWS, answers, strict=True), start=2)
        if (answer["outcome"], answer["rule"], answer["queue_class"] or "")
        != (row["expected"], row["rule_id"], row["queue_class"])
        or " ".join(answer["announcements"]) != row["announce"]
    ]

    assert len(ROWS) == 540
    assert wrong == []


@pytest.mark.parametrize(("ambiguity", "key", "value"), OTHER_READINGS)
def test_a_flipped_switch_changes_the_cases_that_rest_on_it_and_no_other(
    ambiguity: str, key: str, value: str
) -> None:
    flipped = with_settings(first_edition(), [(key, value)])
    wrong = []
    for line, (row, question) in enumerate(zip(ROWS, QUESTIONS, strict=True), start=2):
        if ambiguity == "A9" and ambiguity not in alternatives(row):
            continue  # The calendars know more holidays than the worked cases name.
        other = alternatives(row).get(ambiguity, row["expected"])
        got = explain_case(flipped, question)["outcome"]
        if got != (row["expected"] if other == "depends_on_zone" else other):
            wrong.append((line, row, got))

    assert wrong == []


def test_a_case_without_a_zone_depends_on_the_zone() -> None:
    depending = [
        (row, question)
        for row, question in zip(ROWS, QUESTIONS, strict=True)
        if alternatives(row).get("A1") == "depends_on_zone"
    ]

    assert depending
    for row, question in depending:
        outcomes = {
            explain_case(first_edition(), replace(question, desk=_of(row, zone)))["outcome"]
            for zone in ("Pacific/Honolulu", "America/Denver", "Europe/Rome", "Asia/Tokyo")
        }
        assert len(outcomes) > 1, row


def _of(row: Mapping[str, str], zone: str) -> DeskAnswer:
    severity = int(row["severity"]) if row["severity"] else None
    return supposed_answer(Status(row["ticket_status"]), severity, zone)


# A setting of a number or a product, and what a Severity-1 caller hears on a Saturday there.
OVERRIDES = [
    ("region: ireland\n    entry: direct", "policy: {sev1_weekend: callback}", {"+35315262938"}),
    (
        "region: netherlands\n    entry: direct",
        'hours: {weekend: {zone: Europe/Amsterdam, starts: saturday, starts_at: "00:00", '
        'ends: saturday, ends_at: "00:01"}}',
        {"+31203010888"},
    ),
]


@pytest.mark.parametrize(("number", "setting", "changed"), OVERRIDES)
def test_a_number_may_differ_from_the_others(number: str, setting: str, changed: set[str]) -> None:
    from ivr.configuration.loader import load_configuration

    edited = load_configuration(with_line(number, f"{number}\n    {setting}"))
    before, after = first_edition().lines, edited.lines

    assert {name for name in before if before[name].rules != after[name].rules} == changed


def test_a_product_has_the_last_word_over_a_number() -> None:
    from ivr.configuration.loader import load_configuration

    files = with_line("policy_by_product: {}", "policy_by_product: {traverse: {on_hold: refuse}}")
    edited = load_configuration(files)

    for line in edited.lines.values():
        assert line.rules_for("traverse").switches.on_hold == "refuse"
        assert line.rules_for("vsa").switches.on_hold == "connect"


def _dotted(block: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    settings: dict[str, str] = {}
    for key, value in block.items():
        match value:
            case dict():
                settings |= _dotted(value, f"{prefix}{key}.")
            case list():
                settings[f"{prefix}{key}"] = ",".join(value)
            case _:
                settings[f"{prefix}{key}"] = str(value)
    return settings


def test_severity_1_is_on_call_around_the_clock_and_climbs_to_the_duty_manager() -> None:
    edition = first_edition()
    chains = {queue.name: queue.escalation for queue in edition.plan.queues if queue.escalation}

    assert chains == {
        "severity-1": (Step(0, "severity-1"), Step(120, "duty-manager")),
        "escalation": (Step(0, "duty-manager"),),
    }
    assert all(gaps_on_paper(rota) == [] for rota in edition.on_call.values())


def test_those_on_call_are_among_the_example_technicians() -> None:
    text = (PROJECT_DIRECTORY.parent / "examples" / "technicians.csv").read_text("utf-8")
    technicians = {row["email"] for row in csv.DictReader(text.splitlines())}
    shifts = [shift for rota in first_edition().on_call.values() for shift in rota.shifts]

    assert technicians >= {email for shift in shifts for email in shift.who}


def test_support_management_is_asked_for_and_never_chosen() -> None:
    edition = first_edition()
    (queue,) = [queue for queue in edition.plan.queues if queue.only_on_call]

    assert queue.name == "escalation"
    assert queue.queue_classes == {"escalation"}
    assert edition.longest_wait_seconds("escalation") == 300
    assert edition.longest_wait_seconds("vsa") == edition.longest_wait_seconds("gone") == 600
