"""Status callbacks of a dialled leg: each step, in order, with its number."""

import pytest

from ivr.carrier.phones import Phone
from tests.carrier.scripted import Line
from tests.carrier.test_dial import ANN, dial


@pytest.fixture
def ann(line: Line) -> Phone:
    line.service.on("/dialed", "<Say>After the talk.</Say>")
    return line.phone(ANN, "ann")


def test_every_step_of_a_leg_is_told_in_order_with_its_number(line: Line, ann: Phone) -> None:
    line.service.on("/steps", "")
    events = 'statusCallback="/steps" statusCallbackEvent="initiated ringing answered completed"'
    line.call(dial(f"<Number {events}>{ANN}</Number>"))
    ann.rings().answer()
    line.run(10)
    ann.hang_up()
    line.run(3)

    steps = line.service.asked_for("/steps")
    assert [step["CallStatus"] for step in steps] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [step["SequenceNumber"] for step in steps] == ["0", "1", "2", "3"]
    assert {step["CallSid"] for step in steps} == {ann.call_sid}
    assert {step["ParentCallSid"] for step in steps} == {line.caller.call_sid}
    assert (steps[3]["SipResponseCode"], steps[3]["Duration"]) == ("200", "1")
    assert all(step["CallbackSource"] == "call-progress-events" for step in steps)
    assert steps[0]["Timestamp"].startswith("Wed, 04 Mar 2026 15:0")
    assert "CallDuration" not in steps[0]


def test_only_the_end_is_told_unless_more_is_asked_for(line: Line, ann: Phone) -> None:
    line.service.on("/steps", "")
    ann.is_busy()
    line.call(dial(f'<Number statusCallback="/steps">{ANN}</Number>')).hears("After the talk")
    line.run(2)

    told = line.service.only("/steps")
    assert (told["CallStatus"], told["SipResponseCode"]) == ("busy", "486")
