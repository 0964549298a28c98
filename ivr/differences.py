"""What changes from one configuration to another, for people who are about to publish it."""

import difflib
from collections.abc import Iterator

from ivr.configuration.model import Files


def difference(before: Files, after: Files) -> str:
    """What changes from one configuration to another, as a unified diff; empty if nothing."""
    return "".join(
        line
        for name in sorted({*before, *after})
        for line in _file_difference(name, before.get(name, ""), after.get(name, ""))
    )


def _file_difference(name: str, before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        fromfile=f"live/{name}",
        tofile=f"new/{name}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
