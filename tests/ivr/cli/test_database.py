"""The commands and their database: brought up to date, empty, out of date, or not there at all."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import main

Ivr = Callable[..., Result]

# Every command that looks into the database, and what a database with tables and no rows answers.
LOOKING = [
    ("calls",),
    ("story", "CA00"),
    ("verify",),
    ("order",),
    ("voicemail", "list"),
    ("voicemail", "fetch", "1", "message.wav"),
    ("config", "list"),
    ("config", "diff"),
    ("technicians", "list"),
    ("technicians", "pin", "maya.torres@example.com"),
    ("explain", "--dialed", "+35315262938"),
    ("explain", "--dialed", "+35315262938", "--ticket", "100100"),
]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    """The whole command line, in an instance folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSTANCE", str(tmp_path / "instance"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def refused(result: Result) -> str:
    """The one sentence that a command ended with."""
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    (sentence,) = result.stderr.splitlines()
    return sentence


def test_an_upgrade_makes_tables_and_a_line_that_answers_but_only_once(
    empty_database_url: str, ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    first = json.loads(ivr("db", "upgrade", "--json", "--yes").stdout)
    again = json.loads(ivr("db", "upgrade", "--json").stdout)

    assert first == {"upgraded": True, "revision": 1, "first_edition": True}
    assert again == {"upgraded": True, "revision": 1, "first_edition": False}
    assert ivr("config", "diff").stdout == "Nothing would change.\n"


def test_an_upgrade_says_what_it_did(ivr: Ivr) -> None:
    tables = "The tables are at the newest migration.\n"
    first = "Revision 1 is live: the configuration as it came with the project.\n"

    assert ivr("db", "upgrade").stdout == tables + first
    assert ivr("db", "upgrade").stdout == tables


def test_an_upgrade_leaves_what_is_published_alone(ivr: Ivr, tmp_path: Path) -> None:
    ivr("db", "upgrade")
    ivr("config", "export", tmp_path / "mine")
    line = tmp_path / "mine" / "line.yaml"
    line.write_text(line.read_text("utf-8") + "# ours\n", "utf-8")
    ivr("config", "publish", tmp_path / "mine", "--yes")
    again = json.loads(ivr("db", "upgrade", "--json").stdout)

    assert again == {"upgraded": True, "revision": 2, "first_edition": False}


def test_nothing_has_happened_yet_and_that_is_fine(ivr: Ivr) -> None:
    ivr("db", "upgrade")
    silent = [("calls",), ("calls", "--json"), ("calls", "--sid", "CA00")]
    silent += [("voicemail", "list"), ("technicians", "list"), ("technicians", "list", "--json")]

    assert {(ivr(*words).exit_code, ivr(*words).output) for words in silent} == {(0, "")}
    assert ivr("verify").stdout == "Everything holds.\n"
    assert json.loads(ivr("verify", "--json").stdout) == {"ok": True, "violations": []}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("story", "CA00"), "No call CA00 is in the journal."),
        (("story", "CA00", "--json"), "No call CA00 is in the journal."),
        (("voicemail", "fetch", 7, "x.wav"), "There is no message 7; see: ivr voicemail list"),
        (
            ("technicians", "pin", "nobody@example.com"),
            "There is no technician with the e-mail address nobody@example.com.",
        ),
        (("config", "rollback", 9, "--yes"), "There is no revision 9; see: ivr config list"),
        (
            ("config", "rollback", "--yes"),
            "There is no revision before the live one; name one by its number.",
        ),
        (
            ("config", "export", "out", "--revision", 9),
            "There is no revision 9; see: ivr config list",
        ),
    ],
)
def test_what_is_not_there_is_said(ivr: Ivr, words: tuple[object, ...], sentence: str) -> None:
    ivr("db", "upgrade")

    assert refused(ivr(*words)) == f"Error: {sentence}"


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_without_tables_every_command_says_how_to_get_them(
    ivr: Ivr, words: tuple[str, ...]
) -> None:
    sentence = refused(ivr(*words))

    assert sentence.startswith("Error: The database's tables are missing or old (no such table: ")
    assert sentence.endswith("); run: ivr db upgrade")


def test_postgresql_without_tables_is_told_apart_too(
    empty_database_url: str, ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)

    assert refused(ivr("calls")).endswith("run: ivr db upgrade")


def test_a_database_that_does_not_answer_is_told_without_its_password(
    ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ivr:word-of-mouth@127.0.0.1:1/line")
    sentence = refused(ivr("calls"))

    assert sentence.startswith("Error: The database cannot be used: ")
    assert "word-of-mouth" not in sentence


def test_a_file_that_is_no_database_and_a_folder_that_cannot_be_are_told(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear technicians, this is not a database at all.\n" * 40)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    assert refused(ivr("calls")) == "Error: The database cannot be used: file is not a database"

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}/inside.db")
    assert "The folder of the database cannot be made: " in refused(ivr("calls"))
