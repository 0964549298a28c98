"""What a cell of an import may say: functions that give its meaning or raise ValueError.

An error is a sentence for the person who filled in the cell.
"""

import re
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, TypeVar

from ivr.dial_policy import E164
from routing.calendars import check_zone

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_WHOLE_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)

LONGEST_EMAIL = 254


def text(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise ValueError(f"This has {len(cell)} characters; {longest} is the most.")
        return cell

    return read


def required(read: Callable[[str], Value]) -> Callable[[str], Value]:
    def read_something(cell: str) -> Value:
        if not cell:
            raise ValueError("This must not be empty.")
        return read(cell)

    return read_something


def optional(read: Callable[[str], Value], empty: Any = None) -> Callable[[str], Value | Any]:
    """An empty cell means `empty`."""
    return lambda cell: read(cell) if cell else empty


def several(read: Callable[[str], Value]) -> Callable[[str], frozenset[Value]]:
    """Values separated by semicolons; an empty cell means any, and so does an empty set."""

    def read_all(cell: str) -> frozenset[Value]:
        if not cell:
            return frozenset()
        parts = [part.strip() for part in cell.split(";")]
        if "" in parts:
            raise ValueError(f"{cell!r} has a semicolon too many.")
        return frozenset(read(part) for part in parts)

    return read_all


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in choices:
            raise ValueError(f"{cell!r} is not known; write one of {', '.join(choices)}.")
        return cell

    return read


def word(words: type[Word]) -> Callable[[str], Word]:
    read = one_of([each.value for each in words])
    return lambda cell: words(read(cell))


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if not _WHOLE_NUMBER.fullmatch(cell) or not least <= int(cell) <= most:
            raise ValueError(f"{cell!r} must be a whole number from {least} to {most}.")
        return int(cell)

    return read


def language(cell: str) -> str:
    if not _LANGUAGE.fullmatch(cell):
        raise ValueError(f"{cell!r} is not a language; write two small letters, like en.")
    return cell


def zone(cell: str) -> str:
    check_zone(cell)
    return cell


def email(cell: str) -> str:
    """In small letters, as technicians are found by it."""
    if not _EMAIL.fullmatch(cell) or len(cell) > LONGEST_EMAIL:
        raise ValueError(f"{cell!r} is not an e-mail address.")
    return cell.lower()


def phone(cell: str) -> str:
    if not E164.fullmatch(cell):
        raise ValueError(
            f"{cell!r} must be + and the digits of the whole number, like +14155550100."
        )
    return cell
