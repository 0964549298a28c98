"""Complaint 3: a mobile answers with the technician's own voicemail, and has the call.

Naive: a leg that is answered is bridged, so the caller talks to a machine.
"""

from tests.ivr.test_carrier_requests import queue_a_caller
from tests.line import LineUnderTest

GREETING = "Hello, you have reached Ann. Please leave a message."


def test_a_machine_presses_no_key_and_the_next_technician_is_rung(line: LineUnderTest) -> None:
    ann = line.technician("ann", "+12125550101").voicemail_greets(GREETING)
    tom = line.technician("tom", "+12125550102")

    queue_a_caller(line)
    tom.rings(within=35)
    assert not line.caller().is_talking_to(ann)
    tom.answer().hears("press 1").press("1")
    line.exchange.run_for(20)

    assert line.caller().is_talking_to(tom)
    assert GREETING not in line.caller().heard
    # The machine would take the next call, too: its owner is away until they say otherwise.
    assert line.technician_states()["ann@example.com"] == "on_break"
    assert line.violations() == []
