"""Shapes: reads the values of a document as the types of the model, and refuses the others."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from callflows.model import OTHER_OPTION, SUPPORT_OPTION, MenuKey
from callflows.problems import Problem, nearest
from callflows.strict_yaml import Document, Path

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
KEYS = (*"0123456789", "*")
MENU_KEYS = (*KEYS, SUPPORT_OPTION, OTHER_OPTION)


class Shapes:
    """Reads values at their paths. A value that does not fit becomes a problem; reading goes on."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document

    def refuse(self, path: Path, sentence: str) -> None:
        line = self._document.line_of(path)
        self.problems.append(Problem(self._document.file, line, sentence))

    def value(self, wanted: Any, value: object, path: Path) -> Any:
        """The value as the type of a field of the model."""
        match get_origin(wanted), get_args(wanted):
            case origin, words if origin is Literal:
                return self.word(words, value, path)
            case origin, _ if origin is tuple:
                return self.names(value, path)
            case origin, (key, _) if origin is Mapping:
                return self.targets(key, value, path)
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            return self.word(tuple(wanted), value, path)
        return self.name(value, path)

    def name(self, value: object, path: Path) -> str:
        """The name of a node, a prompt, a medium or a queue."""
        if isinstance(value, str) and NAME.fullmatch(value):
            return value
        self.refuse(path, f"{_place(path)} must be a name, in small letters, digits and _.")
        return ""

    def names(self, value: object, path: Path) -> tuple[str, ...]:
        """One name, or a list of them."""
        if not isinstance(value, list):
            return (self.name(value, path),)
        if not value:
            self.refuse(path, f"{_place(path)} must not be an empty list.")
        return tuple(self.name(item, (*path, index)) for index, item in enumerate(value))

    def word(self, words: Collection[str], value: object, path: Path) -> str:
        """One of a few words."""
        for word in words:
            if value == word:
                return word
        hint = nearest(str(value), words)
        self.refuse(path, f"{_place(path)} must be {' or '.join(words)}, not {value}.{hint}")
        return ""

    def targets(self, wanted: Any, value: object, path: Path) -> dict[Any, str]:
        """Where each word of an enumeration leads, all of them; or each of some keys."""
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            pairs = self.mapping(value, path, known=tuple(wanted), needed=tuple(wanted))
        else:
            pairs = self.mapping(value, path, known=MENU_KEYS if wanted is MenuKey else KEYS)
        return {wanted(key): self.name(target, (*path, key)) for key, target in pairs.items()}

    def mapping(
        self,
        value: object,
        path: Path,
        known: Collection[str] | None = None,
        needed: Collection[str] = (),
    ) -> dict[str, Any]:
        """The pairs whose keys are `known`; without `known`, those whose keys are names."""
        if not isinstance(value, dict):
            self.refuse(path, f"{_place(path)} must hold lines of `key: value`.")
            return {}
        for key in needed:
            if key not in value:
                self.refuse(path, f"{_place(path)} needs the key {key}.")
        if known is None:
            return {key: item for key, item in value.items() if self.name(key, (*path, key))}
        for key in value.keys() - set(known):
            self.refuse((*path, key), f"{_place(path)} has no key {key}.{nearest(key, known)}")
        return {key: item for key, item in value.items() if key in known}


def _place(path: Path) -> str:
    return str(path[-1]) if path else "The file"
