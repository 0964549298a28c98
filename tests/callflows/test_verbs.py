"""What would be heard of a turn, a sentence a line."""

import pytest

from callflows.verbs import (
    Ask,
    Continue,
    Enqueue,
    Hangup,
    Hold,
    LeaveQueue,
    Pause,
    Play,
    Say,
    TakeMessage,
    Transfer,
    Verb,
    spoken,
)


def say(text: str) -> Say:
    return Say(text, "en", "")


HEARD: list[tuple[Verb, list[str]]] = [
    (say("Thank you. Goodbye."), ["Thank you.", "Goodbye."]),
    (say("At 7 a.m. your time. Goodbye."), ["At 7 a.m. your time.", "Goodbye."]),
    (say("Ready? Go! 3 are left. Écoutez."), ["Ready?", "Go!", "3 are left.", "Écoutez."]),
    (Play("hold_music"), ["[hold_music]"]),
    (Pause(3), []),
    (Ask((say("One. Two."), Play("jingle")), timeout=5), ["One.", "Two.", "[jingle]"]),
    (Hold((Play("hold_music"),), keys=False), ["[hold_music]"]),
    (TakeMessage(180), ["[tone]"]),
    (Transfer("+14155550100", 30), []),
    (Enqueue("business"), []),
    (LeaveQueue(), []),
    (Continue(), []),
    (Hangup(), []),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "heard"), HEARD)
def test_a_verb_is_heard_as_its_sentences(verb: Verb, heard: list[str]) -> None:
    assert spoken([verb]) == heard


def test_verbs_are_heard_one_after_the_other() -> None:
    verbs: list[Verb] = [say("Please leave a message after the tone."), TakeMessage(180)]

    assert spoken(verbs) == ["Please leave a message after the tone.", "[tone]"]
