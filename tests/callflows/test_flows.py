"""Flows other than the first edition's: what an admin may write, and what then happens."""

from dataclasses import replace
from textwrap import dedent, indent

import pytest

from callflows.checks import check_flow
from callflows.events import LeftQueue, Silence, TransferEnded
from callflows.interpreter import Ending, FlowLoop, begin
from callflows.loader import load_flow
from callflows.model import Flow
from callflows.prompts import Catalogue, MissingPrompt, Prompts
from callflows.verbs import Enqueue, Say
from tests.builders import DUBLIN, TOLL_FREE, a_closure, a_line, a_ticket, some_rules
from tests.callflows.conversation import ENGLISH, SUPPORT, TICKET, Conversation, Desk

QUEUES = {"business", "triage", "escalation"}
BYE = "bye: {end_with: goodbye, ending: refused}"
ALL_TO_BYE = ", ".join(
    f"{outcome}: bye"
    for outcome in (
        "callback", "closed", "weekend_sev1_only", "emergency_closed", "desk_unavailable",
        "ticket_required", "ticket_invalid", "ticket_closed", "ticket_on_hold", "not_entitled",
    )
)  # fmt: skip


def flow(*nodes: str) -> Flow:
    """A flow of these nodes, that starts with the first, and has one called bye."""
    texts = [dedent(node).strip() for node in (*nodes, BYE)]
    start = texts[0].split(":", 1)[0]
    return load_flow(f"start: {start}\nnodes:\n{indent(chr(10).join(texts), '  ')}", "f.yaml")


ASK = "ask: {ask_ticket: ask_ticket, keyed: find, silence: decide, menu_choice: ask}"
FIND = "find: {find_ticket: {found: decide, unknown: decide, unavailable: decide}}"
DECIDE = f"decide:\n  decide: {{connect: queue, {ALL_TO_BYE}}}"
QUEUE = """
queue:
  enqueue: triage
  position: position
  music: hold_music
  menu: hold_menu
  keys: {}
  overflow: bye
  full: bye
  error: bye
"""


def is_proven(tested: Flow) -> bool:
    return check_flow(tested, Prompts({"en": ENGLISH}), {"en"}, QUEUES) == ()


def test_the_first_edition_is_proven() -> None:
    assert is_proven(SUPPORT)


def test_a_flow_is_named_as_its_file_is() -> None:
    assert SUPPORT.name == "support"
    assert SUPPORT.file == "callflows/flows/support.yaml"


def test_a_queue_may_be_named_instead_of_chosen() -> None:
    tested = flow(ASK, FIND, DECIDE, QUEUE)
    assert is_proven(tested)

    call = Conversation(flow=tested).presses(TICKET)

    assert call.verb == Enqueue("triage")
    assert call.session.queue == "triage"


def test_a_queue_without_a_decision_is_an_error_of_the_flow_and_not_of_the_call() -> None:
    call = Conversation(flow=flow(QUEUE))

    call.hears("Goodbye").ends(Ending.REFUSED)


def test_a_menu_may_have_keys_of_its_own_which_come_before_the_lines() -> None:
    menu = """
    main:
      menu: main_menu
      keys: {"4": four, support_option: bye}
      silence: bye
      other: bye
    """
    tested = flow(menu, "four: {end_with: welcome, ending: refused}")
    assert is_proven(tested)

    Conversation(flow=tested).presses("4").hears("Thank you for calling")


@pytest.mark.parametrize("key", ["1", "4"])
def test_a_menu_that_has_no_use_for_the_lines_keys_ignores_them(key: str) -> None:
    menu = """
    main:
      menu: main_menu
      keys: {"9": bye}
      silence: bye
      other: other
    """
    tested = flow(menu, "other: {end_with: menu_not_available, ending: refused}")
    line = a_line(TOLL_FREE, other_options={"1": "+14155550100"})

    Conversation(line, flow=tested).presses(key).hears("not available")


