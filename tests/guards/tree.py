"""The project's own files, as a commit would have them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

PACKAGES = ("ivr", "callflows", "routing")

# What .gitignore names: made by tools and by running, never written by us.
_MADE = {
    ".git", ".venv", ".cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    ".import_linter_cache", "__pycache__", "instance", "node_modules", "build", "dist",
}  # fmt: skip


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file below `folder` that is ours."""
    for path in sorted(folder.iterdir()):
        if path.name in _MADE or path.suffix == ".egg-info" or path.name.startswith(".coverage"):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def python_files(*folders: str) -> Iterator[Path]:
    """Every Python file of these top-level folders, or of the whole project."""
    for folder in folders or ("",):
        yield from (path for path in files(ROOT / folder) if path.suffix == ".py")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
