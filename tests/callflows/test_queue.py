"""The queue as the caller hears it: position, music, menu, and every way out of it."""

from dataclasses import replace

import pytest

from callflows.events import HoldKey, HoldTick, Keyed, QueueResult
from callflows.interpreter import Ending, FlowLimits, advance
from callflows.verbs import Enqueue, Hold, LeaveQueue, Play, Say, TakeMessage
from tests.callflows.conversation import TICKET, Conversation, Desk, check_turn

MUSIC = Hold((Play("hold_music"),), keys=False)


def queued(limits: FlowLimits | None = None) -> Conversation:
    return Conversation(limits=limits).presses(TICKET).is_queued()


def rounds(call: Conversation, seconds: int, count: int) -> list[str]:
    """What each of some rounds was about, as one word."""
    words = []
    for _ in range(count):
        heard = " ".join(call.waits(seconds).heard)
        words.append("menu" if "press 3" in heard else "place" if "in line" in heard else "music")
    return words


def test_the_position_is_said_once_and_then_there_is_music() -> None:
    call = queued()

    call.waits(1, position=3).hears("You are number 3 in line", "[hold_music]")
    assert isinstance(call.verb, Hold)
    assert not call.verb.keys  # no key has been offered yet
    call.waits(20, position=2).does_not_hear("in line")
    assert call.verb == MUSIC


def test_a_position_that_is_not_known_yet_is_said_when_it_is() -> None:
    call = queued()
    assert call.waits(1, position=None).verb == MUSIC

    call.waits(20, position=1).hears("You are number 1 in line")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (20, ["place", "music", "menu", "music", "music", "menu", "music", "music", "menu"]),
        (15, ["place", "music", "music", "menu", "music", "music", "music", "menu"]),
        (59, ["place", "menu", "music", "menu"]),
        (61, ["place", "menu", "menu"]),
    ],
)
def test_the_menu_comes_about_once_a_minute_by_the_clock(seconds: int, expected: list[str]) -> None:
    assert rounds(queued(), seconds, len(expected)) == expected


def test_how_often_the_menu_comes_is_a_setting() -> None:
    assert rounds(queued(FlowLimits(hold_menu_seconds=120)), 60, 4) == [
        "place", "menu", "music", "menu",
    ]  # fmt: skip


def test_a_key_works_during_the_menu_and_the_music_that_follows_it() -> None:
    call = queued().waits(1).waits(60)

    assert isinstance(call.verb, Hold)
    assert call.verb.keys
    *menu, music = call.verb.says
    assert all(isinstance(each, Say) for each in menu)
    assert music == Play("hold_music")


@pytest.mark.parametrize("key", ["1", "8", "*", ""])
def test_any_key_that_leads_nowhere_keeps_waiting(key: str) -> None:
    call = queued().waits(1).waits(60).presses_while_waiting(key)

    assert call.verb == MUSIC
    assert call.session.leaving is None


@pytest.mark.parametrize("keys", ["3", "33", "31"])
def test_three_leaves_the_queue_for_a_message(keys: str) -> None:
    call = queued().waits(1).waits(60).presses_while_waiting(keys)
    assert call.verb == LeaveQueue()

    call.leaves_queue("message").hears("after the tone")
    assert isinstance(call.verb, TakeMessage)


def test_a_caller_who_is_leaving_is_not_held_back_by_a_late_round() -> None:
    call = queued().waits(1).presses_while_waiting("3")

    assert call.waits(1).verb == LeaveQueue()
    assert call.presses_while_waiting("1").verb == LeaveQueue()


WAYS_OUT: list[tuple[QueueResult, str]] = [
    ("full", "cannot put you through"),
    ("error", "cannot put you through"),
]


@pytest.mark.parametrize(("result", "said"), WAYS_OUT)
def test_whoever_cannot_be_queued_leaves_a_message(result: QueueResult, said: str) -> None:
    call = queued().waits(1).leaves_queue(result)

    call.hears(said, "after the tone")
    assert isinstance(call.verb, TakeMessage)


@pytest.mark.parametrize("result", ["overflow", "message"])  # The latter not asked for by a key.
def test_whoever_cannot_wait_any_longer_may_choose_and_in_silence_leaves_a_message(
    result: QueueResult,
) -> None:
    call = queued().waits(1).leaves_queue(result)
    call.hears("All technicians are still helping other customers", "press 2", "press 3")

    call.is_silent().hears("after the tone")
    assert isinstance(call.verb, TakeMessage)


@pytest.mark.parametrize(
    ("key", "said"), [("2", "telephone number"), ("3", "after the tone"), ("9", "after the tone")]
)
def test_whoever_cannot_wait_any_longer_is_called_back_or_leaves_a_message(
    key: str, said: str
) -> None:
    queued().leaves_queue("overflow").presses(key).hears(said)


@pytest.mark.parametrize(
    ("result", "ending"), [("bridged", Ending.BRIDGED), ("abandoned", Ending.ABANDONED)]
)
def test_after_a_talk_or_a_hang_up_the_flow_ends_without_a_word(
    result: QueueResult, ending: Ending
) -> None:
    call = queued().leaves_queue(result).ends(ending)

    assert call.heard == []


def test_a_long_wait_uses_up_no_turns_and_does_not_let_the_session_grow() -> None:
    call = queued().waits(1).waits(60).waits(30)  # The only message has been said, too.
    before = call.session
    for number in range(300):
        call.waits(20).presses_while_waiting(str(number % 2))

    assert call.session.steps == before.steps
    assert len(call.session.to_json()) == len(before.to_json())


def test_a_round_of_music_leaves_the_session_as_it_was() -> None:
    call = queued().waits(1)
    before = call.session

    assert call.waits(20).session == before


def test_whoever_is_not_in_the_queue_hears_the_question_again_and_not_the_music() -> None:
    call = Conversation().waits(20).hears("ticket number")

    assert call.presses_while_waiting("3").hears("ticket number").session.steps == 1


def test_what_a_queue_does_not_wait_for_queues_again() -> None:
    call = queued().waits(1).happens(Keyed("3"))

    assert call.verb == Enqueue("business-vsa")
    assert not call.session.position_said


def test_the_menu_is_due_when_nobody_knows_when_it_was_offered() -> None:
    call = queued().waits(1)
    session = replace(call.session, hold_menu_at=None)

    turn = advance(call.flow, session, HoldTick(1, 20), call.world)

    check_turn(turn)
    assert turn.session.hold_menu_at == call.now


def test_a_key_and_the_first_round_may_come_together() -> None:
    call = queued().happens(HoldKey("1", 4, 1))

    call.hears("number 4 in line")


def test_a_caller_whose_ticket_was_not_checked_may_leave_a_message_too() -> None:
    call = Conversation(desk=Desk(down=True)).presses(TICKET).is_queued()

    call.presses_while_waiting("3").leaves_queue("message").hears("after the tone")
    assert call.session.keyed == TICKET
