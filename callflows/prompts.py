"""Prompts: every sentence a caller hears, by name and language, fit to be spoken."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from callflows.plain import plain
from routing.calendars import local_time

ENGLISH = "en"
NOON = 12
DAYS_A_WEEK = 7
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class MissingPrompt(KeyError):
    """A prompt, or what its placeholder stands for, does not exist; the message says which."""

    def __str__(self) -> str:
        return str(self.args[0])


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

    def text(self, language: str, name: str, /, **values: str) -> str:
        """The prompt with its placeholders filled in, as plain text. Raises MissingPrompt."""
        template = self._template(language, name)

        def value_of(placeholder: re.Match[str]) -> str:
            if placeholder[1] not in values:
                raise MissingPrompt(f"Nothing is known to say for {placeholder[0]} in {name}.")
            return values[placeholder[1]]

        return plain(PLACEHOLDER.sub(value_of, template))

    def placeholders(self, language: str, name: str) -> set[str]:
        """The names of the values the prompt needs. Raises MissingPrompt."""
        return placeholders(self._template(language, name))

    def language_of(self, language: str, name: str) -> str:
        """The language the prompt is spoken in: this one, or English. Raises MissingPrompt."""
        for candidate in (language, ENGLISH):
            if candidate in self.catalogues and name in self.catalogues[candidate].texts:
                return candidate
        raise MissingPrompt(f"There is no prompt {name} in {language}, nor in English.")

    def _template(self, language: str, name: str) -> str:
        return self.catalogues[self.language_of(language, name)].texts[name]


def placeholders(template: str) -> set[str]:
    return set(PLACEHOLDER.findall(template))


def say_digits(number: str) -> str:
    """The number to be spoken digit by digit: "100200" is "1 0 0 2 0 0"."""
    return " ".join(number)


def say_opening(
    instant: datetime, zone: str, now: datetime, language: str = ENGLISH, place: str | None = None
) -> str:
    """When to call again, on the clock of `zone`: "Monday at 7 a.m. your time".

    Where the clock is not known to be the caller's own, `place` is named instead of "your time".
    A language without words of its own gets the English ones.
    """
    words = WORDS.get(language, WORDS[ENGLISH])
    local = local_time(instant, zone)
    clock = f"{words.clock(local)} {words.elsewhere.format(place) if place else words.own}"
    days = (local.date() - local_time(now, zone).date()).days
    if days <= 1:
        return (words.tomorrow if days == 1 else words.today).format(clock)
    weekday = words.weekdays[local.weekday()]
    if days < DAYS_A_WEEK:
        return words.weekday.format(weekday, clock)
    return words.date.format(weekday, local.day, words.months[local.month - 1], clock)


@dataclass(frozen=True)
class OpeningWords:
    """How one language says when; `clock` says a time of day."""

    clock: Callable[[datetime], str]
    own: str
    elsewhere: str
    today: str
    tomorrow: str
    weekday: str
    date: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]


def _twelve_hours(local: datetime) -> str:
    """7 a.m., 12:30 p.m., noon, midnight."""
    if local.minute == 0 and local.hour in {0, NOON}:
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % NOON + 1}{minutes} {'p.m.' if local.hour >= NOON else 'a.m.'}"


WORDS = {
    ENGLISH: OpeningWords(
        clock=_twelve_hours,
        own="your time",
        elsewhere="{} time",
        today="today at {}",
        tomorrow="tomorrow at {}",
        weekday="{} at {}",
        date="{} {} {} at {}",
        weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    )
}
