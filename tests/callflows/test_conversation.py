"""The first edition's conversation, path by path, up to the queue, the message or goodbye."""

from collections import Counter

import pytest

from callflows.events import Resumed, TransferEnded
from callflows.interpreter import Ending
from callflows.verbs import Ask, Enqueue, Transfer
from routing.decisions import Outcome
from routing.regions import Line
from routing.tickets import Found, NotFound, Ticket
from tests.builders import AUCKLAND, DUBLIN, TOLL_FREE, a_line, a_ticket, some_rules
from tests.callflows.conversation import TICKET, Conversation, Desk

SALES = "+14155550100"
WITH_SALES = a_line(TOLL_FREE, other_options={"1": SALES})
MENU = a_line(TOLL_FREE)


def test_a_number_of_support_alone_asks_for_the_ticket_at_once() -> None:
    call = Conversation(a_line(DUBLIN))

    call.hears("Thank you for calling", "ticket number").does_not_hear("press 4")


def test_a_shared_number_begins_with_a_menu() -> None:
    call = Conversation(MENU)

    call.hears("Thank you for calling", "For technical support, press 4").does_not_hear("ticket")


def test_keys_may_be_pressed_while_the_first_words_are_heard() -> None:
    for line in (MENU, a_line(DUBLIN)):
        (only,) = Conversation(line).turn.verbs

        assert isinstance(only, Ask)


def test_a_menu_takes_one_key_and_a_ticket_number_as_many_as_the_pound_key_allows() -> None:
    menu = Conversation(MENU)
    ask = Conversation(MENU).presses("4")

    assert isinstance(menu.verb, Ask)
    assert isinstance(ask.verb, Ask)
    assert (menu.verb.digits, menu.verb.finish_on) == (1, "#")
    assert (ask.verb.digits, ask.verb.finish_on) == (32, "#")


def test_option_four_leads_to_support() -> None:
    Conversation(MENU).presses("4").hears("ticket number")


def test_another_option_without_a_target_is_not_available_and_the_menu_comes_again() -> None:
    Conversation(MENU).presses("1").hears("not available", "press 4")


@pytest.mark.parametrize(
    "answers", [["1", "2", "3"], ["", "", ""], ["", "9", "44"], ["*", "", "0"]]
)
def test_whoever_does_not_find_the_option_gets_to_support_all_the_same(answers: list[str]) -> None:
    call = Conversation(MENU)
    for answer in answers[:-1]:
        call.presses(answer).hears("press 4")

    call.presses(answers[-1]).hears("ticket number").does_not_hear("press 4")


def test_another_option_with_a_target_is_transferred() -> None:
    call = Conversation(WITH_SALES).presses("1")

    assert call.verb == Transfer(SALES, timeout=30)
    call.happens(TransferEnded(answered=True)).ends(Ending.TRANSFERRED)
    assert call.heard == []


def test_a_transfer_that_is_not_answered_comes_back_to_the_menu_and_ends_at_last() -> None:
    call = Conversation(WITH_SALES)
    for _ in range(2):
        call.presses("1").happens(TransferEnded(answered=False)).hears("nobody answered", "press 4")

    call.presses("1").happens(TransferEnded(answered=False)).hears("Goodbye").ends(Ending.REFUSED)


@pytest.mark.parametrize("line", [MENU, a_line(DUBLIN)], ids=["menu", "direct"])
def test_a_caller_with_a_ticket_is_let_in(line: Line) -> None:
    call = Conversation(line, "Wed 2026-03-11 10:00 America/New_York")
    if line is MENU:
        call.presses("4")
    call.presses(TICKET).hears("connect you").does_not_hear("1 0 0 2 0 0")

    assert call.verb == Enqueue("business-vsa")
    assert call.session.queue == "business-vsa"
    assert call.turn.looked_up == Found(a_ticket())
    assert call.turn.decided is not None
    assert (call.turn.decided.outcome, call.turn.decided.rule) == (Outcome.CONNECT, "R01")
    assert call.turn.visited == ("look_up", "decide", "notes", "let_in", "queue")


def test_nothing_keyed_and_a_wrong_number_are_told_apart() -> None:
    call = Conversation()

    call.is_silent().hears("did not hear", "ticket number").does_not_hear("could not find")
    call.presses("999999").hears("could not find", "ticket number").does_not_hear("did not hear")


TRIES = [
    # what is keyed each time            the last answer    outcome            asked at the desk
    (["", "", ""], "did not hear", "ticket_required", []),
    (["1", "12", "12345678901"], "could not find", "ticket_invalid", []),
    (["998", "999", "997"], "could not find", "ticket_invalid", ["998", "999", "997"]),
    (["", "999999", ""], "did not hear", "ticket_invalid", ["999999"]),
    (["12*456", "", "99A999"], "could not find", "ticket_invalid", []),
    (["999999", "", "99"], "could not find", "ticket_invalid", ["999999"]),
]  # fmt: skip