def test_a_transfer_without_an_option_goes_on_as_if_nobody_answered() -> None:
    transfer = "away: {transfer: other_option, say: welcome, unanswered: bye}"

    Conversation(flow=flow(transfer)).hears("Goodbye").ends(Ending.REFUSED)


def test_a_ticket_that_was_never_asked_for_is_unknown_and_nobody_is_asked() -> None:
    look = "look: {find_ticket: {found: bye, unknown: unknown, unavailable: bye}}"
    call = Conversation(flow=flow(look, "unknown: {end_with: could_not_find, ending: refused}"))

    call.hears("could not find")
    assert call.desk.asked == []


def test_an_announcement_before_a_decision_says_nothing() -> None:
    call = Conversation(flow=flow("tell: {announce: decision, next: bye}"))

    assert call.heard == ["Goodbye."]


def test_a_prompt_is_spoken_in_english_by_an_english_voice_where_it_is_not_translated() -> None:
    dutch = Catalogue("nl", {"welcome": "Welkom."})
    tested = flow("hello: {say: welcome, next: bye}")
    line = replace(a_line(DUBLIN), languages=("nl", "en"))

    call = Conversation(line, flow=tested, catalogues={"en": ENGLISH, "nl": dutch})

    assert call.turn.verbs[:2] == (
        Say("Welkom.", "nl", "Polly.Laura"),
        Say("Goodbye.", "en", "Polly.Joanna"),
    )


def test_a_line_without_languages_speaks_that_of_its_region() -> None:
    line = replace(a_line(DUBLIN), languages=())

    assert Conversation(line).session.language == "en"


def test_prompts_may_say_what_is_not_known_yet() -> None:
    wordy = Catalogue("en", {**ENGLISH.texts, "welcome": "{ticket}{closure}{opening}. {help_desk}"})
    tested = flow("hello: {say: welcome, next: bye}")

    call = Conversation(flow=tested, catalogues={"en": wordy})

    assert call.heard == ["later. help desk dot example dot com", "Goodbye."]


def test_a_prompt_that_comes_to_nothing_is_left_out() -> None:
    tested = flow("hello: {say: emergency, next: bye}")

    assert Conversation(flow=tested).heard == ["Goodbye."]


def test_the_closure_said_is_that_of_the_tickets_product() -> None:
    closed = some_rules(closure=a_closure())
    line = a_line(DUBLIN, product_rules={"traverse": closed})

    desk = Desk(a_ticket(product="traverse"))
    Conversation(line, desk=desk).presses(TICKET).hears("no power", "after the tone")
    Conversation(line).presses(TICKET).is_queued()


def test_a_placeholder_that_nobody_knows_names_itself() -> None:
    odd = Catalogue("en", {**ENGLISH.texts, "goodbye": "Goodbye, {caller}."})

    with pytest.raises(MissingPrompt, match="Nothing is known to say for {caller}"):
        Conversation(flow=flow("hello: {say: goodbye, next: bye}"), catalogues={"en": odd})


def test_a_flow_that_goes_round_is_stopped_and_says_where() -> None:
    tested = flow("one: {say: welcome, next: two}", "two: {say: welcome, next: one}")
    call = Conversation()

    with pytest.raises(FlowLoop, match="50 nodes were played without a wait; the next was one"):
        begin(tested, call.world)


def test_a_call_that_goes_round_is_stopped_after_sixty_turns_and_says_where() -> None:
    ask = "ask: {ask_ticket: ask_ticket, keyed: ask, silence: ask, menu_choice: ask}"
    call = Conversation(flow=flow(ask))
    for _ in range(59):
        call.is_silent()
    assert call.session.steps == 60

    with pytest.raises(FlowLoop, match="60 turns, the last at ask"):
        call.happens(Silence())


@pytest.mark.parametrize("event", [LeftQueue("bridged"), TransferEnded(answered=True)])
def test_an_end_that_belongs_to_another_wait_ends_nothing(event: LeftQueue | TransferEnded) -> None:
    Conversation().happens(event).hears("ticket number")
