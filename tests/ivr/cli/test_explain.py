"""`ivr explain`: one case or many, live or from files, and what it says of a bad one."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.cli.config import config
from ivr.cli.explain import explain
from ivr.cli.tickets import tickets
from ivr.configuration.directory import PROJECT_DIRECTORY, write_directory
from ivr.configuration.loader import digest_of
from tests.ivr.configuration.first_edition import FILES, with_line

EXAMPLES = Path(__file__).parents[3] / "examples"
CASES = Path(__file__).parents[2] / "routing" / "policy-cases.csv"
DUBLIN = ("--dialed", "+35315262938")
FILES_ONLY = ("--config", PROJECT_DIRECTORY)
EVENING = ("--at", "2026-01-14T19:00:00Z")
HEADER = "instant_utc,dialed_number,caller_tz,severity,ticket_status"


def run(*words: object) -> Result:
    return CliRunner().invoke(explain, [str(word) for word in words])


def answers(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def a_csv(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: str, header: str = HEADER) -> Path:
        file = tmp_path / "cases.csv"
        file.write_text("\n".join([header, *rows, ""]))
        return file

    return write


CsvFile = Callable[..., Path]


def test_files_need_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@localhost:1/nothing")
    (answer,) = answers(run(*FILES_ONLY, *DUBLIN, *EVENING, "--severity", "3"))

    assert answer["outcome"] == "closed"
    assert answer["rule"] == "R04"
    assert answer["zone"] == "Europe/Dublin"
    assert answer["zone_source"] == "dialed_number"
    assert answer["local_time"] == "2026-01-14T19:00:00+00:00"
    assert answer["next_change_utc"] == answer["opens_at_utc"] == "2026-01-15T07:00:00Z"
    assert answer["revision"] == digest_of(FILES)[:12]


def test_the_live_revision_answers_by_its_number(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    unpublished = run(*DUBLIN)
    CliRunner().invoke(config, ["publish", "--yes"])

    assert unpublished.exit_code == 1
    assert [answer["revision"] for answer in answers(run(*DUBLIN))] == [1]


@pytest.mark.parametrize(
    ("at", "zone", "local_time"),
    [
        ("2026-01-14T12:00:00Z", "America/New_York", "2026-01-14T07:00:00-05:00"),
        ("2026-01-14T13:00+01:00", "America/New_York", "2026-01-14T07:00:00-05:00"),
        ("2026-01-14T07:00", "America/New_York", "2026-01-14T07:00:00-05:00"),
    ],
)
def test_a_time_without_offset_is_on_the_callers_clock(at: str, zone: str, local_time: str) -> None:
    (answer,) = answers(run(*FILES_ONLY, *DUBLIN, "--at", at, "--zone", zone))

    assert answer["local_time"] == local_time


@pytest.mark.parametrize(
    ("ani", "zone", "source"),
    [
        ("+18085550123", "Pacific/Honolulu", "caller_number"),
        ("+6499144440", "Pacific/Auckland", "caller_number"),
        ("+1", "Europe/Dublin", "dialed_number"),
        ("anonymous", "Europe/Dublin", "dialed_number"),
        ("", "Europe/Dublin", "dialed_number"),
    ],
)
def test_the_callers_number_tells_the_zone_where_it_can(ani: str, zone: str, source: str) -> None:
    (answer,) = answers(run(*FILES_ONLY, *DUBLIN, *EVENING, "--ani", ani))

    assert (answer["zone"], answer["zone_source"]) == (zone, source)


@pytest.mark.parametrize(
    ("number", "outcome", "queue", "zone"),
    [
        ("100100", "connect", "severity-1", "America/New_York"),
        ("999999", "ticket_invalid", None, "Europe/Dublin"),
    ],
)
def test_a_ticket_kept_locally_can_be_asked_about(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    number: str,
    outcome: str,
    queue: str | None,
    zone: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    CliRunner().invoke(tickets, ["import", str(EXAMPLES / "tickets.csv")])
    (answer,) = answers(run(*FILES_ONLY, *DUBLIN, *EVENING, "--ticket", number))

    assert (answer["outcome"], answer["queue"], answer["zone"]) == (outcome, queue, zone)


def test_broken_files_answer_nothing_and_say_why(tmp_path: Path) -> None:
    write_directory(tmp_path, with_line("flow: support", "flow: suport"))
    result = run("--config", tmp_path, *DUBLIN)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "line.yaml:12: flow is 'suport', which is not in callflows/flows" in result.stderr


def test_a_switch_is_flipped_over_what_a_number_overrides(tmp_path: Path) -> None:
    ours = "region: ireland\n    entry: direct\n"
    edition = with_line(ours, f"{ours}    policy: {{sev1_off_hours: callback}}\n")
    write_directory(tmp_path, edition)
    case = ("--config", tmp_path, *DUBLIN, *EVENING, "--severity", "1")

    assert answers(run(*case))[0]["outcome"] == "callback"
    assert answers(run(*case, "--set", "policy.sev1_off_hours=closed"))[0]["outcome"] == "closed"


def test_a_file_gives_a_line_a_row_in_order_and_passes_other_columns_over(a_csv: CsvFile) -> None:
    file = a_csv(
        "x,2026-01-14T12:00:00Z,+18779260001,America/New_York,3,open",
        "x,2026-01-14T12:00:00Z,+18779260001,,,none",
        "",
        "x,2026-01-14T12:00:00Z,+18779260001,,,unavailable",
        header=f"note,{HEADER}",
    )
    given = answers(run(*FILES_ONLY, "--csv", file))

    assert [answer["outcome"] for answer in given] == ["connect", "ticket_required", "connect"]
    assert [answer["queue"] for answer in given] == ["general", None, "triage"]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("noon,+18779260001,,3,open", "line 3, column instant_utc"),
        ("2026-01-14T12:00:00Z,18779260001,,3,open", "line 3, column dialed_number"),
        ("2026-01-14T12:00:00Z,+18779260001,Mars/Base,3,open", "line 3, column caller_tz"),
        ("2026-01-14T12:00:00Z,+18779260001,,5,open", "line 3, column severity"),
        ("2026-01-14T12:00:00Z,+18779260001,,3,lost", "line 3, column ticket_status"),
        ("2026-01-14T12:00:00Z,+18779260001", "line 3, column caller_tz"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column(a_csv: CsvFile, row: str, where: str) -> None:
    result = run(*FILES_ONLY, "--csv", a_csv("2026-01-14T12:00:00Z,+18779260001,,3,open", row))

    assert (result.exit_code, result.stdout) == (2, "")
    assert where in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1, column instant_utc: This column is missing."),
        (b"\n\xff", "line 2: This is not UTF-8; save the file as CSV in UTF-8."),
        (f'{HEADER}\n"2026'.encode(), "line 2: This line is not CSV (unexpected end of data)"),
        (
            f"{HEADER}\n9999-12-31T23:59:59Z,+18779260001,,3,open\n".encode(),
            "line 2, column instant_utc: The year 9999 is too far away; give one from 1970 to 2999",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(content)
    result = run(*FILES_ONLY, "--csv", file)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{file}, {said}")


def test_every_bad_row_is_told_at_once_and_no_good_one_answered(a_csv: CsvFile) -> None:
    good = "2026-01-14T12:00:00Z,+18779260001,,3,open"
    result = run(*FILES_ONLY, "--csv", a_csv(good, "soon,+18779260001,,9,open", good, "x,x,x,x,x"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert [line.split(": ")[0].split(", ", 1)[1] for line in result.stderr.splitlines()] == [
        "line 3, column instant_utc",
        "line 3, column severity",
        *(f"line 5, column {name}" for name in HEADER.split(",")),
    ]


def test_a_byte_order_mark_and_instants_without_offset_are_taken(a_csv: CsvFile) -> None:
    row = "2026-01-14T12:00:00,+18779260001,,3,open"
    (answer,) = answers(run(*FILES_ONLY, "--csv", a_csv(row, header=f"\ufeff{HEADER}")))

    assert answer["local_time"] == "2026-01-14T07:00:00-05:00"


def test_all_worked_cases_come_out_of_the_command_as_expected() -> None:
    given = answers(run(*FILES_ONLY, "--csv", CASES))
    with CASES.open(encoding="utf-8", newline="") as file:
        expected = [(row["expected"], row["rule_id"]) for row in csv.DictReader(file)]

    assert [(answer["outcome"], answer["rule"]) for answer in given] == expected


def test_a_missing_column_is_named(a_csv: CsvFile) -> None:
    result = run(*FILES_ONLY, "--csv", a_csv(header="instant_utc,dialed_number"))

    assert result.exit_code == 2
    assert "line 1, column severity: This column is missing." in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--dialed", "0035315262938"),
        (*DUBLIN, "--zone", "Europe/Dubln"),
        (*DUBLIN, "--at", "tomorrow"),
        (*DUBLIN, "--at", "9999-12-31T23:59:59"),
        (*DUBLIN, "--at", "0001-01-01T00:00:00+14:00"),
        (*DUBLIN, "--severity", "0"),
        (*DUBLIN, "--status", "lost"),
        (*DUBLIN, "--at", "2026-03-29T01:30"),  # The clocks of Dublin go from 01:00 to 02:00.
        (*DUBLIN, "--set", "precedence"),
        (*DUBLIN, "--set", "precedense=local_hours"),
    ],
)
def test_a_case_that_makes_no_sense_is_refused_as_wrong_usage(words: tuple[str, ...]) -> None:
    assert run(*FILES_ONLY, *words).exit_code == 2
