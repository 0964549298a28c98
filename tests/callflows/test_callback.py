"""Being called back, as the caller hears it: the number read back, confirmed, or another keyed."""

from dataclasses import replace

import pytest

from callflows.events import Keyed
from callflows.interpreter import Ending, advance
from callflows.verbs import Ask, TakeMessage
from callflows.world import World
from tests.builders import DUBLIN, a_line, a_ticket, some_rules
from tests.callflows.conversation import TICKET, Conversation, Desk

OWN = "+35312345678"


def leaving(ani: str | None = OWN, desk: Desk | None = None) -> Conversation:
    """A caller who waited a minute and pressed 2."""
    call = Conversation(desk=desk).calls_from(ani).presses(TICKET).is_queued()
    call.waits(1).waits(60).hears("To be called back, press 2")
    return call.presses_while_waiting("2").leaves_queue("message")


def test_the_callers_own_number_is_read_back_digit_by_digit_and_confirmed() -> None:
    call = leaving().hears("3 5 3 1 2 3 4 5 6 7 8", "press 1")

    call.presses("1").hears("call you back at that number", "goodbye").ends(Ending.CALLBACK)
    assert call.session.number_to_call == OWN


def test_no_time_is_promised() -> None:
    call = leaving().presses("1")

    assert not any(character.isdigit() for character in " ".join(call.heard))
    call.does_not_hear("minute", "hour", "soon")


def test_another_number_can_be_keyed_and_is_read_back_too() -> None:
    call = leaving().presses("2").hears("enter the telephone number")
    assert isinstance(call.verb, Ask)
    assert call.verb.finish_on == "#"

    call.presses("087654321").hears("3 5 3 8 7 6 5 4 3 2 1", "press 1")
    call.presses("1").ends(Ending.CALLBACK)
    assert call.session.number_to_call == "+35387654321"


@pytest.mark.parametrize("ani", [None, "anonymous"])
def test_a_caller_whose_number_is_withheld_is_asked_for_one_at_once(ani: str | None) -> None:
    leaving(ani).hears("enter the telephone number").does_not_hear("press 1")


def test_a_number_that_is_not_called_is_said_so_and_another_asked_for() -> None:
    call = leaving(None).presses("999").hears("cannot call that number", "enter the telephone")

    call.presses("999").presses("999").hears("cannot call that number", "after the tone")
    assert isinstance(call.verb, TakeMessage)


def test_silence_where_a_number_was_asked_for_ends_in_a_message() -> None:
    call = leaving(None).is_silent().hears("no telephone number")

    call.presses("").is_silent().hears("after the tone")


def test_a_number_that_is_never_confirmed_ends_in_a_message() -> None:
    call = leaving().is_silent().hears("none of the choices", "press 1")

    call.presses("9").is_silent().hears("after the tone")


def test_a_caller_whose_ticket_was_not_checked_leaves_a_message_instead() -> None:
    leaving(desk=Desk(down=True)).hears("after the tone")


def test_where_the_rules_say_callback_the_same_questions_are_asked() -> None:
    line = a_line(DUBLIN, some_rules({"sev1_off_hours": "callback"}))
    night = "Wed 2026-03-11 03:00 Europe/Dublin"
    call = Conversation(line, night, desk=Desk(a_ticket(1, status="hold")))

    call.calls_from(OWN).presses(TICKET).hears(
        "technician will call you back", "on hold", "press 1"
    )
    call.presses("1").ends(Ending.CALLBACK)


def test_a_callback_without_a_number_becomes_a_message() -> None:
    """However a flow brings the caller there."""
    call = leaving()

    turn = advance(call.flow, replace(call.session, number_to_call=None), Keyed("1"), call.world)

    assert isinstance(turn.verbs[-1], TakeMessage)


def test_a_world_that_does_not_say_which_numbers_are_called_calls_none() -> None:
    given = vars(leaving().world)
    world = World(**{name: value for name, value in given.items() if name != "number_to_call"})

    assert world.number_to_call(OWN) is None
