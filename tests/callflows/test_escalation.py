"""Escalation by the caller (R22, A17): in their own hours by telephone, else in the ticket."""

from dataclasses import replace

import pytest

from callflows import model
from callflows.checks import check_flow
from callflows.escalation import way_to_escalate
from callflows.events import HoldKey, MessageTaken
from callflows.interpreter import Ending
from callflows.model import Escalation, Flow
from callflows.prompts import Catalogue, Prompts
from callflows.session import Session
from callflows.verbs import Hold, LeaveQueue, TakeMessage
from callflows.world import Note
from tests.builders import DUBLIN, TOLL_FREE, a_closure, a_line, a_ticket, some_rules
from tests.callflows.conversation import ENGLISH, SUPPORT, TICKET, Conversation, Desk

BY_PHONE = "To speak with support management, press 9."
IN_TICKET = "You can escalate in your ticket at any time."
NIGHT = "Wed 2026-03-11 03:00 Europe/Dublin"
EVENING = "Wed 2026-03-11 20:00 Europe/Dublin"


def at_the_menu(call: Conversation) -> Conversation:
    return call.presses(TICKET).is_queued().waits(1).waits(60).hears("press 3")


def test_in_their_hours_callers_hear_of_the_key_after_the_others() -> None:
    call = at_the_menu(Conversation())

    *_, last, music = call.heard
    assert (last, music) == (BY_PHONE, "[hold_music]")
    assert isinstance(call.verb, Hold)
    assert call.verb.keys
    call.does_not_hear(IN_TICKET)


def test_nine_leads_to_the_queue_of_support_management() -> None:
    call = at_the_menu(Conversation()).presses_while_waiting("9")
    assert isinstance(call.verb, LeaveQueue)

    call.leaves_queue("message").hears("support management").is_queued()
    assert call.session.queue == "escalation"
    call.waits(1).hears("number 1 in line").waits(60).hears("press 3").does_not_hear("press 9")
    call.presses_while_waiting("9")
    assert isinstance(call.verb, Hold)


@pytest.mark.parametrize(
    ("key", "said"), [("2", "telephone number"), ("3", "after the tone"), ("", "after the tone")]
)
def test_when_nobody_of_management_answers_a_caller_is_called_back_or_leaves_a_message(
    key: str, said: str
) -> None:
    call = at_the_menu(Conversation()).presses_while_waiting("9").leaves_queue("message")

    call.leaves_queue("overflow").hears("Nobody of support management is free")
    call.presses(key).hears(said)


def test_severity_1_at_night_hears_the_honest_answer_and_nine_does_nothing() -> None:
    call = at_the_menu(Conversation(when=NIGHT, desk=Desk(a_ticket(1))))

    call.hears(IN_TICKET).does_not_hear("press 9")
    call.presses_while_waiting("9")
    assert isinstance(call.verb, Hold)
    assert call.session.leaving is None


def test_a_caller_who_came_in_hours_may_escalate_after_them() -> None:
    call = Conversation(when="Wed 2026-03-11 18:59 Europe/Dublin").presses(TICKET).is_queued()

    call.waits(1).waits(600).hears(BY_PHONE).presses_while_waiting("9")
    assert call.verb == LeaveQueue()


def test_the_hours_are_the_callers_own() -> None:
    desk = Desk(a_ticket(1, zone="Pacific/Auckland"))  # It is 23:00 there.
    call = Conversation(when="Wed 2026-03-11 10:00 Europe/Dublin", desk=desk)

    at_the_menu(call).hears(IN_TICKET).does_not_hear("press 9")


def test_without_a_ticket_the_desk_has_confirmed_nothing_is_said_of_it() -> None:
    call = at_the_menu(Conversation(desk=Desk(down=True)))

    call.does_not_hear("management", "escalate").presses_while_waiting("9")
    assert isinstance(call.verb, Hold)


def test_a_session_before_its_decision_cannot_escalate() -> None:
    assert way_to_escalate(Session("support", "welcome", "en")) is Escalation.WITHOUT_TICKET


def with_a_note_kept(call: Conversation) -> Conversation:
    assert isinstance(call.verb, TakeMessage)
    return call.happens(MessageTaken(9)).hears("your message goes to the technicians")


CLOSED = [
    Conversation(when=EVENING),
    Conversation(when="Sat 2026-03-14 12:00 Europe/Dublin"),
    Conversation(a_line(DUBLIN, some_rules(closure=a_closure()))),
]


