"""Every worked case of the rules, under the first edition's switches and under the others."""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
import pytz

from routing.policy import Case, Decision, decide
from routing.tickets import DeskAnswer, Found, NotFound, NothingKeyed
from tests.builders import a_line, a_ticket, at, some_rules

Row = Mapping[str, str]

with (Path(__file__).parent / "policy-cases.csv").open(encoding="utf-8", newline="") as file:
    ROWS: list[Row] = list(csv.DictReader(file))

# The other reading of each ambiguity, by the switch that asks for it.
OTHER_READINGS = [
    ("A1", "caller_zone.order", "dialed_number"),
    ("A2", "precedence", "weekend_window"),
    ("A3", "after_weekend_window", "weekend_sev1_only"),
    ("A4", "sev1_off_hours", "closed"),
    ("A5", "sev1_weekend", "callback"),
    ("A6", "before_weekend_window", "weekend_sev1_only"),
    ("A7", "window_end", "inclusive"),
    ("A9", "holidays", "caller_country"),
    ("A9", "holidays", "region"),
    ("A10", "on_hold", "refuse"),
    ("A11", "solved", "refuse"),
    ("A12", "missing_severity", "1"),
    ("A14", "entitlement", "report"),
    ("A14", "entitlement", "off"),
]


class SomeHolidays:
    """The public holidays that the cases meet."""

    DAYS = frozenset(
        [
            ("US", date(2026, 12, 25)),
            ("NL", date(2026, 12, 25)),
            ("IE", date(2026, 3, 17)),
            ("NZ", date(2026, 2, 6)),
            ("NZ", date(2027, 1, 25)),
        ]
    )

    def is_holiday(self, country: str, day: date, /) -> bool:
        return (country, day) in self.DAYS


def desk_answer(row: Row) -> DeskAnswer:
    match row["ticket_status"]:
        case "none":
            return NothingKeyed()
        case "not_found":
            return NotFound("100200")
        case status:
            severity = int(row["severity"]) if row["severity"] else None
            entitled = not status.endswith("_not_entitled")
            return Found(
                a_ticket(
                    severity,
                    status.removesuffix("_not_entitled"),
                    zone=row["caller_tz"] or None,
                    entitlement="unknown" if entitled else "lapsed",
                )
            )


def case_of(row: Row, settings: Mapping[str, str] | None = None) -> Case:
    return Case(
        instant=datetime.fromisoformat(row["instant_utc"]),
        line=a_line(row["dialed_number"], some_rules(settings)),
        desk=desk_answer(row),
    )


def decided(row: Row, settings: Mapping[str, str] | None = None) -> Decision:
    return decide(case_of(row, settings), SomeHolidays())


def alternatives(row: Row) -> dict[str, str]:
    return dict(each.split("=") for each in row["alternatives"].split())


def test_every_case_comes_out_as_expected() -> None:
    wrong = []
    for line, row in enumerate(ROWS, start=2):
        decision = decided(row)
        got = (
            decision.outcome,
            decision.rule,
            decision.queue_class or "",
            " ".join(decision.announcements),
        )
        if got != (row["expected"], row["rule_id"], row["queue_class"], row["announce"]):
            wrong.append((line, row, got))

    assert len(ROWS) == 540
    assert wrong == []


def test_every_case_is_decided_on_the_wall_clock_it_names() -> None:
    for row in ROWS:
        if isinstance(desk_answer(row), Found):
            local = decided(row).local_time
            assert f"{local:%a %Y-%m-%d %H:%M:%S %z}" == row["local_time"]


@pytest.mark.parametrize(("ambiguity", "key", "value"), OTHER_READINGS)
def test_the_other_reading_changes_the_cases_that_rest_on_it_and_no_other(
    ambiguity: str, key: str, value: str
) -> None:
    wrong = []
    for line, row in enumerate(ROWS, start=2):
        other = alternatives(row).get(ambiguity, row["expected"])
        got = decided(row, {key: value}).outcome
        if got != (row["expected"] if other == "depends_on_zone" else other):
            wrong.append((line, row, got))

    assert wrong == []
    assert any(ambiguity in alternatives(row) for row in ROWS)


def test_a_case_without_a_zone_depends_on_the_zone() -> None:
    depending = [row for row in ROWS if alternatives(row).get("A1") == "depends_on_zone"]

    assert depending
    for row in depending:
        with_zones = [decided({**row, "caller_tz": zone}) for zone in pytz.common_timezones]
        assert {decision.outcome for decision in with_zones} > {row["expected"]}


def test_the_builder_of_instants_checks_the_weekday() -> None:
    assert at("Fri 2026-03-06 16:59 Australia/Sydney").isoformat() == "2026-03-06T05:59:00+00:00"
    with pytest.raises(ValueError, match="2026-03-06 is a Friday, not Sat"):
        at("Sat 2026-03-06 16:59 Australia/Sydney")
