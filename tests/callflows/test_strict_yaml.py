"""Strict YAML: what is read, what is refused, and with what sentence in which line."""

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.problems import ConfigurationProblems
from callflows.strict_yaml import line_of, read

NO_CHARACTER = "There is a character here that cannot be part of a text."


def value_of(text: str) -> Any:
    return read(text, "line.yaml").value


def refusals(text: str) -> list[str]:
    with pytest.raises(ConfigurationProblems) as refused:
        read(text, "line.yaml")
    return str(refused.value).splitlines()


READ = [
    # text              value
    ("a: 1", {"a": 1}),
    ("a: -17", {"a": -17}),
    ("a: 1.5", {"a": 1.5}),
    ("a: 0", {"a": 0}),
    ("a: true", {"a": True}),
    ("a: False", {"a": False}),
    ("a: ~", {"a": None}),
    ("a:", {"a": None}),
    ("a: null", {"a": None}),
    ("a: 'null'", {"a": "null"}),
    ('a: "18:30"', {"a": "18:30"}),
    ('a: "+441632960000"', {"a": "+441632960000"}),
    ("a: 2026-12-25", {"a": "2026-12-25"}),
    ("a: 07:00-19:00", {"a": "07:00-19:00"}),
    ("a: 1.2.3", {"a": "1.2.3"}),
    ("a: .inf", {"a": ".inf"}),
    ("a: [yes, no, on, off, y]", {"a": ["yes", "no", "on", "off", "y"]}),
    ("no: 1\n'4': 2", {"no": 1, "4": 2}),
    ("a:\n  - b: [1, 2]\n  - c", {"a": [{"b": [1, 2]}, "c"]}),
    ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
    ("a: >\n  one\n  two\n", {"a": "one two\n"}),
    ("{a: {}, b: []}", {"a": {}, "b": []}),
    ("\ufeffa: 1", {"a": 1}),
    ("# a comment\n---\na: 1\n", {"a": 1}),
    ("just words", "just words"),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_what_is_plain_is_read_as_yaml_1_2_has_it(text: str, value: object) -> None:
    assert value_of(text) == value


MISREAD = [
    "18:30", "7:05:30", "190:20:30.15", "+441632960000", "+31 (0) 20 301 08 88", "007", "00", "-01",
    "010.5", "0x1F", "0o17", "0b11", "1_000", "1e3", "1.5E-3", ".5", "5.", "-.5",
    "9" * 19,
]  # fmt: skip


@pytest.mark.parametrize("word", MISREAD)
def test_a_word_that_may_be_read_as_another_number_must_be_quoted(word: str) -> None:
    sentence = f"Put {word} in quotes; without them it may be read as another number."

    assert refusals(f"a: 1\nb: {word}") == [f"line.yaml:2: {sentence}"]
    assert refusals(f"- {word}") == [f"line.yaml:1: {sentence}"]
    assert value_of(f"b: '{word}'") == {"b": word}


REFUSED = [
    # text                      what is said
    ("a: 1\nb: 2\na: 3", ["3: a is here a second time, after line 1."]),
    ("{a: 1, a: 2}", ["1: a is here a second time, after line 1."]),
    ("b: &x 1", ["1: Write it out again; references (& and *) are not used here."]),
    ("b:\n  *x", ["2: Write it out again; references (& and *) are not used here."]),
    ("<<: {a: 1}", ["1: Write it out again; merging (<<) is not used here."]),
    ("a: !!str 3", ["1: Leave out what begins with '!'; types are not chosen here."]),
    ("a: !!python/name:os x", ["1: Leave out what begins with '!'; types are not chosen here."]),
    ("a: !!map {}", ["1: Leave out what begins with '!'; types are not chosen here."]),
    ("4: x", ["1: The key 4 must be a word; put it in quotes."]),
    ("true: x", ["1: The key True must be a word; put it in quotes."]),
    (": x", ["1: The key None must be a word; put it in quotes."]),
    ("? [a]\n: x", ["1: The key ['a'] must be a word; put it in quotes."]),
    ("a: 1\n--- \nb: 2", ["2: A file holds one document; leave out what follows '---'."]),
    ("%YAML 1.1\n---\na: 1", ["1: Leave out the lines that begin with a percent sign."]),
    ("%TAG ! x:\n---\na: 1", ["1: Leave out the lines that begin with a percent sign."]),
    ("", ["1: The file is empty."]),
    ("# nothing", ["1: The file is empty."]),
    ("a:\n\tb: 1", ["2: This is not YAML: found character '\\t' that cannot start any token."]),
    ("a: [1", ["1: This is not YAML: expected ',' or ']', but got '<stream end>'."]),
    ("a: 1\nb: c: d", ["2: This is not YAML: mapping values are not allowed here."]),
    ("a: 1\nb: \x00", [f"2: {NO_CHARACTER}"]),
    ("\n\x00", [f"2: {NO_CHARACTER}"]),
    ('a: "\\0"', [f"1: {NO_CHARACTER}"]),
    ('a: "\\ud800"', [f"1: {NO_CHARACTER}"]),
    ('a: 1\nb: "\\UFFFFFFFF"', ["2: Soon after this comes an escape (\\) that is no character."]),
    ('a: "\\U00110000"', ["1: Soon after this comes an escape (\\) that is no character."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_a_trap_is_refused_with_its_line_and_a_sentence(text: str, said: list[str]) -> None:
    assert refusals(text) == [f"line.yaml:{sentence}" for sentence in said]


def test_all_mistakes_are_told_at_once_and_in_order() -> None:
    text = "a: 18:30\nb: +44 20\na: &x 1\nc: *x\nd:\n  - 007\n  - {4: 5}\ne: ["

    lines = [int(problem.split(":")[1]) for problem in refusals(text)]
    assert lines == [1, 2, 3, 3, 4, 6, 7, 8]


def test_a_line_is_known_for_every_key_and_item() -> None:
    document = read("a:\n  b: 1\n  c:\n    - x\n    - y: 2\n", "line.yaml")

    assert document.line_of(("a", "b")) == 2
    assert document.line_of(("a", "c", 1, "y")) == 5
    assert document.line_of(("a", "c", 0)) == 4
    assert document.line_of(("a", "missing", "deeper")) == 1
    assert document.line_of(("nowhere",)) == 1
    assert line_of({}, ("a", "b")) == 1


BOMBS = [
    ("[" * 100_000, "1: This is nested more than 20 deep."),
    ("[\n" * 100_000, "21: This is nested more than 20 deep."),
    ("{a: " * 50_000, "1: This is nested more than 20 deep."),
    ("- " * 1_100 + "x", "1: This is nested more than 20 deep."),
    ("? " * 1_000, "1: This is nested more than 20 deep."),
    ("x" * 262_145, "1: Over 256 kB is too large."),
    ("é" * 131_073, "1: Over 256 kB is too large."),
]


@pytest.mark.parametrize(("text", "said"), BOMBS, ids=lambda value: value[:12])
def test_a_text_made_to_exhaust_us_is_refused_at_once(text: str, said: str) -> None:
    began = time.process_time()

    assert refusals(text) == [f"line.yaml:{said}"]
    assert time.process_time() - began < 1


def test_aliases_do_not_multiply() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 15)]

    assert len(refusals("\n".join(["l0: &l0 lol", *levels]))) == 1 + 14 * 10


def test_just_as_much_as_is_allowed_is_read() -> None:
    assert value_of("x" * 262_144) == "x" * 262_144


def test_twenty_levels_are_deep_enough() -> None:
    assert value_of("[" * 20 + "]" * 20)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=200) | st.text("ab:-[]{}\"'\\&*!%|>?#,~0189+. \n\t", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ConfigurationProblems):
        read(text, "line.yaml")
