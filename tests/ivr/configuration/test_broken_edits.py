"""Every broken edit of the first edition is refused, at its line and in its own words."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from ivr.configuration.directory import LINE_FILE
from tests.ivr.configuration.first_edition import FILES, edited, problems_of

EDITS = YAML(typ="safe").load((Path(__file__).parent / "broken_edits.yaml").read_text("utf-8"))


def test_the_first_edition_itself_is_accepted() -> None:
    assert problems_of(FILES) == ()


def test_there_are_many_edits_and_no_two_alike() -> None:
    assert len({(edit["change"], edit["to"]) for edit in EDITS}) == len(EDITS) >= 60


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["to"].strip()[:40])
def test_an_edit_is_refused_where_it_is_and_says_what_to_do(edit: dict[str, str]) -> None:
    text = edited(edit["change"], edit["to"])
    named = [n for n, line in enumerate(text.split("\n"), 1) if line.startswith(edit["line"])]
    problems = problems_of({**FILES, LINE_FILE: text})

    told = [(problem.file, problem.line, problem.sentence) for problem in problems]

    assert any((LINE_FILE, line, edit["says"]) in told for line in named), told
