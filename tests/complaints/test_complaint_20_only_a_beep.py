"""Complaint 20: leaving the queue for a menu plays only a beep, or does not wait for a key.

Naive: the queue is left first and the menu is somewhere else, whose sound is cut off and whose
digits are taken for none. Here the menu is heard in the queue, a key works while it is spoken and
during the music after it, and what comes next is said before anything beeps.
"""

import pytest

from tests.ivr.test_carrier_requests import queue_a_caller
from tests.line import LineUnderTest


@pytest.mark.parametrize("after_seconds", [0, 4, 15])
def test_a_key_works_while_the_menu_is_spoken_and_in_the_music_after_it(
    line: LineUnderTest, after_seconds: int
) -> None:
    queue_a_caller(line)
    caller = line.caller().hears("To keep waiting, press 1", within=90)
    line.exchange.run_for(after_seconds)

    before = len(caller.heard)
    caller.press("3").hears("after the tone").hears("beep")

    said = caller.heard[before:]
    assert said.index("[beep]") > next(n for n, text in enumerate(said) if "after the tone" in text)
    assert line.violations() == []


def test_a_caller_who_presses_nothing_keeps_waiting_and_is_asked_again(line: LineUnderTest) -> None:
    queue_a_caller(line)
    for _ in range(3):
        line.caller().hears("To keep waiting, press 1", within=90)
    ann = line.technician("ann", "+12125550101")

    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_for(30)

    assert line.caller().is_talking_to(ann)


def test_the_menu_after_the_longest_wait_is_spoken_and_waits_for_a_key(line: LineUnderTest) -> None:
    queue_a_caller(line)
    caller = line.caller().hears("All technicians are still helping", within=700)

    assert "[beep]" not in caller.heard
    caller.press("2").hears("number to call you back")
    assert "[beep]" not in caller.heard
