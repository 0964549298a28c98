"""Checks of the wording: every prompt is there, in every language, and says only what is known."""

from collections.abc import Collection, Iterator, Mapping

from callflows.graph import references
from callflows.model import Announce, Enqueue, Flow, Node, Prompt
from callflows.problems import Problem, nearest
from callflows.prompts import ENGLISH, Prompts, placeholders
from callflows.strict_yaml import line_of
from callflows.wording import (
    ANNOUNCEMENTS,
    FLOW_VALUES,
    OPENING_UNKNOWN,
    POSITION_VALUES,
    RECENT_WAITS_VALUES,
    SERVICE_PROMPTS,
    TECHNICIAN_PROMPTS,
)

# A prompt that is needed: where it is named, and what it may say.
Use = tuple[int, frozenset[str]]

_WITH_VALUES_OF_ITS_OWN: Mapping[tuple[type[Node], tuple[str | int, ...]], frozenset[str]] = {
    (Enqueue, ("position",)): POSITION_VALUES,
    (Enqueue, ("recent_waits",)): RECENT_WAITS_VALUES,
}


def check_wording(flow: Flow, prompts: Prompts, languages: Collection[str]) -> Iterator[Problem]:
    """What callers of this flow could hear wrongly, or not at all, in these languages."""
    uses = _uses(flow)
    for language in sorted(languages):
        if language not in prompts.catalogues:
            yield Problem(flow.file, 1, f"There are no prompts in the language {language}.")
            continue
        for name, use in uses.items():
            yield from _wrong(flow, prompts, language, name, use)
    if ENGLISH in prompts.catalogues:
        for name, known in TECHNICIAN_PROMPTS.items():
            yield from _wrong(flow, prompts, ENGLISH, name, (1, known))


def _uses(flow: Flow) -> Mapping[str, Use]:
    """Every prompt a caller may hear: those the nodes name, and those that are said besides."""
    uses: dict[str, Use] = {name: (1, known) for name, known in SERVICE_PROMPTS.items()}
    uses[OPENING_UNKNOWN] = (1, frozenset())
    for node_name, node in flow.nodes.items():
        here = line_of(flow.lines, ("nodes", node_name))
        if isinstance(node, Announce):
            uses |= dict.fromkeys(ANNOUNCEMENTS, (here, FLOW_VALUES))
        for reference in references(node):
            if reference.kind is Prompt:
                line = line_of(flow.lines, ("nodes", node_name, *reference.path))
                known = _WITH_VALUES_OF_ITS_OWN.get((type(node), reference.path), FLOW_VALUES)
                _, elsewhere = uses.get(reference.name, (line, known))
                uses[reference.name] = (line, known & elsewhere)
    return uses


def _wrong(flow: Flow, prompts: Prompts, language: str, name: str, use: Use) -> Iterator[Problem]:
    line, known = use
    catalogue = prompts.catalogues[language]
    if name not in catalogue.texts:
        hint = nearest(name, catalogue.texts)
        sentence = f"The prompt {name} is missing in the language {language}.{hint}"
        yield Problem(flow.file, line, sentence)
        return
    for placeholder in sorted(placeholders(catalogue.texts[name]) - known):
        sentence = f"{name} says {{{placeholder}}}, for which nothing is known there."
        sentence += nearest(placeholder, known)
        yield Problem(catalogue.file, catalogue.lines.get(name, 1), sentence)
