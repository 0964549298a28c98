"""What pydantic found wrong in line.yaml, said in sentences that tell what to do."""

from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from callflows.strict_yaml import Path
from ivr.configuration.places import Mistake, place, suggestion

_KEY_OF_MAPPING = "[key]"


def sentences(refused: ValidationError, shape: type[BaseModel]) -> list[Mistake]:
    """Every mistake as the place it is at and a whole sentence."""
    return [_sentence(error, shape) for error in refused.errors(include_url=False)]


def _sentence(error: ErrorDetails, shape: type[BaseModel]) -> Mistake:
    path: Path = error["loc"]
    if path and path[-1] == _KEY_OF_MAPPING:
        path = path[:-1]
    match error["type"]:
        case "extra_forbidden":
            known = _keys_at(shape, path[:-1])
            return path, f"{place(path)} is not a setting; {suggestion(str(path[-1]), known)}"
        case "missing":
            return path[:-1], f"{place(path)} is missing; add it."
        case "value_error":
            return path, _about(path, str(error["ctx"]["error"]))
        case kind:
            return path, f"{place(path)} {_wrong_value(kind, error)}."


def _about(path: Path, refusal: str) -> str:
    is_sentence = refusal.endswith((".", "?"))
    return f"{place(path)}: {refusal}" if is_sentence else f"{place(path)} {refusal}."


def _wrong_value(kind: str, error: ErrorDetails) -> str:
    got, limits = _shown(error["input"]), error.get("ctx", {})
    match kind:
        case "string_type":
            return f"must be text, not {got}"
        case "int_type" | "int_from_float" | "int_parsing":
            return f"must be a whole number, not {got}"
        case "bool_type":
            return f"must be true or false, not {got}"
        case "list_type":
            return f"must be a list in [ ], not {got}"
        case "dict_type" | "model_type":
            return f"must be a block of settings, not {got}"
        case "literal_error":
            return f"must be {limits['expected'].replace(chr(39), '')}, not {got}"
        case "greater_than_equal":
            return f"must be at least {limits['ge']}, not {got}"
        case "less_than_equal":
            return f"must be at most {limits['le']}, not {got}"
        case "too_short" | "string_too_short":
            return "must not be empty; add an entry"
        case _:
            return f"cannot be used: {error['msg']}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case dict():
            return "a block of settings"
        case list():
            return "a list"
        case str():
            return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'  # noqa: PLR2004
        case _:
            return str(value)


def _keys_at(shape: type[BaseModel], path: Path) -> list[str]:
    """The keys that the block at `path` may have."""
    part: Any = shape
    for step in path:
        models = _models_in(part)
        if models and step in models[0].model_fields:
            part = models[0].model_fields[str(step)].annotation
    models = _models_in(part)
    return list(models[0].model_fields) if models else []


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
