"""Prompts: what is said, in which language, and when we are open again."""

import sys
import unicodedata
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.loader import load_prompts
from callflows.plain import plain
from callflows.problems import ConfigurationProblems
from callflows.prompts import Catalogue, MissingPrompt, Prompts, say_digits, say_opening
from tests.builders import at
from tests.callflows.conversation import ENGLISH

BOTH = Prompts(
    {
        "en": Catalogue("en", {"hello": "Hello {name}.", "bye": "Goodbye."}),
        "nl": Catalogue("nl", {"hello": "Dag {name}."}),
    }
)


def test_a_prompt_is_said_in_the_language_asked_for_or_else_in_english() -> None:
    assert BOTH.text("nl", "hello", name="Ann") == "Dag Ann."
    assert BOTH.text("nl", "bye") == "Goodbye."
    assert BOTH.text("fr", "bye") == "Goodbye."
    assert (BOTH.language_of("nl", "hello"), BOTH.language_of("nl", "bye")) == ("nl", "en")


def test_a_prompt_that_does_not_exist_is_an_error_with_a_sentence() -> None:
    with pytest.raises(KeyError) as missing:
        BOTH.text("nl", "help")

    assert str(missing.value) == "There is no prompt help in nl, nor in English."


def test_a_placeholder_nobody_knows_is_an_error_with_a_sentence() -> None:
    with pytest.raises(MissingPrompt) as missing:
        BOTH.text("en", "hello")

    assert str(missing.value) == "Nothing is known to say for {name} in hello."


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert BOTH.text("en", "hello", name="{bye} {0.__class__}") == "Hello {bye} {0.__class__}."


def test_a_number_is_said_digit_by_digit() -> None:
    assert say_digits("100200") == "1 0 0 2 0 0"
    assert say_digits("") == ""


OPENINGS = [
    # opens                  now                     said
    ("Mon 2026-03-09 07:00", "Mon 2026-03-09 03:00", "today at 7 a.m."),
    ("Mon 2026-03-09 07:00", "Sun 2026-03-08 12:00", "tomorrow at 7 a.m."),
    ("Mon 2026-03-09 07:00", "Fri 2026-03-06 19:00", "Monday at 7 a.m."),
    ("Mon 2026-03-09 07:00", "Tue 2026-03-03 00:00", "Monday at 7 a.m."),
    ("Mon 2026-03-09 07:00", "Mon 2026-03-02 23:59", "Monday 9 March at 7 a.m."),
    ("Mon 2026-01-05 07:00", "Wed 2025-12-24 12:00", "Monday 5 January at 7 a.m."),
    ("Mon 2026-03-09 07:00", "Mon 2026-03-09 07:01", "today at 7 a.m."),  # missed by a minute
    ("Mon 2026-03-09 12:00", "Mon 2026-03-09 07:00", "today at noon"),
    ("Mon 2026-03-09 12:30", "Mon 2026-03-09 07:00", "today at 12:30 p.m."),
    ("Mon 2026-03-09 00:00", "Sun 2026-03-08 07:00", "tomorrow at midnight"),
    ("Mon 2026-03-09 00:05", "Sun 2026-03-08 07:00", "tomorrow at 12:05 a.m."),
    ("Mon 2026-03-09 19:00", "Mon 2026-03-09 07:00", "today at 7 p.m."),
]


@pytest.mark.parametrize(("opens", "now", "said"), OPENINGS)
def test_an_opening_is_said_as_people_say_it(opens: str, now: str, said: str) -> None:
    moments = [at(f"{wall_clock} Europe/Dublin") for wall_clock in (opens, now)]

    assert say_opening(moments[0], "Europe/Dublin", moments[1]) == f"{said} your time"


def test_an_opening_is_said_on_the_clock_of_its_zone_and_days_are_counted_there() -> None:
    opens = at("Tue 2026-03-10 07:00 Pacific/Auckland")
    now = at("Mon 2026-03-09 10:00 UTC")

    assert say_opening(opens, "Pacific/Auckland", now) == "tomorrow at 7 a.m. your time"
    assert say_opening(opens, "UTC", now) == "today at 6 p.m. your time"


def test_a_clock_that_may_not_be_the_callers_is_said_by_its_place() -> None:
    opens, now = at("Mon 2026-03-09 07:00 UTC"), at("Mon 2026-03-09 01:00 UTC")

    assert say_opening(opens, "UTC", now, place="New York") == "today at 7 a.m. New York time"
    assert say_opening(opens, "UTC", now, "nl") == say_opening(opens, "UTC", now, "en")


