"""The first edition of the configuration, as tests ask for it and as they spoil it."""

from functools import cache

from callflows.problems import ConfigurationProblems, Problem
from ivr.configuration import Configuration
from ivr.configuration.directory import LINE_FILE, PROJECT_DIRECTORY, read_directory
from ivr.configuration.loader import load_configuration

FILES = read_directory(PROJECT_DIRECTORY)
LINE = FILES[LINE_FILE]


@cache
def first_edition() -> Configuration:
    return load_configuration(FILES)


def edited(old: str, new: str) -> str:
    """line.yaml with one place changed; what is changed must be there exactly once."""
    assert LINE.count(old) == 1, f"{old!r} is there {LINE.count(old)} times"
    return LINE.replace(old, new)


def with_line(old: str, new: str) -> dict[str, str]:
    """The first edition's files with one place of line.yaml changed."""
    return {**FILES, LINE_FILE: edited(old, new)}


def problems_of(files: dict[str, str]) -> tuple[Problem, ...]:
    """What is wrong with the files; nothing, for good ones."""
    try:
        load_configuration(files)
    except ConfigurationProblems as refused:
        return refused.problems
    return ()
