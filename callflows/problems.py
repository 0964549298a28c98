"""Problems: what is wrong with a file of the configuration, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where it is (lines count from 1), and a sentence that says what to do."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class ConfigurationProblems(Exception):
    """A file, or several, cannot be used. Carries every mistake found, in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """A question to end a sentence with, naming the known word that is most like this one."""
    near = get_close_matches(word, sorted(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""
