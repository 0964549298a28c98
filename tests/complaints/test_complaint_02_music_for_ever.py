"""Complaint 2: the hold music loops and the call is not transferred, now and then.

Naive: the carrier loops the music by itself, so a caller whose one request to be taken out of the
queue is lost hears music for ever. Here every piece of music is short and ends in a question to
us, and the answer to it leads where that request would have led.
"""

import pytest

from tests.ivr.test_carrier_requests import queue_a_caller
from tests.line import LineUnderTest


@pytest.mark.parametrize("fault", ["lost", "500"])
def test_a_caller_whose_transfer_is_lost_is_joined_all_the_same(
    line: LineUnderTest, fault: str
) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    ann.rings().answer().hears("press 1")
    line.exchange.faults.rest(fault, path="/Members/", times=50)
    ann.press("1")

    line.exchange.run_for(60)

    assert line.caller().is_talking_to(ann)
    assert line.violations() == []


def test_no_piece_of_music_is_longer_than_the_look_at_the_queue(line: LineUnderTest) -> None:
    queue_a_caller(line)
    line.exchange.run_for(300)

    music = [heard for heard in line.caller().heard if heard.startswith("[music")]
    assert len(music) > 10
    assert set(music) == {"[music 20.wav]"}
