"""Nobody was free, or nobody may be connected: what the rules make of it (A5, A20)."""

import pytest

from callflows.escalation import after_waiting
from callflows.model import AfterWaiting
from callflows.session import Session
from callflows.verbs import Ask, TakeMessage
from tests.builders import DUBLIN, a_line, a_ticket, some_rules
from tests.callflows.conversation import TICKET, Conversation, Desk

WEEKEND = "Sat 2026-03-14 12:00 Europe/Dublin"
NIGHT = "Wed 2026-03-11 03:00 Europe/Dublin"
CALLER = "+353861234567"

INSTEAD = "A technician will call you back"
CHOICE = "To leave a message, press 3"

AFTERWARDS = [
    (WEEKEND, "connect_then_callback", INSTEAD),
    (WEEKEND, "connect", CHOICE),
    (NIGHT, "connect_then_callback", CHOICE),
]


@pytest.mark.parametrize(("when", "reading", "said"), AFTERWARDS)
def test_at_the_weekend_severity_1_is_called_back_where_nobody_was_free(
    when: str, reading: str, said: str
) -> None:
    line = a_line(DUBLIN, some_rules({"sev1_weekend": reading}))
    call = Conversation(when=when, line=line, desk=Desk(a_ticket(1))).calls_from(CALLER)

    call.presses(TICKET).is_queued().leaves_queue("overflow").hears(said)


def test_a_session_before_its_decision_leaves_the_choice() -> None:
    assert after_waiting(Session("support", "welcome", "en")) is AfterWaiting.CHOICE


def desk_down() -> Conversation:
    return Conversation(when=NIGHT, desk=Desk(down=True)).presses(TICKET)


def test_with_the_desk_down_a_key_says_that_the_system_is_down() -> None:
    call = desk_down().hears("cannot look up tickets", "If your system is down, press 1")
    assert isinstance(call.verb, Ask)

    call.presses("1").hears("telling the technicians who are on call", "after the tone")

    assert call.turn.pages
    assert isinstance(call.verb, TakeMessage)


@pytest.mark.parametrize("key", ["", "7"])
def test_whoever_does_not_press_it_leaves_a_message_and_wakes_nobody(key: str) -> None:
    call = desk_down().presses(key) if key else desk_down().is_silent()

    call.hears("after the tone").does_not_hear("on call")
    assert not any(turn.pages for turn in call.turns)
