"""All mistakes of a line.yaml at once: its shape, its switches, and how its parts fit together."""

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from ivr.configuration.places import EACH, Mistake, select
from ivr.configuration.references import mismatches
from ivr.configuration.schema import LineFile
from ivr.configuration.sentences import sentences
from ivr.configuration.switches import missing_switches, read_switches
from routing.switches import Switches


def line_mistakes(line: Any, flows: Collection[str], languages: Collection[str]) -> list[Mistake]:
    """What is wrong in a plain document of any shape, beside these flows and prompts."""
    return [*shape_mistakes(line), *_switch_mistakes(line), *mismatches(line, flows, languages)]


def shape_mistakes(line: Any) -> list[Mistake]:
    """Unknown and missing keys, and values that are not what they should be."""
    try:
        LineFile.model_validate(line)
    except ValidationError as refused:
        return sentences(refused, LineFile)
    return []


def _switch_mistakes(line: Any) -> list[Mistake]:
    """The main policy sets every switch; those of numbers and products may set any."""
    mistakes = []
    for pattern in (("policy",), ("numbers", EACH, "policy"), ("policy_by_product", EACH)):
        for path, block in select(line, *pattern):
            mistakes += read_switches(block, path, Switches())[1]
    for path, block in select(line, "policy"):
        mistakes += missing_switches(block, path)
    return mistakes
