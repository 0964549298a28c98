"""Complaint 16: a rejected call keeps ringing the only agent, in a loop.

Naive: a refused call goes to whoever is free, who is the one that refused it a second ago.
"""

from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest


def test_a_refused_call_leaves_the_only_technician_alone_for_the_configured_time(
    line: LineUnderTest,
) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("2")
    pause = line.configuration.matching.retry_after_seconds

    line.exchange.run_for(pause - 5)
    assert rings(line, ann.number) == 1
    # A refusal is an answer: it sends nobody away, and the caller keeps their place.
    assert line.technician_states() == {"ann@example.com": "available"}

    ann.rings(within=10).answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    assert line.caller().is_talking_to(ann)
    assert line.violations() == []


def test_another_call_rings_them_meanwhile(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101")
    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("2").is_left()

    second = line.exchange.phone("+12125550178", "second")
    second.dial("+35315262938").hears("ticket number").press("100100#").hears("connect you")

    ann.rings(within=5).answer().hears("press 1").press("1")
    line.exchange.run_for(20)
    assert second.is_talking_to(ann)
