"""Kinds of values in line.yaml.

Each refusal is a sentence, or the end of one that begins with the place.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import pytz
from pydantic import AfterValidator, BeforeValidator, Field

from ivr.dial_policy import E164
from routing.calendars import check_zone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
_VOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", re.ASCII)
_KEY = re.compile(r"[0-9]", re.ASCII)


def _matching(pattern: re.Pattern[str], sentence_end: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(sentence_end)
        return text

    return AfterValidator(check)


def _spoken(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be a few words on one line, not empty")
    return text


def _zone(name: str) -> str:
    check_zone(name)
    return name


def _country(code: str) -> str:
    if code not in pytz.country_names:
        hint = "; the United Kingdom is GB" if code == "UK" else ""
        raise ValueError(f"must be a country in two capital letters, like IE or US{hint}")
    return code


def _clock(value: Any) -> time:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError(f'must be a time of day in quotes, "00:00" to "23:59", not {value!r}')
    return time.fromisoformat(value)


def _closing_clock(value: Any) -> time:
    return time(0, 0) if value == "24:00" else _clock(value)


def _weekday(value: Any) -> int:
    if value not in WEEKDAYS:
        raise ValueError(f"must be a day of the week, monday to sunday, not {value!r}")
    return WEEKDAYS.index(value)


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == len("2026-12-24"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f'must be a date like "2026-12-24", not {value!r}')


def _moment(value: Any) -> datetime | None:
    return None if none_or_settings(value) is None else _instant(value, ", or none")


def _instant(value: Any, otherwise: str = "") -> datetime:
    example = '"2026-12-24T18:00:00+01:00"'
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"must be a date and time in quotes like {example}{otherwise}") from wrong
    if moment.tzinfo is None:
        raise ValueError(f"must say its distance from UTC, as the end of {example} does")
    return moment.astimezone(UTC)


def _seconds_or_never(value: Any) -> int | None:
    if value == "never":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"must be a whole number of seconds, 0 or more, or never, not {value!r}")
    return value


def _distinct(values: Any) -> Any:
    if isinstance(values, list):
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            raise ValueError(f"has {twice} twice; keep one of them")
    return values


def none_or_settings(value: Any) -> Any:
    """For what may be absent: the word none, never an empty place that may be an oversight."""
    if value == "none":
        return None
    if value is None:
        raise ValueError("is empty; write none, or fill it in")
    return value


Name = Annotated[
    str, _matching(_NAME, "must be a short name of small letters, digits and dashes, like ireland")
]
Language = Annotated[str, _matching(_LANGUAGE, "must be a language code like en or nl")]
Voice = Annotated[str, _matching(_VOICE, "must be a voice of the carrier, like Polly.Joanna")]
MenuKey = Annotated[str, _matching(_KEY, 'must be one key of a telephone in quotes, "0" to "9"')]
Email = Annotated[str, _matching(_EMAIL, "must be one e-mail address like support@example.com")]
Spoken = Annotated[str, AfterValidator(_spoken)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]
Number = Annotated[
    str,
    _matching(
        E164,
        'must be a telephone number written in full, like "+35315262938" '
        "(plus, country code, digits, no spaces and no zero in brackets)",
    ),
]
Clock = Annotated[time, BeforeValidator(_clock)]
ClosingClock = Annotated[time, BeforeValidator(_closing_clock)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Seconds = Annotated[int, Field(ge=0, le=14_400)]
SecondsOrNever = Annotated[int | None, BeforeValidator(_seconds_or_never)]
Severity = Annotated[int, Field(ge=1, le=4)]
OnlyOnce = BeforeValidator(_distinct)
