"""Places in a plain document: how they are found, and how people are told of them."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from callflows.strict_yaml import Path

Mistake = tuple[Path, str]  # Where it is, and a sentence.

EACH = "*"  # Every value of a block or a list.
KEY = "?"  # Every key of a block.


def place(path: Path) -> str:
    """A place as people write it: numbers.+35315262938.region, queues.vsa.products[1]."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "The file"


def select(document: Any, *pattern: str) -> Iterator[tuple[Path, Any]]:
    """Everything at places like ("queues", EACH, "overflow", EACH), with where it is.

    What is absent or has another shape is passed over.
    """
    if not pattern:
        yield (), document
        return
    step, rest = pattern[0], pattern[1:]
    for key, value in _below(document, step):
        for path, found in select(value, *rest):
            yield (key, *path), found


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a refusal: the nearest known word, or all of them."""
    choices = list(known)
    near = get_close_matches(word, choices, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"known are: {', '.join(choices)}." if choices else "there is none yet."


def _below(document: Any, step: str) -> list[tuple[Any, Any]]:
    match document, step:
        case dict(), "*":
            return list(document.items())
        case dict(), "?":
            return [(key, key) for key in document]
        case dict(), _:
            return [(step, document[step])] if step in document else []
        case list(), "*":
            return list(enumerate(document))
        case _:
            return []
