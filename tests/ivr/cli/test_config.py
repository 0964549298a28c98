"""`ivr config`: what it says, what it does, and how it ends."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ivr.cli.config import config
from ivr.configuration.directory import read_directory, write_directory
from ivr.publishing import publish
from ivr.store.engine import writing
from tests.ivr.configuration.first_edition import FILES, with_line

BROKEN = with_line("ring_seconds: 20 ", "ring_seconds: soon ")
THIRD = with_line("ring_seconds: 20 ", "ring_seconds: 30 ")
SECOND = with_line("ring_seconds: 20 ", "ring_seconds: 25 ")

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    def run(*words: object, keyed: str = "") -> Result:
        return CliRunner().invoke(config, [str(word) for word in words], input=keyed)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    def write(files: dict[str, str]) -> Path:
        write_directory(tmp_path / "files", files)
        return tmp_path / "files"

    return write


Folder = Callable[[dict[str, str]], Path]


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_good_files_are_ok(ivr: Ivr) -> None:
    assert ivr("check").stdout == "OK\n"
    assert answer(ivr("check", "--json")) == {"ok": True, "problems": []}


@pytest.mark.parametrize("command", ["check", "publish"])
def test_broken_files_are_told_with_file_and_line(ivr: Ivr, folder: Folder, command: str) -> None:
    written = folder(BROKEN)
    result = ivr(command, written)
    problems = json.loads(ivr(command, written, "--json").stdout)["problems"]

    place = f"{written / 'line.yaml'}:{problems[0]['line']}: "
    sentence = 'timers.ring_seconds must be a whole number, not "soon".'
    assert (result.exit_code, result.stdout) == (1, f"{place}{sentence}\n")
    assert problems[0]["sentence"] == sentence


def test_publishing_twice_changes_nothing_and_says_so(ivr: Ivr) -> None:
    first = ivr("publish", "--yes", "--note", "first edition")
    again = ivr("publish", "--yes")

    assert first.stdout == "Revision 1 is live.\n"
    assert again.stdout == "Nothing changes: revision 1 is live already.\n"
    assert answer(ivr("publish", "--yes", "--json")) == {"revision": 1, "changed": False}


def test_nothing_is_published_without_a_yes(ivr: Ivr) -> None:
    refused = ivr("publish", keyed="n\n")

    assert refused.exit_code == 1
    assert answer(ivr("list", "--json")) == []
    assert ivr("publish", keyed="y\n").stdout.endswith("Revision 1 is live.\n")


def test_a_difference_is_shown_before_it_is_live_and_gone_after(ivr: Ivr, folder: Folder) -> None:
    ivr("publish", "--yes")
    written = folder(SECOND)
    before = answer(ivr("diff", written, "--json"))
    ivr("publish", written, "--yes")

    assert before["changed"]
    assert "+  ring_seconds: 25" in before["diff"]
    assert ivr("diff", written).stdout == "Nothing would change.\n"


def test_a_rollback_brings_the_earlier_one_back(ivr: Ivr, folder: Folder) -> None:
    ivr("publish", "--yes", "--author", "pat", "--note", "first")
    ivr("publish", folder(SECOND), "--yes")
    back = answer(ivr("rollback", "--yes", "--json"))
    newest, oldest = answer(ivr("list", "--json"))

    assert back == {"revision": 1, "changed": True}
    assert (newest["live"], oldest["live"]) == (False, True)
    assert (oldest["author"], oldest["note"]) == ("pat", "first")
    assert ivr("rollback", "9", "--yes").exit_code == 1


def test_what_is_exported_is_what_was_published(ivr: Ivr, tmp_path: Path) -> None:
    ivr("publish", "--yes")
    answer(ivr("export", tmp_path / "out", "--json"))
    assert read_directory(tmp_path / "out") == FILES

    (tmp_path / "out" / "line.yaml").write_text("mine")
    kept = ivr("export", tmp_path / "out", keyed="n\n")
    assert (kept.exit_code, (tmp_path / "out" / "line.yaml").read_text()) == (1, "mine")

    assert ivr("export", tmp_path / "out", "--yes").exit_code == 0
    assert read_directory(tmp_path / "out") == FILES


def test_before_anything_is_published_there_is_nothing_to_export(ivr: Ivr, tmp_path: Path) -> None:
    result = ivr("export", tmp_path / "out")

    assert result.exit_code == 1
    assert "Nothing is published yet" in result.stderr


def test_the_holidays_of_a_country_are_listed_with_the_corrections(ivr: Ivr) -> None:
    days = answer(ivr("holidays", "NL", "2026", "--json"))

    assert days["2026-04-27"] == "King's Day"
    assert "2026-04-03" not in days
    assert answer(ivr("holidays", "nl", "2026", "--json")) == days
    assert ivr("holidays", "IE", "2026").stdout.startswith("Thu 2026-01-01  New Year's Day\n")
    assert ivr("holidays", "ZZ", "2026").stdout == "There are no holidays of ZZ in 2026.\n"


@pytest.mark.parametrize("words", [("check",), ("diff",), ("publish", "--yes")])
def test_a_folder_without_line_yaml_is_told(ivr: Ivr, tmp_path: Path, words: tuple[str]) -> None:
    result = ivr(*words, tmp_path)

    sentence = f"There is no line.yaml in {tmp_path}; add it."
    assert (result.exit_code, result.stdout) == (1, f"{tmp_path / 'line.yaml'}:1: {sentence}\n")


def test_what_somebody_else_published_while_asking_is_not_overwritten(
    ivr: Ivr, folder: Folder, sqlite_engine: Engine
) -> None:
    ivr("publish", "--yes")
    written = folder(SECOND)

    class SlowFingers(io.BytesIO):
        """Keys a yes, but not before somebody else has published."""

        def read1(self, size: int | None = -1, /) -> bytes:
            with writing(sqlite_engine) as connection:
                publish(connection, THIRD, "in between", "sam", datetime.now(UTC))
            return super().read1(size)

    result = CliRunner().invoke(config, ["publish", str(written)], input=SlowFingers(b"y\n"))

    assert result.exit_code == 1
    assert "Error: Revision 2 is live now; look at the difference and publish" in result.stderr
    assert [each["live"] for each in answer(ivr("list", "--json"))] == [True, False]