PLAIN = [
    # text                   what is left
    ("  two\n\twords ", "two words"),
    ("a\x00b\x1bc", "a b c"),
    ("\ud800half\udfff", "half"),
    ("\ufffe\uffffend", "end"),
    ("cafe\u0301", "caf\u00e9"),
    ("x" * 1_200, "x" * 1_000),
    ("x" * 999 + " y", "x" * 999),
    ("\x85\x9f", ""),
]


@pytest.mark.parametrize(("text", "left"), PLAIN)
def test_only_what_can_be_spoken_is_said(text: str, left: str) -> None:
    assert plain(text) == left


@settings(derandomize=True, deadline=None)
@given(st.text(st.characters()))
def test_any_text_that_is_said_fits_into_a_document(text: str) -> None:
    said = plain(text)

    document = f"<Say>{escape(said)}</Say>".encode()
    assert (ElementTree.fromstring(document).text or "") == said  # noqa: S314
    assert len(said) <= 1_000
    assert not [char for char in said if unicodedata.category(char) in {"Cc", "Cs"}]
    assert plain(said) == said


def test_every_character_there_is_leaves_a_text_that_fits_into_a_document() -> None:
    for first in range(0, sys.maxunicode, 512):
        said = plain("".join(map(chr, range(first, first + 512))))

        document = f"<Say>{escape(said)}</Say>".encode()
        assert (ElementTree.fromstring(document).text or "") == said  # noqa: S314


def prompt_problems(text: str) -> list[str]:
    with pytest.raises(ConfigurationProblems) as refused:
        load_prompts(text, "prompts/nl.yaml")
    return [f"{problem.line}: {problem.sentence}" for problem in refused.value.problems]


def test_a_catalogue_has_the_language_its_file_is_named_by() -> None:
    catalogue = load_prompts("a: Dag.\nb_2: 'Tot {opening}.'\n", "callflows/prompts/nl.yaml")

    assert (catalogue.language, catalogue.file) == ("nl", "callflows/prompts/nl.yaml")
    assert catalogue.texts == {"a": "Dag.", "b_2": "Tot {opening}."}
    assert catalogue.lines == {"a": 1, "b_2": 2}


def test_broken_prompts_are_refused_all_at_once() -> None:
    text = 'a: ""\nb: 7\nc: "{no brace"\nd: "{Upper}"\nE: x\nf: [x]\ng: "   "\nh: "{0}"\n'

    assert prompt_problems(text) == [
        "1: a must not be empty.",
        "2: b must be a text; put it in quotes.",
        "3: c has a brace that is not around a {name}.",
        "4: d has a brace that is not around a {name}.",
        "5: E must be a name, in small letters, digits and _.",
        "6: f must be a text; put it in quotes.",
        "7: g must not be empty.",
        "8: h has a brace that is not around a {name}.",
    ]


def test_no_prompt_promises_how_long_anything_takes() -> None:
    to_callers = [
        text
        for name, text in ENGLISH.texts.items()
        # What others have waited is told, and that is no promise.
        if not name.startswith(("whisper", "staff")) and name != "recent_waits"
    ]

    assert not [text for text in to_callers if "minute" in text.lower() or "soon" in text.lower()]


KEY_PHRASES = {
    # design.md, section 5          and the prompts that say it, but the fallback's and the room's
    "ticket number": {"ask_ticket", "throttled"},
    "could not find": {"could_not_find"},
    "did not hear": {"did_not_hear", "menu_not_heard"},
    "support hours": {"closed"},
    "severity 1": {"weekend"},
    "after the tone": {"leave_message"},
    "connect you": {"connect_you"},
    "help desk": {"help_desk", "announce_helpdesk_url", "throttled", "whisper_not_verified"},
    "press 1 to accept": {"whisper_keys"},
}


@pytest.mark.parametrize("phrase", KEY_PHRASES)
def test_a_key_phrase_is_said_where_it_belongs_and_nowhere_else(phrase: str) -> None:
    said = {
        name
        for name, text in ENGLISH.texts.items()
        if phrase in text.lower() and not name.startswith(("fallback", "room_"))
    }

    assert said == KEY_PHRASES[phrase]
