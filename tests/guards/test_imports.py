"""Who may import whom; the contracts themselves are in pyproject.toml."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.guards.tree import ROOT, parsed, python_files, shown

# What the pure packages may stand on, besides the pure part of the standard library.
ALLOWED = {
    "routing": {"routing", "pytz", "phonenumbers"},
    "callflows": {"callflows", "routing", "pytz", "ruamel"},
}
# Calls that ask the machine something; the answer must come from the caller instead.
IMPURE_CALLS = {"now", "utcnow", "today", "open", "read_text", "read_bytes", "print", "input"}
TWILIO_ROOMS = {"twilio", "carrier"}


def test_imports_obey_the_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_logo=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("package", ALLOWED)
def test_pure_packages_stand_on_little(package: str) -> None:
    foreign = {
        (shown(path), name)
        for path in python_files(package)
        for name in _imported(path)
        if name not in sys.stdlib_module_names and name not in ALLOWED[package]
    }

    assert foreign == set()


@pytest.mark.parametrize("package", ALLOWED)
def test_pure_packages_ask_the_machine_nothing(package: str) -> None:
    assert [
        f"{shown(path)}:{call.lineno} {name}()"
        for path in python_files(package)
        for call, name in _calls(path)
        if name in IMPURE_CALLS
    ] == []


def test_twilios_library_stays_at_the_edges() -> None:
    users = {
        path.relative_to(ROOT / "ivr").parts[0]
        for path in python_files("ivr")
        if "twilio" in _imported(path)
    }

    assert users <= TWILIO_ROOMS


def test_tests_use_fakes_with_behaviour_and_no_mocks() -> None:
    assert [shown(path) for path in python_files() if "unittest" in _imported(path)] == []


def _imported(path: Path) -> set[str]:
    """The top-level names of what a file imports."""
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name.partition(".")[0] for alias in aliases}
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module.partition(".")[0])
    return names


def _calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                yield node, name
