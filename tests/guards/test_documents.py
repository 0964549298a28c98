"""What is written for people agrees with what the programs do."""

import ast
import re
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, files, parsed, shown

SETTINGS = ROOT / "ivr" / "settings.py"
ENVIRONMENT_EXAMPLE = ROOT / "config" / "env.example"
ENVIRONMENT_EXPLAINED = ROOT / "config" / "README.md"

# Variables of the whole design that a process reads elsewhere than in Settings.
READ_ELSEWHERE = {"PORT"}

DOCUMENTS = [path for path in files() if path.suffix == ".md"]


def test_every_setting_is_in_the_example_and_the_reverse() -> None:
    text = ENVIRONMENT_EXAMPLE.read_text()
    shown_there = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))

    assert shown_there - READ_ELSEWHERE == _settings()


def test_every_setting_is_explained_and_the_reverse() -> None:
    text = ENVIRONMENT_EXPLAINED.read_text()
    rows = re.findall(r"^\|\s*(`[A-Z][^|]*)\|", text, re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}

    assert explained - READ_ELSEWHERE == _settings()


def test_every_target_of_make_says_what_it_is_for() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    explained = set(re.findall(r"^([a-z]+):[^#\n]*## [A-Z]", makefile, re.MULTILINE))

    assert explained == phony


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text())
    local = {target.partition("#")[0] for target in targets if ":" not in target}

    assert [target for target in local if not (document.parent / target).exists()] == []


def _settings() -> set[str]:
    """The names that Settings reads from the environment."""
    names: set[str] = set()
    for node in ast.walk(parsed(SETTINGS)):
        match node:
            case (
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id="environ"), attr="get"),
                    args=[ast.Constant(value=str(name)), *_],
                )
                | ast.Subscript(value=ast.Name(id="environ"), slice=ast.Constant(value=str(name)))
            ):
                names.add(name)
    return names
