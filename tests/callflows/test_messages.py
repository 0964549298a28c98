"""Messages: who may leave one, and how the call ends afterwards."""

import pytest

from callflows.events import MessageTaken, Resumed
from callflows.interpreter import Ending, FlowLimits
from callflows.verbs import TakeMessage
from tests.callflows.conversation import TICKET, Conversation

EVENING = "Wed 2026-03-11 20:00 Europe/Dublin"


def at_the_tone(limits: FlowLimits | None = None) -> Conversation:
    call = Conversation(when=EVENING, limits=limits).presses(TICKET)
    assert isinstance(call.verb, TakeMessage)
    return call


@pytest.mark.parametrize("seconds", [2, 3, 180])
def test_a_message_is_thanked_for_and_answered_in_the_ticket(seconds: int) -> None:
    call = at_the_tone().happens(MessageTaken(seconds))
    call.hears("Thank you", "answers come in your ticket")

    call.is_silent().hears("Goodbye").ends(Ending.MESSAGE)


@pytest.mark.parametrize("seconds", [0, 1])
def test_an_empty_message_is_said_to_be_none_and_still_ends_with_goodbye(seconds: int) -> None:
    call = at_the_tone().happens(MessageTaken(seconds))

    call.hears("did not record", "Goodbye").ends(Ending.MESSAGE_EMPTY)


def test_how_long_a_message_may_and_must_be_are_settings() -> None:
    call = at_the_tone(FlowLimits(message_seconds=90, message_min_seconds=5))

    assert call.verb == TakeMessage(90, "#")
    call.happens(MessageTaken(4)).ends(Ending.MESSAGE_EMPTY)


def test_a_recording_that_is_asked_for_again_is_asked_for_again() -> None:
    call = at_the_tone().happens(Resumed()).hears("after the tone")

    assert isinstance(call.verb, TakeMessage)
