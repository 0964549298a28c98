"""Broken flows: each file begins with exactly what is to be said about it, a problem a line.

"# 7: …" is a problem of line 7 of the file itself. Adding a check means adding a file.
"""

from pathlib import Path

import pytest

from callflows.checks import check_flow
from callflows.loader import load_flow
from callflows.problems import ConfigurationProblems, Problem
from callflows.prompts import Prompts
from tests.callflows.conversation import ENGLISH

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


def expected(text: str) -> list[str]:
    lines = text.splitlines()
    first_of_flow = next(n for n, line in enumerate(lines) if not line.startswith("# "))
    return sorted(line.removeprefix("# ") for line in lines[:first_of_flow])


def found(text: str, file: str) -> list[Problem]:
    try:
        flow = load_flow(text, file)
    except ConfigurationProblems as refused:
        return list(refused.problems)
    return list(check_flow(flow, Prompts({"en": ENGLISH}), {"en"}, {"business", "triage"}))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_flow_earns_its_sentences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    problems = found(text, path.name)

    assert sorted(_shown(problem, path.name) for problem in problems) == expected(text)


def _shown(problem: Problem, file: str) -> str:
    """The line, or for what is wrong in another file its name."""
    where = problem.line if problem.file == file else problem.file
    return f"{where}: {problem.sentence}"