@pytest.mark.parametrize(("keyed", "last", "outcome", "asked"), TRIES)
def test_after_three_tries_of_either_kind_the_help_desk_is_named_and_the_call_ends(
    keyed: list[str], last: str, outcome: str, asked: list[str]
) -> None:
    call = Conversation()
    for digits in keyed[:-1]:
        call.presses(digits).hears("ticket number")

    call.presses(keyed[-1]).hears(last, "help desk dot example dot com", "Goodbye")
    call.ends(Ending.REFUSED).does_not_hear("after the tone")
    assert [decision.outcome for decision in call.decisions()] == [outcome]
    assert call.desk.asked == asked


def test_a_number_of_impossible_length_is_looked_up_nowhere_but_told() -> None:
    call = Conversation().presses("12")

    assert call.turn.looked_up == NotFound("12")
    assert call.session.desk == NotFound("12")


LENGTHS = [
    # keyed        is it asked at the desk?
    ("12", False),
    ("123", True),
    ("1234567890", True),
    ("12345678901", False),
]


@pytest.mark.parametrize(("number", "is_asked"), LENGTHS)
def test_the_desk_is_asked_about_numbers_of_three_to_ten_digits(
    number: str, is_asked: bool
) -> None:
    call = Conversation().presses(number).hears("could not find")

    assert call.desk.asked == ([number] if is_asked else [])


def test_the_last_try_may_be_the_right_one() -> None:
    Conversation().is_silent().presses("999999").presses(TICKET).is_queued()


def test_the_menus_key_pressed_again_is_impatience_and_not_a_try() -> None:
    call = Conversation(MENU, "Wed 2026-03-11 10:00 America/New_York").presses("4")
    for _ in range(3):
        call.presses("4").hears("ticket number").does_not_hear("could not find")
    call.presses("4").hears("could not find")

    call.is_silent().presses(TICKET).is_queued()


def test_the_menus_key_is_a_number_like_any_other_where_there_is_no_menu() -> None:
    Conversation(a_line(DUBLIN)).presses("4").hears("could not find")


def test_a_ticket_number_that_begins_with_the_menus_key_stays_whole() -> None:
    call = Conversation(MENU, desk=Desk()).presses("4").presses("4100")

    assert call.desk.asked == ["4100"]


NOTES = [
    # ticket                            what else is said before the queue
    (a_ticket(status="hold"), "on hold"),
    (a_ticket(status="solved"), "marked as solved"),
]


@pytest.mark.parametrize(("ticket", "note"), NOTES)
def test_what_there_is_to_know_about_a_ticket_is_said_before_the_queue(
    ticket: Ticket, note: str
) -> None:
    call = Conversation(desk=Desk(ticket))

    call.presses(TICKET).hears(note, "connect you").is_queued()


def test_lapsed_entitlement_is_only_reported_where_the_switch_says_so() -> None:
    line = a_line(DUBLIN, some_rules({"entitlement": "report"}))
    call = Conversation(line, desk=Desk(a_ticket(entitlement="lapsed")))

    call.presses(TICKET).hears("no active subscription", "connect you").is_queued()


REFUSALS = [
    # ticket                              switch                   outcome          what is said
    (a_ticket(status="closed"), {}, "ticket_closed", ["ticket is closed", "help desk dot"]),
    (
        a_ticket(status="hold"),
        {"on_hold": "refuse"},
        "ticket_on_hold",
        ["on hold", "help desk dot"],
    ),
    (a_ticket(entitlement="lapsed"), {}, "not_entitled", ["Customer Success Advisor"]),
]


@pytest.mark.parametrize(("ticket", "settings", "outcome", "said"), REFUSALS)
def test_a_ticket_that_does_not_count_is_refused_with_the_reason_and_where_to_go(
    ticket: Ticket, settings: dict[str, str], outcome: str, said: list[str]
) -> None:
    call = Conversation(a_line(DUBLIN, some_rules(settings)), desk=Desk(ticket))
    call.presses(TICKET).hears(*said, "Goodbye").ends(Ending.REFUSED)

    assert call.session.decision is not None
    assert call.session.decision.outcome == outcome
    call.does_not_hear("after the tone")


def test_what_the_flow_does_not_wait_for_repeats_the_question_and_costs_no_try() -> None:
    call = Conversation()
    for _ in range(5):
        call.happens(Resumed()).hears("ticket number").does_not_hear("did not hear")

    assert call.session.tries == {}


def test_a_call_that_has_ended_stays_ended() -> None:
    call = Conversation().is_silent().is_silent().is_silent().ends(Ending.REFUSED)

    call.presses(TICKET).ends(Ending.REFUSED)
    assert call.heard == []


@pytest.mark.parametrize("line", [a_line(DUBLIN), a_line(AUCKLAND), MENU, WITH_SALES])
def test_a_silent_caller_is_asked_each_question_three_times_and_no_more(line: Line) -> None:
    call = Conversation(line)
    while call.turn.ending is None:
        call.is_silent()

    asked = Counter(turn.session.node for turn in call.turns)
    assert asked.pop("main_menu", 3) == 3
    assert asked == {"ask_ticket": 3, "refused": 1}
    assert call.desk.asked == []
