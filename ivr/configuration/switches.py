"""Policy blocks of line.yaml, read by the switches themselves, so that they are spelled once."""

from collections.abc import Iterator
from typing import Any

from callflows.strict_yaml import Path
from ivr.configuration.places import Mistake, place
from routing.switches import SettingRefused, Switches


def read_switches(block: Any, path: Path, base: Switches) -> tuple[Switches, list[Mistake]]:
    """`base` with the settings of one policy block, and what is wrong with them."""
    switches, mistakes = base, []
    for at, key, value in _settings(block, path, ""):
        try:
            switches = switches.with_setting(key, value)
        except SettingRefused as refused:
            mistakes.append((at, f"{place(at)}: {refused}"))
    return switches, mistakes


def missing_switches(block: Any, path: Path) -> list[Mistake]:
    """Every switch is set in the main policy: what nobody chose would be nobody's rule."""
    given = {key for _, key, _ in _settings(block, path, "")}
    return [
        (path, f"{place(path)}.{key} is missing; every switch is set here, so add it.")
        for key in Switches().as_settings()
        if key not in given
    ]


def _settings(block: Any, path: Path, prefix: str) -> Iterator[tuple[Path, str, str]]:
    """Each setting with its place, its dotted key and its value as one word or a list of them."""
    if not isinstance(block, dict):
        return
    for key, value in block.items():
        at, dotted = (*path, key), f"{prefix}{key}"
        match value:
            case dict():
                yield from _settings(value, at, f"{dotted}.")
            case list():
                yield at, dotted, ",".join(str(item) for item in value)
            case bool():
                yield at, dotted, str(value).lower()
            case None:
                yield at, dotted, ""
            case _:
                yield at, dotted, str(value)
