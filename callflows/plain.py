"""Plain: values to JSON and back, by the annotations of their dataclasses, without loss.

A dataclass becomes an object, and where several are possible it says which `kind` it is. Reading
is strict: a field too many or too few, or a value of another type, is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Unreadable(ValueError):
    """The JSON is not what was written; the message says where and why."""


def to_plain(value: object) -> Any:
    """Dicts, lists, strings, numbers, booleans and None, ready for `json.dumps`."""
    if is_dataclass(value):
        pairs = {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__, **pairs}
    match value:
        case datetime():
            return value.isoformat()
        case StrEnum():
            return value.value
        case Mapping():
            return {key: to_plain(each) for key, each in value.items()}
        case tuple():
            return [to_plain(each) for each in value]
        case _:
            return value


def from_plain(wanted: type[T] | UnionType, plain: object) -> T:
    """The value of type `wanted`, or of one of a union's. Raises Unreadable."""
    return cast(T, _read(wanted, plain, "value"))


def from_json(wanted: type[T] | UnionType, text: str) -> T:
    """As `from_plain`, from a text."""
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"This is not JSON: {error}.") from error
    return from_plain(wanted, plain)


def _read(wanted: Any, plain: object, where: str) -> object:
    if isinstance(wanted, type) and is_dataclass(wanted):
        return _dataclass(wanted, plain, where)
    if isinstance(wanted, type) and issubclass(wanted, datetime | StrEnum):
        return _word(wanted, _typed(str, plain, where), where)
    match get_origin(wanted), get_args(wanted):
        case None, _:
            return _typed(wanted, plain, where)
        case origin, words if origin is Literal:
            return _listed(words, plain, where)
        case origin, (each, *_) if origin is tuple:
            return tuple(_read(each, item, where) for item in _typed(list, plain, where))
        case origin, (_, each) if origin is Mapping:
            return {k: _read(each, v, where) for k, v in _typed(dict, plain, where).items()}
        case _, kinds:
            return _union(kinds, plain, where)


def _dataclass(wanted: type[object], plain: object, where: str) -> object:
    pairs = dict(_typed(dict, plain, where))
    _listed((wanted.__name__,), pairs.pop("kind", None), f"{where}.kind")
    types = _annotations(wanted)
    if pairs.keys() != types.keys():
        odd = ", ".join(sorted(pairs.keys() ^ types.keys()))
        raise Unreadable(f"{where} is not a {wanted.__name__}: {odd} is missing or unknown.")
    return wanted(**{key: _read(types[key], pairs[key], f"{where}.{key}") for key in types})


def _union(kinds: tuple[Any, ...], plain: object, where: str) -> object:
    """A dataclass says its kind; beside those a union here has at most one type, and None."""
    if plain is None and NoneType in kinds:
        return None
    if isinstance(plain, dict):
        by_name = {kind.__name__: kind for kind in kinds if is_dataclass(kind)}
        name = _listed(tuple(by_name), plain.get("kind"), f"{where}.kind")
        return _read(by_name[name], plain, where)
    others = [kind for kind in kinds if kind is not NoneType and not is_dataclass(kind)]
    return _read(others[0] if others else dict, plain, where)


def _word(wanted: type[datetime] | type[StrEnum], text: str, where: str) -> object:
    try:
        return datetime.fromisoformat(text) if issubclass(wanted, datetime) else wanted(text)
    except ValueError as error:
        raise Unreadable(f"{where} cannot be {text!r}.") from error


def _listed(words: tuple[str, ...], plain: object, where: str) -> str:
    if isinstance(plain, str) and plain in words:
        return plain
    raise Unreadable(f"{where} must be one of {', '.join(words)}, not {plain!r}.")


def _typed(wanted: type[T], plain: object, where: str) -> T:
    """The value, if it is exactly of this type: true is not a number here."""
    if type(plain) is wanted:
        return plain
    raise Unreadable(f"{where} must be {wanted.__name__}, not {plain!r}.")


@cache
def _annotations(wanted: Any) -> Mapping[str, Any]:
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}
