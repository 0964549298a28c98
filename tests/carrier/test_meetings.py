"""A queued caller and a technician meet, in every order and on every way the service may take."""

import pytest

from ivr.carrier import Phone
from ivr.carrier.assumptions import Assumptions
from tests.carrier.scripted import LINE, SERVICE, Answer, Asked, Line

ANN = "+12125550101"
ROOM = "<Dial><Conference beep='false' startConferenceOnEnter='{starts}'>room 1</Conference></Dial>"
WHISPER = '<Gather action="/accepted" numDigits="1"><Say>Press 1.</Say></Gather>'
TECHNICIANS_ROOM = ROOM.format(starts="true")
CALLERS_ROOM = ROOM.format(starts="false")


def queue(line: Line) -> Line:
    """A caller waits; a technician is rung by REST and accepts with 1."""
    line.service.on("/wait", '<Say>Please hold.</Say><Pause length="10"/>')
    line.service.on("/room", CALLERS_ROOM).on("/left", CALLERS_ROOM)
    line.service.on(
        "/whisper", '<Gather action="/accepted" numDigits="1"><Say>Press 1.</Say></Gather>'
    )
    line.call('<Enqueue action="/left" waitUrl="/wait">support</Enqueue>').hears("Please hold")
    line.phone(ANN, "Ann")
    line.rest.calls.create(to=ANN, from_=LINE, url=f"{SERVICE}/whisper")
    return line


def dequeue(line: Line) -> None:
    (waiting,) = line.rest.queues.list()
    line.rest.queues(waiting.sid).members(line.caller.call_sid).update(url=f"{SERVICE}/room")


def accept(line: Line) -> Phone:
    return line.phone(ANN, "Ann").rings().answer().hears("Press 1").press("1")


@pytest.mark.parametrize("member_url_wins", [True, False])
def test_the_caller_is_taken_out_before_the_technician_is_answered(member_url_wins: bool) -> None:
    line = queue(Line(assume=Assumptions(dequeue_runs_member_url=member_url_wins)))

    def accepted(_: Asked) -> str:
        dequeue(line)
        return TECHNICIANS_ROOM

    line.service.on("/accepted", accepted)
    ann = accept(line)
    line.run(3)

    assert line.caller.is_talking_to(ann)
    assert line.service.only("/left")["QueueResult"] == "redirected"
    assert len(line.service.asked_for("/room")) == 1
    assert line.codes() == []


def test_the_technician_is_in_the_room_before_the_caller_is_taken_out(line: Line) -> None:
    queue(line).service.on("/accepted", TECHNICIANS_ROOM)
    ann = accept(line)
    line.run(5)
    alone = ann.heard[-1]
    dequeue(line)
    line.run(1)

    assert alone == "[music]"
    assert line.caller.is_talking_to(ann)


def test_a_caller_nobody_takes_out_leaves_by_the_wait_document(line: Line) -> None:
    queue(line).service.on("/accepted", TECHNICIANS_ROOM)
    line.service.on("/wait", "<Leave/>")
    ann = accept(line)
    line.run(15)

    assert line.service.only("/left")["QueueResult"] == "leave"
    assert line.caller.is_talking_to(ann)


def test_a_caller_who_hangs_up_just_then_leaves_the_technician_alone(line: Line) -> None:
    queue(line).service.on("/accepted", TECHNICIANS_ROOM)
    ann = accept(line)
    line.run(2)
    dequeue(line)
    line.caller.hang_up()
    line.run(5)

    assert ann.on_a_call
    assert not ann.is_talking_to(line.caller)
    assert line.events("bridged", "unbridged") == []


def dial_queue(line: Line, whisper: str = "") -> Phone:
    url = f'url="{whisper}"' if whisper else ""
    line.service.on("/accepted", f'<Dial action="/done"><Queue {url}>support</Queue></Dial>')
    line.service.on("/done", "<Say>Done.</Say>").on("/left", "<Say>Out.</Say><Pause length='9'/>")
    return accept(line)


def test_a_caller_redirected_out_of_a_talk_is_told_as_such(line: Line) -> None:
    ann = dial_queue(queue(line))
    line.run(4)
    line.service.on("/new", "<Say>Elsewhere.</Say>")
    line.rest.calls(line.caller.call_sid).update(url=f"{SERVICE}/new")
    line.caller.hears("Elsewhere")
    ann.hears("Done")

    assert line.service.only("/left")["QueueResult"] == "redirected-from-bridged"
    assert line.service.only("/done")["DialBridged"] == "true"
    assert "DialCallDuration" not in line.service.only("/done")


def test_a_technician_redirected_out_of_a_talk_leaves_the_caller_to_the_action(line: Line) -> None:
    ann = dial_queue(queue(line))
    line.run(4)
    line.service.on("/new", "<Say>Elsewhere.</Say>")
    line.rest.calls(ann.call_sid).update(url=f"{SERVICE}/new")
    ann.hears("Elsewhere")
    line.caller.hears("Out.")

    assert line.service.only("/left")["QueueResult"] == "bridged"
    assert line.service.asked_for("/done") == []


def test_a_whisper_of_the_queue_that_fails_is_an_error_to_both(line: Line) -> None:
    line.service.on("/soon", Answer(500))
    ann = dial_queue(queue(line), "/soon")
    line.caller.hears("Out.")
    ann.hears("Done")

    assert line.service.only("/left")["QueueResult"] == "error"
    assert line.service.only("/done")["DialCallStatus"] == "no-answer"


def test_a_caller_who_hangs_up_in_the_whisper_was_not_bridged(line: Line) -> None:
    line.service.on("/soon", "<Say>You will be connected very soon.</Say><Pause length='5'/>")
    ann = dial_queue(queue(line), "/soon")
    line.caller.hears("very soon").hang_up()
    ann.hears("Done")

    assert line.service.only("/left")["QueueResult"] == "hangup"
    assert line.service.only("/done")["DialBridged"] == "false"


def test_a_queue_of_taskrouter_is_not_simulated(line: Line) -> None:
    line.service.on("/left", "<Say>Out.</Say>")
    workflow = f'workflowSid="WW{"0" * 32}"'
    line.call(f'<Enqueue {workflow} action="/left"><Task>{{}}</Task></Enqueue>').hears("Out.")

    assert line.service.only("/left")["QueueResult"] == "error"
    assert line.codes() == [12200]
