"""What makes a wait bearable: what others waited, and messages, between music and menu."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from callflows import model
from callflows.events import HoldKey, HoldTick
from callflows.interpreter import FlowLimits
from callflows.model import Flow, Prompt
from callflows.verbs import Hold
from tests.callflows.conversation import SUPPORT, TICKET, Conversation

LIMITS = FlowLimits(hold_menu_seconds=60)


def with_messages(*prompts: str) -> Flow:
    queue = SUPPORT.nodes["queue"]
    assert isinstance(queue, model.Enqueue)
    changed = replace(queue, messages=tuple(Prompt(prompt) for prompt in prompts))
    return replace(SUPPORT, nodes={**SUPPORT.nodes, "queue": changed})


def queued(flow: Flow = SUPPORT) -> Conversation:
    return Conversation(limits=LIMITS, flow=flow).presses(TICKET).is_queued()


def heard(call: Conversation, seconds: Iterable[int]) -> list[str]:
    """The rounds after so many seconds each, in a word: what is said there, or music."""
    words = {"in line": "place", "press 3": "menu", "for waiting": "thanks", "connect you": "again"}
    said = []
    for pause in seconds:
        text = " ".join(call.waits(pause).heard)
        said.append(next((word for phrase, word in words.items() if phrase in text), "music"))
    return said


def test_what_others_waited_is_told_with_the_position_once() -> None:
    call = queued().happens(HoldTick(2, 0, 7))

    call.hears("You are number 2 in line. Callers helped in the last hour waited about 7 minutes.")
    call.happens(HoldTick(2, 20, 7)).does_not_hear("waited about")


def test_what_others_waited_may_come_with_a_key() -> None:
    queued().happens(HoldKey("1", 2, 1, 3)).hears("waited about 3 minutes")


def test_nothing_is_told_of_waits_where_nothing_is_known_or_the_flow_has_no_words_for_it() -> None:
    queued().happens(HoldTick(2, 0)).does_not_hear("waited about")
    queue = SUPPORT.nodes["queue"]
    assert isinstance(queue, model.Enqueue)
    silent = replace(SUPPORT, nodes={**SUPPORT.nodes, "queue": replace(queue, recent_waits=None)})
    queued(silent).happens(HoldTick(2, 0, 7)).hears("number 2").does_not_hear("waited about")


def test_messages_come_half_way_between_two_menus_each_once_and_in_turn() -> None:
    call = queued(with_messages("while_you_wait", "connect_you"))

    assert heard(call, [1, *[10] * 20]) == [
        "place", "music", "music", "thanks", "music", "music",
        "menu", "music", "music", "again", "music", "music",
        "menu", "music", "music", "music", "music", "music",
        "menu", "music", "music",
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [5, 20, 29, 31, 45, 60, 90])
def test_between_a_message_and_the_menu_there_is_always_music(seconds: int) -> None:
    call = queued(with_messages(*["while_you_wait"] * 50))

    for _ in range(60):
        call.waits(seconds)
        assert isinstance(call.verb, Hold)
        assert call.heard[-1] == "[hold_music]"
        assert not {"To leave a message, press 3.", "Thank you for waiting."} <= {*call.heard}


def test_a_caller_who_queues_again_hears_the_messages_again() -> None:
    call = queued()
    assert "thanks" in heard(call, [1, 20, 20])

    call.is_silent().is_queued()
    assert "thanks" in heard(call, [1, 20, 20])


def test_a_key_pressed_when_a_message_is_due_gets_music() -> None:
    call = queued().waits(1)
    call.waits(20)

    call.presses_while_waiting("1").does_not_hear("Thank you")
