"""The checks that need more than one file: languages, prompts nobody names, and many edits."""

from collections.abc import Collection
from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflows import model
from callflows.checks import check_flow
from callflows.events import Event, Keyed, LeftQueue, MessageTaken, Silence, TransferEnded
from callflows.graph import circles, reached, references, reversed_edges
from callflows.loader import KIND_OF_VERB
from callflows.model import Chosen, Flow, Node, Target
from callflows.problems import ConfigurationProblems, Problem
from callflows.prompts import Catalogue, Prompts
from callflows.wording import (
    ANNOUNCEMENTS,
    FLOW_VALUES,
    OPENING_UNKNOWN,
    POSITION_VALUES,
    RECENT_WAITS_VALUES,
    SERVICE_PROMPTS,
    TECHNICIAN_PROMPTS,
    flow_value,
)
from routing.policy import Switches
from routing.rulings import CLOSED_TICKET, LAPSED, NOTHING_KEYED, UNKNOWN_TICKET
from routing.rulings import announcements as announced
from routing.tickets import Found
from tests.builders import TOLL_FREE, a_line, a_ticket
from tests.callflows.conversation import ENGLISH, SUPPORT, TICKET, Conversation

QUEUES = {"business", "escalation"}


def sentences(
    catalogues: Collection[Catalogue] = (ENGLISH,),
    languages: Collection[str] = ("en",),
    flow: Flow = SUPPORT,
) -> list[str]:
    prompts = Prompts({catalogue.language: catalogue for catalogue in catalogues})
    return [str(problem) for problem in check_flow(flow, prompts, languages, QUEUES)]


def without(*names: str) -> Catalogue:
    texts = {name: text for name, text in ENGLISH.texts.items() if name not in names}
    return replace(ENGLISH, texts=texts)


def test_a_language_without_prompts_is_told_once() -> None:
    assert sentences(languages=["en", "nl"]) == [
        "callflows/flows/support.yaml:1: There are no prompts in the language nl."
    ]


def test_a_prompt_that_is_not_translated_is_told_where_the_flow_needs_it() -> None:
    dutch = replace(without("closed", *TECHNICIAN_PROMPTS), language="nl", file="nl.yaml")

    (problem,) = sentences([ENGLISH, dutch], ["en", "nl"])

    file, line, sentence = problem.split(":", 2)
    assert SUPPORT.lines["nodes", "closed", "say", 0] == int(line)
    assert file == SUPPORT.file
    assert sentence.strip().startswith("The prompt closed is missing in the language nl.")


LAST_ANNOUNCE = SUPPORT.lines["nodes", "notes_before_message"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        *((name, 1) for name in (*SERVICE_PROMPTS, *TECHNICIAN_PROMPTS, OPENING_UNKNOWN)),
        *((name, LAST_ANNOUNCE) for name in ANNOUNCEMENTS),
    ],
)
def test_a_prompt_that_no_flow_names_is_needed_all_the_same(name: str, line: int) -> None:
    (problem,) = sentences([without(name)])

    missing = f"The prompt {name} is missing in the language en."
    assert problem.startswith(f"{SUPPORT.file}:{line}: {missing}")


def test_technicians_are_spoken_to_in_english_whatever_callers_speak() -> None:
    dutch = replace(ENGLISH, language="nl")

    assert sentences([dutch], ["nl"]) == []
    assert len(sentences([dutch, without("whisper")], ["nl"])) == 1


WORDY = [
    # prompt            text                        what is said
    ("whisper_gone", "{name}", "{name}, for which nothing is known there."),
    ("opening_unknown", "{opening}", "{opening}, for which nothing is known there."),
    ("closed", "{openning}", "{openning}, for which nothing is known there. Did you mean opening?"),
    ("hold_menu", "{position}", "{position}, for which nothing is known there."),
    ("position", "{minutes}", "{minutes}, for which nothing is known there."),
    ("recent_waits", "{position}", "{position}, for which nothing is known there."),
    ("while_you_wait", "{minutes}", "{minutes}, for which nothing is known there."),
    ("escalate_menu", "{position}", "{position}, for which nothing is known there."),
    ("note_for_management", "{caller}", "{caller}, for which nothing is known there."),
    ("throttled", "{ticket}", "{ticket}, for which nothing is known there."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), WORDY)
def test_a_prompt_may_say_only_what_is_known(name: str, text: str, said: str) -> None:
    wordy = replace(ENGLISH, texts={**ENGLISH.texts, name: text})

    (problem,) = sentences([wordy])

    assert problem == f"callflows/prompts/en.yaml:{ENGLISH.lines[name]}: {name} says {said}"


def test_the_position_is_known_only_where_it_is_said() -> None:
    nodes = {**SUPPORT.nodes, "welcome": model.Say((model.Prompt("position"),), Target("entrance"))}

    (problem,) = sentences(flow=replace(SUPPORT, nodes=nodes))

    assert "position says {position}, for which nothing is known there." in problem


