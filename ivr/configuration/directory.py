"""A configuration as files in a directory: line.yaml, and callflows/ or the packaged one."""

from collections.abc import Iterator
from pathlib import Path

import callflows
from callflows.problems import ConfigurationProblems, Problem
from ivr.configuration.model import Files

LINE_FILE = "line.yaml"
PACKAGED_CALLFLOWS = Path(callflows.__file__).resolve().parent
PROJECT_DIRECTORY = PACKAGED_CALLFLOWS.parent / "config"


def read_directory(directory: Path) -> dict[str, str]:
    """The configuration's files by name; their bytes are kept, line ends included.

    Raises ConfigurationProblems when line.yaml is missing or a file is not UTF-8 text.
    """
    files, problems = {}, []
    for name in _names_in(directory):
        try:
            files[name] = path_of(directory, name).read_bytes().decode()
        except FileNotFoundError:
            problems.append(Problem(name, 1, f"There is no {LINE_FILE} in {directory}; add it."))
        except UnicodeDecodeError as wrong:
            line = wrong.object[: wrong.start].count(b"\n") + 1
            sentence = "This is not UTF-8 text; save the file in that encoding."
            problems.append(Problem(name, line, sentence))
    if problems:
        raise ConfigurationProblems(problems)
    return files


def write_directory(directory: Path, files: Files) -> None:
    """Write each file where `read_directory` finds it again, byte for byte."""
    for name, text in files.items():
        path = path_to_write(directory, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def path_of(directory: Path, name: str) -> Path:
    """Where a file of the configuration is read from."""
    return directory / name if name == LINE_FILE else _root_of_callflows(directory) / name


def path_to_write(directory: Path, name: str) -> Path:
    """Where a file of the configuration is written.

    Everything goes into the directory; only the project's own config/ has its flows and prompts
    beside it, in callflows/.
    """
    if directory.resolve() == PROJECT_DIRECTORY:
        return path_of(directory, name)
    return directory / name


def _root_of_callflows(directory: Path) -> Path:
    own = directory / "callflows"
    return directory if own.is_dir() else PACKAGED_CALLFLOWS.parent


def _names_in(directory: Path) -> Iterator[str]:
    yield LINE_FILE
    root = _root_of_callflows(directory)
    for folder in ("flows", "prompts"):
        for path in sorted((root / "callflows" / folder).glob("*.yaml")):
            yield path.relative_to(root).as_posix()
