"""Kinds of attribute values, each with the code Twilio gives for a wrong one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

SCHEMA = 12200
_BAD_URL = 11100
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|[0-9]{3}))?(-[A-Za-z]+)?")
_VOICE = re.compile(
    r"man|woman|alice|Polly\.[A-Z][A-Za-z]+(-(Neural|Generative))?|Google\.[a-z]{2,3}-[A-Za-z0-9-]+"
)
_MOST = 10**9


@dataclass(frozen=True)
class Kind:
    """What a value must be: the question, the sentence for those who get it wrong, the code."""

    holds: Callable[[str], bool]
    sentence: str
    code: int = SCHEMA


def whole(low: int, high: int = _MOST, code: int = SCHEMA, also: str = "") -> Kind:
    """A whole number, or the word `also`."""
    limits = f"from {low} to {high}" if high < _MOST else f"of {low} or more"

    def holds(value: str) -> bool:
        return (bool(also) and value == also) or (
            value.isascii() and value.isdigit() and low <= int(value) <= high
        )

    return Kind(holds, f"a whole number {limits}" + (f", or {also}" if also else ""), code)


def one_of(*words: str, code: int = SCHEMA) -> Kind:
    return Kind(lambda value: value in words, " or ".join(words), code)


def several_of(*words: str, code: int = SCHEMA) -> Kind:
    return Kind(
        lambda value: set(value.split(" ")) <= set(words), "some of " + " ".join(words), code
    )


def flag(code: int = SCHEMA) -> Kind:
    return one_of("true", "false", code=code)


def method(code: int = SCHEMA) -> Kind:
    return one_of("GET", "POST", code=code)


def matching(pattern: str, sentence: str, code: int = SCHEMA) -> Kind:
    expression = re.compile(pattern)
    return Kind(lambda value: expression.fullmatch(value) is not None, sentence, code)


def text(longest: int = _MOST, code: int = SCHEMA) -> Kind:
    return Kind(lambda value: len(value) <= longest, f"at most {longest} characters", code)


def url(code: int = _BAD_URL, empty: bool = False) -> Kind:
    """An http(s) URL, absolute or relative; `empty` when "" has a meaning."""
    return Kind(lambda value: (empty and not value) or is_url(value), "a URL", code)


def voice(code: int) -> Kind:
    return Kind(lambda value: _VOICE.fullmatch(value) is not None, "a voice of Twilio's list", code)


def language(code: int = SCHEMA) -> Kind:
    return Kind(
        lambda value: _LANGUAGE.fullmatch(value) is not None, "a language such as en-US", code
    )


def is_url(value: str) -> bool:
    """Could Twilio request this, once it is resolved against the document's own address?"""
    if not value or any(character.isspace() for character in value):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return parts.scheme in {"http", "https"} and bool(host) and "_" not in host
    return True


def is_absolute(value: str) -> bool:
    return is_url(value) and bool(urlsplit(value).scheme)
