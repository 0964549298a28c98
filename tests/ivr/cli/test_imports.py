"""`ivr tickets` and `ivr technicians`: what goes in, what is said, and what is refused whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ivr.acd.pins import FIGURES, is_pin
from ivr.acd.technicians import technician_by_email
from ivr.cli.technicians import technicians
from ivr.cli.tickets import tickets
from ivr.store.engine import reading, writing
from ivr.store.tickets import find_ticket

EXAMPLES = Path(__file__).parents[3] / "examples"

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    """The command line, on a database of the test's own."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    commands: dict[str, click.Command] = {"tickets": tickets, "technicians": technicians}

    def run(name: str, *words: object) -> Result:
        return CliRunner().invoke(commands[name], [str(word) for word in words])

    return run


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(("name", "count"), [("tickets", 26), ("technicians", 8)])
def test_the_examples_go_in_once(ivr: Ivr, name: str, count: int) -> None:
    first = answer(ivr(name, "import", EXAMPLES / f"{name}.csv", "--json"))
    second = answer(ivr(name, "import", EXAMPLES / f"{name}.csv", "--json"))

    assert first == {"inserted": count, "updated": 0, "unchanged": 0}
    assert second == {"inserted": 0, "updated": 0, "unchanged": count}


def test_nothing_of_a_refused_file_is_imported(ivr: Ivr, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    right = (EXAMPLES / "tickets.csv").read_text()
    file.write_text(right + "100700,open,9,windows,,,,,en,active,\n")
    result = ivr("tickets", "import", file)
    as_json = ivr("tickets", "import", file, "--json")
    with reading(engine) as connection:
        kept = find_ticket(connection, "100100")

    assert kept is None
    assert result.exit_code == as_json.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{file}: line 28, column severity: '9' must be a whole number from 1 to 4.",
        f"{file}: line 28, column product: 'windows' is not known; "
        "write one of vsa, traverse, emm, 365-command.",
        "Nothing was imported.",
    ]
    assert [
        (mistake["line"], mistake["column"]) for mistake in json.loads(as_json.stdout)["refused"]
    ] == [(28, "severity"), (28, "product")]


def test_an_imported_technician_is_offline_and_can_be_made_available(ivr: Ivr) -> None:
    ivr("technicians", "import", EXAMPLES / "technicians.csv")
    before = [json.loads(line) for line in ivr("technicians", "list", "--json").stdout.splitlines()]
    until = "2126-03-06T18:00:00+01:00"
    maya = answer(
        ivr(
            "technicians", "set", "Maya.Torres@example.com", "available", "--until", until, "--json"
        )
    )

    assert {each["state"] for each in before} == {"offline"}
    assert maya["email"] == "maya.torres@example.com"
    assert maya["products"] == ["365-command", "vsa"]
    assert maya["state"] == "available"
    assert maya["available_until"] == "2126-03-06T17:00:00+00:00"
    assert "available until 2126-03-06 17:00 UTC" in ivr("technicians", "list").stdout


def test_a_break_has_its_reason_until_it_is_over(ivr: Ivr) -> None:
    ivr("technicians", "import", EXAMPLES / "technicians.csv")
    words = ("technicians", "set", "maya.torres@example.com")
    maya = answer(ivr(*words, "on_break", "--reason", "dentist", "--json"))
    on_break = ivr("technicians", "list").stdout
    back = answer(ivr(*words, "available", "--json"))

    assert (maya["state"], maya["state_reason"], maya["came_by"]) == (
        "on_break",
        "dentist",
        "command",
    )
    assert "on_break (dentist)" in on_break
    assert (back["state"], back["state_reason"]) == ("available", None)


def test_importing_again_leaves_a_technicians_state_alone(ivr: Ivr, tmp_path: Path) -> None:
    file = tmp_path / "technicians.csv"
    examples = (EXAMPLES / "technicians.csv").read_text()
    file.write_text(examples.replace("Maya Torres", "Maya Torres-Lee"))
    ivr("technicians", "import", EXAMPLES / "technicians.csv")
    ivr("technicians", "set", "maya.torres@example.com", "available")
    counts = answer(ivr("technicians", "import", file, "--json"))

    assert counts == {"inserted": 0, "updated": 1, "unchanged": 7}
    assert "Maya Torres-Lee  +14155550101  available" in ivr("technicians", "list").stdout


def test_a_new_pin_is_shown_once_and_ends_the_old_one(ivr: Ivr, engine: Engine) -> None:
    ivr("technicians", "import", EXAMPLES / "technicians.csv")
    old = ivr("technicians", "pin", "maya.torres@example.com").stdout.strip()
    new = answer(ivr("technicians", "pin", "Maya.Torres@example.com", "--json"))["pin"]
    with writing(engine) as connection:
        maya = technician_by_email(connection, "maya.torres@example.com")
        accepted = [is_pin(connection, maya.id, pin) for pin in (old, new)]

    assert len(old) == len(new) == FIGURES
    assert (old + new).isdecimal()
    assert accepted == [old == new, True]  # The same again, one time in a million.
    assert new not in ivr("technicians", "list", "--json").stdout


WRONG_SETS = [
    (["nobody@example.com", "available"], "There is no technician"),
    (["maya.torres@example.com", "on_call"], "on_call comes about by calls"),
    (["maya.torres@example.com", "asleep"], "'asleep' is not one of"),
    (["maya.torres@example.com", "available", "--until", "tonight"], "is not an instant, like"),
    (["maya.torres@example.com", "available", "--until", "2126-03-06T18:00"], "has no offset"),
    (["maya.torres@example.com", "available", "--until", "2020-03-06T18:00Z"], "is in the past"),
    (["maya.torres@example.com", "offline", "--until", "2126-03-06T18:00Z"], "with available only"),
    (["maya.torres@example.com", "available", "--reason", "lunch"], "with on_break only"),
]


@pytest.mark.parametrize(("words", "why"), WRONG_SETS)
def test_a_state_that_cannot_be_asked_for_is_refused(ivr: Ivr, words: list[str], why: str) -> None:
    ivr("technicians", "import", EXAMPLES / "technicians.csv")
    result = ivr("technicians", "set", *words)

    assert result.exit_code != 0
    assert why in result.stderr


def test_settings_that_make_no_sense_are_refused_with_a_sentence(
    ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    result = ivr("technicians", "list")

    assert result.exit_code == 1
    assert "DATABASE_URL must begin with" in result.stderr