@pytest.mark.parametrize("call", CLOSED, ids=["evening", "weekend", "emergency"])
def test_outside_the_hours_a_note_is_put_on_the_ticket_on_request(call: Conversation) -> None:
    call.presses(TICKET).hears("after the tone").does_not_hear("press 9")
    with_a_note_kept(call).hears(IN_TICKET, "press 9")
    assert not call.turn.notes

    call.presses("9").hears("We will put the note on your ticket", "Goodbye").ends(Ending.MESSAGE)

    text = ENGLISH.texts["note_for_management"]
    assert call.turn.notes == (Note("note_for_management", text),)


@pytest.mark.parametrize("key", ["", "1", "#"])
def test_whoever_wants_no_note_gets_none(key: str) -> None:
    call = with_a_note_kept(Conversation(when=EVENING).presses(TICKET)).presses(key)

    call.hears("Goodbye").ends(Ending.MESSAGE)
    assert call.turn.notes == ()


def test_in_their_hours_callers_are_not_asked_about_a_note() -> None:
    call = Conversation().presses(TICKET).presses_while_waiting("3").leaves_queue("message")

    with_a_note_kept(call).ends(Ending.MESSAGE)


def test_an_unchecked_ticket_gets_no_note() -> None:
    call = Conversation(when=EVENING, desk=Desk(down=True)).presses(TICKET)

    with_a_note_kept(call.is_silent()).ends(Ending.MESSAGE)


def note_only(prompt: str) -> Flow:
    """The first edition, with a note where callers are let in."""
    note = model.AddNote(model.Prompt(prompt), model.Target("queue"))
    return replace(SUPPORT, nodes={**SUPPORT.nodes, "let_in": note})


def test_a_note_needs_a_ticket_wherever_the_flow_has_it() -> None:
    assert Conversation(flow=note_only("goodbye")).presses(TICKET).turn.notes == (
        Note("goodbye", "Goodbye."),
    )
    down = Conversation(flow=note_only("goodbye"), desk=Desk(down=True))
    assert down.presses(TICKET).turn.notes == ()


def test_a_queue_may_do_without_any_of_it() -> None:
    queue = SUPPORT.nodes["queue"]
    assert isinstance(queue, model.Enqueue)
    plain = replace(queue, escalate_menu=None, escalate_keys={}, escalate_later=None, messages=())
    flow = replace(SUPPORT, nodes={**SUPPORT.nodes, "queue": plain})
    for when in (NIGHT, "Wed 2026-03-11 10:00 Europe/Dublin"):
        call = at_the_menu(Conversation(when=when, desk=Desk(a_ticket(1)), flow=flow))
        call.does_not_hear("press 9", "escalate").presses_while_waiting("9")
        assert isinstance(call.verb, Hold)


def test_a_key_of_the_queue_comes_before_that_for_management() -> None:
    queue = SUPPORT.nodes["queue"]
    assert isinstance(queue, model.Enqueue)
    keys = {**queue.keys, model.Key("9"): model.Chosen("message")}
    flow = replace(SUPPORT, nodes={**SUPPORT.nodes, "queue": replace(queue, keys=keys)})
    call = Conversation(flow=flow).presses(TICKET).is_queued().happens(HoldKey("9", 1, 1))

    call.leaves_queue("message").hears("after the tone")


def test_a_queue_for_management_that_does_not_exist_is_told() -> None:
    (problem,) = check_flow(SUPPORT, Prompts({"en": ENGLISH}), {"en"}, {"business"})

    assert "management names the queue escalation, which does not exist." in str(problem)


def test_the_words_of_escalating_have_to_be_there_in_every_language() -> None:
    names = {"escalate_menu", "escalate_later", "recent_waits", "while_you_wait", "offer_note"}
    texts = {name: text for name, text in ENGLISH.texts.items() if name not in names}
    catalogue = Catalogue("en", texts, ENGLISH.file)

    problems = check_flow(SUPPORT, Prompts({"en": catalogue}), {"en"}, {"escalation"})

    told = " ".join(problem.sentence for problem in problems)
    assert all(f"The prompt {name} is missing" in told for name in names)


def test_the_menu_key_line_escalates_just_the_same() -> None:
    call = Conversation(a_line(TOLL_FREE), "Wed 2026-03-11 10:00 America/New_York").presses("4")

    at_the_menu(call).hears(BY_PHONE)
