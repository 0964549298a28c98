"""Loads a configuration from its texts: every mistake of every file at once, or the values."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from callflows.checks import check_flow
from callflows.loader import load_flow, load_prompts
from callflows.model import Flow
from callflows.problems import ConfigurationProblems, Problem
from callflows.prompts import ENGLISH, Catalogue, Prompts
from callflows.strict_yaml import Document, read
from callflows.wording import SERVICE_PROMPTS, TECHNICIAN_PROMPTS
from ivr.configuration import build, on_call
from ivr.configuration.directory import LINE_FILE, PACKAGED_CALLFLOWS
from ivr.configuration.mistakes import line_mistakes, shape_mistakes
from ivr.configuration.model import Configuration, Distribution, Files
from ivr.configuration.places import EACH, KEY, Mistake, select
from ivr.configuration.schema import LineFile

Loaded = TypeVar("Loaded")

_FLOW_FILE = re.compile(r"callflows/flows/([a-z0-9][a-z0-9_-]*)\.yaml", re.ASCII)
_PROMPTS_FILE = re.compile(r"callflows/prompts/([a-z]{2,3}(?:-[A-Z]{2})?)\.yaml", re.ASCII)


def load_configuration(files: Files) -> Configuration:
    """The configuration these texts describe.

    Raises ConfigurationProblems with every mistake of every file: its place and what to do.
    """
    parts = _read_parts(files)
    parts.problems += _misplaced_files(files)
    if parts.document is not None:
        flows, languages = _named(files, _FLOW_FILE), _named(files, _PROMPTS_FILE)
        mistakes = line_mistakes(parts.document.value, flows, languages)
        parts.problems += _as_problems(parts.document, mistakes)
        if len(parts.catalogues) == len(languages):
            parts.problems += _problems_of_flows(parts.document.value, parts)
    return _built(files, parts)


def load_published(files: Files) -> Configuration:
    """The same for texts that were proven when they were published.

    Asks only what it needs to serve callers, so that neither a check added since nor a change
    in the world's telephone numbers and holidays can take the line out of service. A sentence
    that only this release says is taken from its own catalogue.
    """
    parts = _read_parts(files)
    parts.catalogues = _with_sentences_of_this_release(parts.catalogues)
    if parts.document is not None:
        parts.problems += _as_problems(parts.document, shape_mistakes(parts.document.value))
    return _built(files, parts)


def _with_sentences_of_this_release(catalogues: Mapping[str, Catalogue]) -> dict[str, Catalogue]:
    """What the service itself says, added where a revision of an older release lacks it."""
    own = catalogues.get(ENGLISH, Catalogue(ENGLISH, {}))
    return {**catalogues, ENGLISH: replace(own, texts={**_shipped_sentences(), **own.texts})}


@cache
def _shipped_sentences() -> Mapping[str, str]:
    path = PACKAGED_CALLFLOWS / "prompts" / f"{ENGLISH}.yaml"
    texts = load_prompts(path.read_text(encoding="utf-8"), path.name).texts
    return {name: texts[name] for name in (*SERVICE_PROMPTS, *TECHNICIAN_PROMPTS)}


def digest_of(files: Files) -> str:
    """The SHA-256 that names a configuration: the same texts, the same digest."""
    canonical = json.dumps(dict(sorted(files.items())), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass
class _Parts:
    """What of the files can be read, and what is wrong with them."""

    document: Document | None
    flows: Mapping[str, Flow]
    catalogues: Mapping[str, Catalogue]
    problems: list[Problem]


def _read_parts(files: Files) -> _Parts:
    problems: list[Problem] = []
    return _Parts(
        document=_attempt(problems, read, files.get(LINE_FILE, ""), LINE_FILE),
        flows=_each(files, _FLOW_FILE, load_flow, problems),
        catalogues=_each(files, _PROMPTS_FILE, load_prompts, problems),
        problems=problems,
    )


def _misplaced_files(files: Files) -> list[Problem]:
    known = {LINE_FILE, *_named(files, _FLOW_FILE).values(), *_named(files, _PROMPTS_FILE).values()}
    sentence = (
        f"This file has no place in a configuration; it is made of {LINE_FILE}, "
        "callflows/flows/NAME.yaml and callflows/prompts/LANGUAGE.yaml."
    )
    return [Problem(file, 1, sentence) for file in files if file not in known]


def _named(files: Files, pattern: re.Pattern[str]) -> dict[str, str]:
    """The files of one kind, by the name that flows or languages are called by."""
    return {match[1]: file for file in sorted(files) if (match := pattern.fullmatch(file))}


def _each(
    files: Files,
    pattern: re.Pattern[str],
    load: Callable[[str, str], Loaded],
    problems: list[Problem],
) -> dict[str, Loaded]:
    """All files of one kind that load; what is wrong with the others joins `problems`."""
    loaded = {}
    for name, file in _named(files, pattern).items():
        value = _attempt(problems, load, files[file], file)
        if value is not None:
            loaded[name] = value
    return loaded


def _attempt(
    problems: list[Problem], load: Callable[[str, str], Loaded], text: str, file: str
) -> Loaded | None:
    try:
        return load(text, file)
    except ConfigurationProblems as refused:
        problems += refused.problems
        return None


def _problems_of_flows(line: Any, parts: _Parts) -> Iterator[Problem]:
    """Every flow is proven, in every language that a number or a region speaks."""
    spoken = [
        *select(line, "regions", EACH, "language"),
        *select(line, "numbers", EACH, "languages", EACH),
    ]
    languages = parts.catalogues.keys() & {str(language) for _, language in spoken}
    queues = {queue for _, queue in select(line, "queues", KEY)}
    for flow in parts.flows.values():
        yield from check_flow(flow, Prompts(parts.catalogues), languages, queues)


def _as_problems(document: Document, mistakes: Iterable[Mistake]) -> list[Problem]:
    return [Problem(document.file, document.line_of(path), text) for path, text in mistakes]


def _built(files: Files, parts: _Parts) -> Configuration:
    if parts.problems or parts.document is None:
        raise ConfigurationProblems(parts.problems)
    line = LineFile.model_validate(parts.document.value)
    regions = build.regions(line)
    lines = build.lines(line, regions)
    return Configuration(
        files=dict(files),
        digest=digest_of(files),
        lines=lines,
        default_line=build.default_line(line, lines),
        regions=regions,
        products=line.products,
        plan=build.queue_plan(line),
        matching=build.matching_rules(line),
        flow=parts.flows[line.flow],
        prompts=Prompts(parts.catalogues),
        flow_limits=build.flow_limits(line),
        timers=build.timers(line),
        throttle=build.throttle(line),
        voicemail=build.voicemail(line),
        conversation_recording=build.conversation_recording(line),
        transfers=build.transfers(line),
        voices=line.voices,
        help_desks={name: part.help_desk.written for name, part in line.regions.items()},
        holidays=build.holidays(line),
        dial_countries=tuple(line.dial_policy.countries),
        dial_limits=build.dial_limits(line),
        callbacks=build.callbacks(line),
        mail_sender=line.mail.sender,
        technician_line=line.technician_line,
        break_reasons=tuple(line.break_reasons),
        max_tickets_per_call=line.limits.max_tickets_per_call,
        distribution=Distribution(line.distributor, line.taskrouter.workspace),
        on_call=on_call.rotas(line.on_call),
    )
