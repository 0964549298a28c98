"""What every file keeps to: its size, and no word of the machine it was written on."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.guards.tree import PACKAGES, ROOT, files, parsed, python_files, shown

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

# Spelled in pieces, so that this file does not accuse itself.
REGISTRIES = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "yarn" + "pkg.com",
            "deb." + "debian.org", "security." + "debian.org", "archive." + "ubuntu.com",
        )
    )
)  # fmt: skip
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users|mnt|opt)/\w")
LOCK_ADDRESSES = re.compile(
    r"\w+://|--(?:extra-)?index-url|--find-links|--trusted-host|\"resolved\""
)
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json")

# A migration is drafted by a program, and never grows again.
DRAFTED = "versions"

SKIPS = {"skip", "skipif", "importorskip", "skipTest"}
# The browser pages and the pictures are not text.
NOT_TEXT = {".png", ".jpg", ".ico", ".wav", ".mp3", ".woff2"}


@pytest.mark.parametrize(
    "path", [path for path in python_files() if DRAFTED not in path.parts], ids=shown
)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text().splitlines())

    assert lines <= LONGEST_FILE


@pytest.mark.parametrize("package", PACKAGES)
def test_a_function_is_short_enough_to_see_at_once(package: str) -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in python_files(package)
        if DRAFTED not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    accused = [
        f"{shown(path)}:{number} {line.strip()[:80]}"
        for path in files()
        if path.suffix not in NOT_TEXT
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if REGISTRIES.search(line) or MACHINE_PATHS.search(line)
    ]

    assert accused == []


@pytest.mark.parametrize("name", [name for name in LOCKS if (ROOT / name).exists()])
def test_lock_files_record_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()

    assert LOCK_ADDRESSES.findall(text) == []
    assert "sha256:" in text or '"integrity"' in text


def test_both_locks_pin_the_same_releases() -> None:
    runtime, development = (_pins(name) for name in LOCKS[:2])

    assert runtime.items() - development.items() == set()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    development = project["dependencies"] + project["optional-dependencies"]["dev"]

    assert _names(project["dependencies"]) <= _pins(LOCKS[0]).keys()
    assert _names(development) <= _pins(LOCKS[1]).keys()


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        if "cli" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]

    assert printing == []


def test_no_test_is_skipped() -> None:
    skipping = [
        f"{shown(path)}:{node.lineno} {node.attr}"
        for path in python_files("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in SKIPS
    ]

    assert skipping == []


def _names(requirements: list[str]) -> set[str]:
    """The distributions of requirements, as lock files spell them."""
    return {re.split(r"[^\w.-]", each)[0].lower().replace(".", "-") for each in requirements}


def _pins(lock: str) -> dict[str, str]:
    pins = re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(pins)
