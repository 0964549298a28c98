"""Transcripts: a call as a page of text that is also a test.

    at   2026-03-07T08:00:00+00:00
    desk 100200 severity=2 zone=America/New_York
    tech ann +12125550101
    > dials +18779260001
    < Thank you for calling technical support.
    > presses 100200#
    ann> answers
    ann< Severity 1. …
    = disposition connected

`>` is what somebody does and `<` what they hear; another telephone's lines begin with its name.
What is done is played; what is heard, and the facts behind `=`, are written by the program.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ivr.carrier.exchange import Exchange
from ivr.carrier.phones import Phone

CALLER = "caller"
LINE = re.compile(r"(?P<who>[a-z]*)(?P<mark>[><=])\s?(?P<text>.*)")
SETTING = re.compile(r"(?P<word>at|desk|tech|duty|phone|line|event)\s+(?P<rest>.+)")
# How long to listen for more before the next thing is done.
PATIENCE_SECONDS = 12.0
LOOK_SECONDS = 0.25
SETTLED_SECONDS = 1.0

Facts = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Action:
    """Somebody does something: dials, presses, says, answers, rejects, hangs up, or waits."""

    who: str
    verb: str
    words: str


@dataclass(frozen=True)
class Transcript:
    """The settings at the top, word by word, and what is done, in order."""

    settings: tuple[tuple[str, str], ...]
    actions: tuple[Action, ...]


def parse(text: str) -> Transcript:
    """Read a transcript; raises ValueError with the line that cannot be read."""
    settings, actions = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        setting, said = SETTING.fullmatch(line), LINE.fullmatch(line)
        if setting:
            settings.append((setting["word"], setting["rest"].strip()))
        elif said is None:
            raise ValueError(f"line {number} is no line of a transcript: {line!r}")
        elif said["mark"] == ">":
            verb, _, words = said["text"].strip().partition(" ")
            actions.append(Action(said["who"] or CALLER, verb, words.strip()))
    return Transcript(tuple(settings), tuple(actions))


def play(transcript: Transcript, exchange: Exchange, phones: dict[str, Phone], facts: Facts) -> str:
    """Do what is done on these phones, and write the whole page afresh."""
    lines = [f"{word:<4} {rest}" for word, rest in transcript.settings]
    heard = dict.fromkeys(phones, 0)
    for action in transcript.actions:
        prefix = "" if action.who == CALLER else action.who
        lines.append(f"{prefix}> {action.verb} {action.words}".rstrip())
        _do(action, exchange, phones[action.who])
        _listen(exchange, phones.values())
        lines += _heard_since(phones, heard)
    return "\n".join([*lines, *(f"= {fact}" for fact in facts())]) + "\n"


def transcript_of(events: Iterable[dict[str, object]]) -> str:
    """A telephone's own events as a transcript, to be saved and replayed."""
    lines: list[str] = []
    for event in events:
        match event["event"]:
            case "dialed":
                lines += [f"at   {event['at']}", f"> dials {event['to']}"]
            case "pressed":
                lines.append(f"> presses {event['keys']}")
            case "spoke":
                lines.append(f"> says {event['text']}")
            case "hung_up":
                lines.append("> hangs up")
            case "heard":
                lines.append(f"< {event['text']}")
            case _:
                pass
    return "\n".join(lines) + "\n"


def _do(action: Action, exchange: Exchange, phone: Phone) -> None:
    match action.verb:
        case "dials":
            phone.dial(action.words.replace(" ", ""))
        case "presses":
            phone.press(action.words)
        case "says":
            phone.speak(action.words)
        case "answers":
            phone.rings(60).answer()
        case "rejects":
            phone.rings(60).reject()
        case "hangs":
            phone.hang_up()
        case "waits":
            exchange.run_for(float(action.words.removesuffix("s")))
        case _:
            raise ValueError(f"nobody can do this: {action.verb!r}")


def _listen(exchange: Exchange, phones: Iterable[Phone]) -> None:
    """Let time run until somebody is expected to act, or nobody has heard a word for a while."""
    everybody = list(phones)
    quiet = 0.0
    while quiet < PATIENCE_SECONDS:
        before = sum(len(phone.heard) for phone in everybody)
        exchange.run_for(LOOK_SECONDS)
        news = sum(len(phone.heard) for phone in everybody) != before
        quiet = 0.0 if news else quiet + LOOK_SECONDS
        if quiet >= SETTLED_SECONDS and any(_is_awaited(phone) for phone in everybody):
            return


def _is_awaited(phone: Phone) -> bool:
    return phone.ringing or (phone.leg is not None and phone.is_expected_to_act)


def _heard_since(phones: dict[str, Phone], heard: dict[str, int]) -> list[str]:
    lines = []
    for name, phone in phones.items():
        prefix = "" if name == CALLER else name
        lines += [f"{prefix}< {text}" for text in phone.heard[heard[name] :]]
        heard[name] = len(phone.heard)
    return lines
