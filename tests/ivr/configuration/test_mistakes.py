"""All mistakes of all files at once, whatever shape a document has."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from callflows.strict_yaml import read
from ivr.configuration.directory import LINE_FILE
from ivr.configuration.loader import load_published
from ivr.configuration.mistakes import line_mistakes
from tests.ivr.configuration.first_edition import FILES, LINE, edited, problems_of, with_line

FLOW, ENGLISH = "callflows/flows/support.yaml", "callflows/prompts/en.yaml"
DOCUMENT = read(LINE, LINE_FILE).value
NONSENSE: tuple[Any, ...] = (None, True, -1, 2.5, "", "x", [], [[]], [{}], {}, {"x": []})


def test_the_mistakes_of_every_file_are_told_together() -> None:
    line = edited("ring_seconds: 20 ", "ring_seconds: soon ")
    line = line.replace("zone: Europe/Dublin", "zone: Europe/Dubln")
    files = {**FILES, LINE_FILE: line, FLOW: "nodes: 5\n", ENGLISH: "- none\n", "notes.txt": ""}
    problems = problems_of(files)

    assert {problem.file for problem in problems} == set(files)
    assert len([problem for problem in problems if problem.file == LINE_FILE]) == 2
    assert list(problems) == sorted(problems)


@pytest.mark.parametrize("name", ["../line.yaml", "/callflows/flows/x.yaml", "callflows/x.yaml"])
def test_a_file_that_belongs_nowhere_is_refused(name: str) -> None:
    assert [problem.file for problem in problems_of({**FILES, name: ""})] == [name]


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a list\n", "a word\n"])
def test_a_file_that_is_no_block_of_settings_is_refused(text: str) -> None:
    assert {problem.file for problem in problems_of({**FILES, LINE_FILE: text})} >= {LINE_FILE}


def test_nonsense_anywhere_is_a_mistake_or_fine_but_never_a_crash() -> None:
    for path in _places(DOCUMENT):
        for nonsense in NONSENSE:
            spoiled = copy.deepcopy(DOCUMENT)
            _put(spoiled, path, nonsense)
            for _, sentence in line_mistakes(spoiled, ["support"], ["en"]):
                assert sentence[-1] in ".?"


def test_what_was_published_is_not_asked_what_the_world_has_changed_since() -> None:
    files = with_line("not_observed: [Good Friday]", "not_observed: [Abolished Day]")

    assert problems_of(files)
    assert load_published(files).files == files


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    """One place of each block and list, for lists their first item only."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for key, below in inner:
        yield (key,)
        if isinstance(below, dict | list):
            yield from ((key, *path) for path in _places(below))


def _put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value
