"""Keys: which keys the YAML of a node may have and which it must, told by its dataclass."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from types import NoneType
from typing import Any, Union, get_args, get_origin, get_type_hints


@cache
def keys_of(kind: Any) -> Mapping[str, Any]:
    """Every key of a kind of node, in order, with the type of what stands under it."""
    return {name: _without_none(wanted) for name, wanted in get_type_hints(kind).items()}


@cache
def needed_keys(kind: Any) -> tuple[str, ...]:
    """The keys no such node can do without: fields that have no default."""
    return tuple(
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    )


def _without_none(wanted: Any) -> Any:
    """`Prompt | None` is a prompt that need not be there."""
    if get_origin(wanted) is not Union:
        return wanted
    (only,) = (each for each in get_args(wanted) if each is not NoneType)
    return only