def test_whatever_a_prompt_may_say_is_known_in_every_call() -> None:
    call = Conversation()

    for name in FLOW_VALUES:
        assert isinstance(flow_value(name, call.session, call.world), str)
    assert {"position"} == POSITION_VALUES - FLOW_VALUES
    assert {"minutes"} == RECENT_WAITS_VALUES - FLOW_VALUES


def test_every_announcement_of_the_policy_has_its_prompt() -> None:
    desks = [Found(a_ticket(status=status)) for status in ("hold", "solved")]
    lapsed = Found(a_ticket(entitlement="lapsed"))
    report = Switches().with_setting("entitlement", "report")
    names = {
        *(name for desk in desks for name in announced(desk, CLOSED_TICKET, Switches())),
        *announced(lapsed, LAPSED, report),
        *UNKNOWN_TICKET.announce,
        *NOTHING_KEYED.announce,
    }

    assert {f"announce_{name}" for name in names} | {"announce_not_verified"} == {*ANNOUNCEMENTS}


def test_other_media_may_be_known() -> None:
    prompts = Prompts({"en": ENGLISH})

    problems = check_flow(SUPPORT, prompts, {"en"}, QUEUES, media={"jingle"})

    assert [problem.sentence for problem in problems] == [
        "queue names the medium hold_music, which does not exist.",
        "management names the medium hold_music, which does not exist.",
    ]


def test_problems_are_told_once_and_in_order_of_file_and_line() -> None:
    late, early = Problem("a.yaml", 9, "Late."), Problem("a.yaml", 2, "Early.")

    refused = ConfigurationProblems([late, early, Problem("b.yaml", 1, "Other.")])

    assert str(refused) == "a.yaml:2: Early.\na.yaml:9: Late.\nb.yaml:1: Other."


def test_circles_apart_from_each_other_are_found_in_one_go() -> None:
    edges = {"a": "b", "b": "ax", "c": "dax", "d": "c", "e": "e", "f": "ga", "g": "", "x": ""}

    found = [set(circle) for circle in circles(edges)]

    assert found == [{"a", "b"}, {"c", "d"}, {"e"}]


def test_what_leads_to_something_is_what_it_is_reached_from_backwards() -> None:
    edges = {"a": ["b", "c"], "b": ["c"], "c": []}

    assert reached(edges, ["b"]) == {"b", "c"}
    assert reached(reversed_edges(edges), ["c"]) == {"a", "b", "c"}


def test_every_kind_of_node_has_its_verb_and_is_in_the_first_edition() -> None:
    assert {type(node) for node in SUPPORT.nodes.values()} == set(get_args(Node))
    assert [fields(kind)[0].name for kind in KIND_OF_VERB.values()] == list(KIND_OF_VERB)


# Edits of a good flow. Each is refused, or the flow it makes can be played whatever callers do.

TARGETS = [
    (name, reference.path)
    for name, node in SUPPORT.nodes.items()
    for reference in references(node)
    if reference.kind in (Target, Chosen)
]
EVENTS: list[Event] = [
    Silence(), Keyed("1"), Keyed("4"), Keyed("99"), Keyed(TICKET), LeftQueue("overflow"),
    LeftQueue("error"), MessageTaken(0), MessageTaken(9), TransferEnded(answered=False),
]  # fmt: skip


def edited(name: str, path: tuple[str | int, ...], target: str) -> Flow:
    """The first edition, with one target of one node changed."""
    content = dict(vars(SUPPORT.nodes[name]))
    key, *within = path
    content[str(key)] = {**content[str(key)], within[0]: target} if within else target
    remade = type(SUPPORT.nodes[name])(**content)
    return replace(SUPPORT, nodes={**SUPPORT.nodes, name: remade})


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(TARGETS), st.sampled_from([*SUPPORT.nodes, "nowhere"]), st.data())
def test_an_edited_flow_is_refused_or_can_be_played(
    place: tuple[str, tuple[str | int, ...]], target: str, data: st.DataObject
) -> None:
    flow = edited(*place, target)
    if sentences(flow=flow):
        return
    line = a_line(TOLL_FREE, other_options={"1": "+14155550100"})
    call = Conversation(line, flow=flow)
    for _ in range(20):
        call.happens(data.draw(st.sampled_from(EVENTS)))

    silent = Conversation(line, flow=flow)
    while silent.turn.ending is None:
        silent.happens(_nothing_done(silent))


def _nothing_done(call: Conversation) -> Event:
    """What happens to a caller who does nothing, wherever the call waits."""
    match call.flow.nodes[call.session.node]:
        case model.Enqueue():
            return LeftQueue("overflow")
        case model.TakeMessage():
            return MessageTaken(0)
        case model.Transfer():
            return TransferEnded(answered=False)
    return Silence()
