"""Prompts: every sentence a caller hears, by name and language, fit to be spoken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Catalogue:
    """The prompts of one language. `lines` are line numbers in `file`, by prompt name."""

    language: str
    texts: Mapping[str, str]
    file: str = field(default="", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Prompts:
    """The catalogues by language ("en"); English stands in for what another one lacks."""

    catalogues: Mapping[str, Catalogue]

    def text(self, language: str, name: str, **values: str) -> str:
        """The prompt with its placeholders filled in. Raises MissingPrompt."""
        raise NotImplementedError


def say_digits(number: str) -> str:
    """A number to be spoken digit by digit: "1 0 0 2"."""
    raise NotImplementedError


def say_opening(instant: datetime, zone: str, now: datetime, language: str = "en") -> str:
    """When somebody may call again, as people say it."""
    raise NotImplementedError
