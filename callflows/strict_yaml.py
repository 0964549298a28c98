"""Strict YAML: the plain part of YAML 1.2, read with line numbers and without its traps.

What YAML would quietly turn into something else (an hour into a number of minutes, a telephone
number into an integer, a repeated key into its last value) is refused, and so is everything that
lets a text point into itself. Unquoted yes, no, on and off are words, as YAML 1.2 has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from callflows.plain import NOT_TEXT
from callflows.problems import ConfigurationProblems, Problem
from callflows.scalars import Misread, meaning

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
NO_CHARACTER = "There is a character here that cannot be part of a text."

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """What a file says, as dicts, lists, strings, numbers, booleans and None."""

    file: str
    value: Any
    lines: Mapping[Path, int] = field(repr=False)

    def line_of(self, path: Path) -> int:
        """The line of the key or item at `path`, or of the nearest thing around it."""
        return line_of(self.lines, path)


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line at `path`, or at the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def read(text: str, file: str) -> Document:
    """Read one document; `file` is its name in problems. Raises ConfigurationProblems."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise ConfigurationProblems(
            [Problem(file, 1, f"Over {MAX_BYTES // 1024} kB is too large.")]
        )
    reading = _Reading(file, text)
    try:
        value = reading.document()
    except MarkedYAMLError as error:
        reading.refuse(error.problem_mark.line + 1, f"This is not YAML: {error.problem}.")
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reading.refuse(line, NO_CHARACTER)
    except (ValueError, OverflowError):
        reading.refuse(reading.line, "Soon after this comes an escape (\\) that is no character.")
    except _TooDeep:
        reading.refuse(reading.line, f"This is nested more than {MAX_DEPTH} deep.")
    if reading.problems:
        raise ConfigurationProblems(reading.problems)
    return Document(file, value, reading.lines)


class _TooDeep(Exception):
    """Reading stops: a parser's work grows faster than the depth of what it is given."""


class _Reading:
    """One pass over the parser's events, which come as they are asked for."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.line = 1
        self.lines: dict[Path, int] = {(): 1}
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)

    def refuse(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(self.file, line, sentence))

    def document(self) -> Any:
        """The value of the only document, which the stream's start and end are around."""
        self._next()
        start = self._next()
        if isinstance(start, StreamEndEvent):
            self.refuse(1, "The file is empty.")
            return None
        if start.version or start.tags:
            self.refuse(1, "Leave out the lines that begin with a percent sign.")
        value = self._node(self._next(), ())
        self._next()
        if isinstance(self._next(), DocumentStartEvent):
            self.refuse(self.line, "A file holds one document; leave out what follows '---'.")
        return value

    def _next(self) -> Any:
        event = next(self._events)
        self.line = event.start_mark.line + 1
        return event

    def _node(self, event: Any, path: Path) -> Any:
        if event.anchor:
            self.refuse(self.line, "Write it out again; references (& and *) are not used here.")
        if isinstance(event, AliasEvent):
            return None
        if event.tag:
            self.refuse(self.line, "Leave out what begins with '!'; types are not chosen here.")
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if len(path) >= MAX_DEPTH:
            raise _TooDeep
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _scalar(self, event: Any) -> Any:
        if NOT_TEXT.search(event.value):
            self.refuse(self.line, NO_CHARACTER)
        quoted = not event.implicit[0]
        if quoted:
            return event.value
        try:
            return meaning(event.value)
        except Misread as misread:
            self.refuse(self.line, str(misread))
            return event.value

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            place = (*path, len(items))
            self.lines[place] = self.line
            items.append(self._node(event, place))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            line = self.line
            key = self._key(event, path)
            place = (*path, key)
            if key in pairs:
                first = self.lines[place]
                self.refuse(line, f"{key} is here a second time, after line {first}.")
            self.lines[place] = line
            pairs[key] = self._node(self._next(), place)
        return pairs

    def _key(self, event: Any, path: Path) -> str:
        line = self.line
        key = self._node(event, (*path, "?"))
        if not isinstance(key, str):
            self.refuse(line, f"The key {key} must be a word; put it in quotes.")
        if key == "<<":
            self.refuse(line, "Write it out again; merging (<<) is not used here.")
        return str(key)
