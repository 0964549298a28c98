"""Packing: values to JSON and back, by the annotations of their dataclasses, without loss.

A dataclass becomes an object that says its `kind`. Unpacking is strict: an unknown field, a missing
one, or a value of another type is refused. Only a field with a default may be missing: the release
that packed the value did not know it.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Unreadable(ValueError):
    """This is not what was packed; the message says where and why."""


def pack(value: object) -> Any:
    """Dicts, lists, strings, numbers, booleans and None, ready for `json.dumps`."""
    if is_dataclass(value):
        pairs = {field.name: pack(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__, **pairs}
    match value:
        case datetime():
            return value.isoformat()
        case StrEnum():
            return value.value
        case Mapping():
            return {key: pack(each) for key, each in value.items()}
        case tuple():
            return [pack(each) for each in value]
        case _:
            return value


def unpack(wanted: type[T] | UnionType, packed: object) -> T:
    """The value of type `wanted`, or of one of a union's. Raises Unreadable."""
    return cast(T, _unpack(wanted, packed, "value"))


def unpack_text(wanted: type[T] | UnionType, text: str) -> T:
    """As `unpack`, from a text of JSON."""
    try:
        packed = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"This is not JSON: {error}.") from error
    return unpack(wanted, packed)


def _unpack(wanted: Any, packed: object, where: str) -> object:
    if isinstance(wanted, type):
        return _unpack_type(wanted, packed, where)
    match get_origin(wanted), get_args(wanted):
        case origin, words if origin is Literal:
            return _word_of(words, packed, where)
        case origin, (each, *_) if origin is tuple:
            return tuple(_unpack(each, item, where) for item in _exactly(list, packed, where))
        case origin, (_, each) if origin is Mapping:
            pairs = _exactly(dict, packed, where)
            return {key: _unpack(each, item, where) for key, item in pairs.items()}
    return _unpack_union(get_args(wanted), packed, where)


def _unpack_type(wanted: Any, packed: object, where: str) -> object:
    if is_dataclass(wanted):
        return _unpack_dataclass(wanted, packed, where)
    if issubclass(wanted, datetime):
        return _instant(_exactly(str, packed, where), where)
    if issubclass(wanted, StrEnum):
        return wanted(_word_of(tuple(word.value for word in wanted), packed, where))
    return _exactly(wanted, packed, where)


def _unpack_dataclass(wanted: Any, packed: object, where: str) -> object:
    pairs = dict(_exactly(dict, packed, where))
    _word_of((wanted.__name__,), pairs.pop("kind", None), f"{where}.kind")
    types = _annotations(wanted)
    odd = (pairs.keys() - types.keys()) | (_needed(wanted) - pairs.keys())
    if odd:
        names = ", ".join(sorted(odd))
        raise Unreadable(f"{where} is no {wanted.__name__}: {names} is missing or unknown.")
    return wanted(**{key: _unpack(types[key], pairs[key], f"{where}.{key}") for key in pairs})


def _unpack_union(kinds: tuple[Any, ...], packed: object, where: str) -> object:
    """A dataclass says its kind; beside those, a union here has None and one other type at most."""
    if packed is None and NoneType in kinds:
        return None
    others = [kind for kind in kinds if kind is not NoneType]
    if isinstance(packed, dict):
        by_name = {kind.__name__: kind for kind in others if isinstance(kind, type)}
        name = _word_of(tuple(by_name), packed.get("kind"), f"{where}.kind")
        return _unpack(by_name[name], packed, where)
    return _unpack(others[0], packed, where)


def _instant(text: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"{where} is no instant: {text!r}.") from error


def _word_of(words: tuple[str, ...], packed: object, where: str) -> str:
    if isinstance(packed, str) and packed in words:
        return packed
    raise Unreadable(f"{where} must be one of {', '.join(words)}, not {packed!r}.")


def _exactly(wanted: type[T], packed: object, where: str) -> T:
    """The value, if it is of this very type: true is not a number here."""
    if type(packed) is wanted:
        return packed
    raise Unreadable(f"{where} must be {wanted.__name__}, not {packed!r}.")


@cache
def _annotations(wanted: Any) -> Mapping[str, Any]:
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}


@cache
def _needed(wanted: Any) -> frozenset[str]:
    """The fields without a default."""
    needed = (
        field.name
        for field in fields(wanted)
        if field.default is MISSING and field.default_factory is MISSING
    )
    return frozenset(needed)
