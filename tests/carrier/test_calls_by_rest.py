"""Calls made, redirected and ended by REST, and the callbacks that tell of them."""

from collections.abc import Iterable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.carrier import Phone
from tests.carrier.scripted import LINE, SERVICE, Answer, Asked, Line

ANN = "+12125550101"
EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
def ann(line: Line) -> Phone:
    line.service.on("/made", "<Say>Hello Ann.</Say><Pause length='60'/>").on("/told", "")
    return line.phone(ANN, "Ann")


def make(line: Line, **asked: Any) -> Any:
    usual: dict[str, Any] = {
        "to": ANN,
        "from_": LINE,
        "url": f"{SERVICE}/made",
        "status_callback": f"{SERVICE}/told",
        "status_callback_event": EVENTS,
    }
    return line.rest.calls.create(**{**usual, **asked})


def statuses(told: Iterable[Asked]) -> list[str]:
    return [asked["CallStatus"] for asked in told]


def test_a_call_is_queued_rings_is_answered_and_plays_its_document(line: Line, ann: Phone) -> None:
    call = make(line)
    assert call.status == "queued"
    ann.rings().answer().hears("Hello Ann").hang_up().is_left()
    line.run(1)

    told = line.service.asked_for("/told")
    assert statuses(told) == ["initiated", "ringing", "in-progress", "completed"]
    assert [asked["SequenceNumber"] for asked in told] == ["0", "1", "2", "3"]
    assert {asked["CallSid"] for asked in told} == {call.sid}
    assert {asked["Direction"] for asked in told} == {"outbound-api"}
    assert {asked["CallbackSource"] for asked in told} == {"call-progress-events"}
    assert told[0]["Timestamp"] == "Wed, 04 Mar 2026 15:00:00 +0000"
    assert (told[-1]["SipResponseCode"], told[-1]["Duration"]) == ("200", "1")
    assert all(asked.is_signed() for asked in told)
    assert line.service.only("/made")["CallStatus"] == "in-progress"


def test_only_the_end_is_told_by_default(line: Line, ann: Phone) -> None:
    make(line, status_callback_event=None)
    ann.rings().answer().hears("Hello Ann").hang_up().is_left()
    line.run(1)

    told = line.service.only("/told")
    assert (told["CallStatus"], told["SequenceNumber"]) == ("completed", "0")


ENDS = [
    (lambda ann: ann.is_busy(), "busy", "486"),
    (lambda ann: ann.is_unreachable(), "failed", "404"),
    (lambda ann: ann.does_not_answer(), "no-answer", "487"),
]


@pytest.mark.parametrize(("behaves", "status", "code"), ENDS)
def test_a_call_that_is_not_answered_says_why(
    line: Line, ann: Phone, behaves: Any, status: str, code: str
) -> None:
    behaves(ann)
    call = make(line, timeout=20)
    line.run(30)

    last = line.service.asked_for("/told")[-1]
    assert (last["CallStatus"], last["SipResponseCode"]) == (status, code)
    assert line.rest.calls(call.sid).fetch().status == status
    assert line.service.asked_for("/made") == []


def test_it_rings_five_seconds_longer_than_its_timeout(line: Line, ann: Phone) -> None:
    make(line, timeout=20)
    ann.rings()
    line.run(24)
    rang = ann.ringing
    line.run(2)

    assert (rang, ann.ringing) == (True, False)


def test_one_call_a_second_is_begun(line: Line, ann: Phone) -> None:
    tom = line.phone("+12125550102", "Tom")
    make(line)
    second = make(line, to=tom.number)
    line.run(0.5)

    assert (ann.ringing, tom.ringing) == (True, False)
    assert second.queue_time == "1000"
    tom.rings(1)


def test_a_call_cancelled_in_the_queue_is_told_to_nobody(line: Line, ann: Phone) -> None:
    make(line)
    queued = make(line, to="+12125550102")
    updated = line.rest.calls(queued.sid).update(status="canceled")
    line.run(5)

    assert updated.status == "canceled"
    assert queued.sid not in {asked["CallSid"] for asked in line.service.asked}
    assert ann.ringing


@pytest.mark.parametrize("status", ["canceled", "completed"])
def test_a_ringing_call_can_be_taken_back(line: Line, ann: Phone, status: str) -> None:
    call = make(line)
    ann.rings()
    line.rest.calls(call.sid).update(status=status)
    line.run(1)

    assert not ann.ringing
    assert line.service.asked_for("/told")[-1]["CallStatus"] == "canceled"


def test_canceling_leaves_a_live_call_alone_and_completing_ends_it(line: Line, ann: Phone) -> None:
    call = make(line)
    ann.rings().answer().hears("Hello")
    stays = []
    for status in ("canceled", "completed"):
        line.rest.calls(call.sid).update(status=status)
        line.run(1)
        stays.append(ann.on_a_call)

    assert stays == [True, False]
    assert line.service.asked_for("/told")[-1]["CallStatus"] == "completed"


def test_a_live_call_is_redirected_and_its_old_document_forgotten(line: Line) -> None:
    line.service.on("/new", "<Say>Something else.</Say>")
    line.call("<Say>Hello.</Say><Pause length='30'/><Say>Never.</Say>").hears("Hello")
    line.rest.calls(line.caller.call_sid).update(url=f"{SERVICE}/new")
    line.caller.hears("Something else", 3).is_left()

    assert "Never." not in line.caller.heard


def test_a_redirect_in_mid_request_wins_over_the_answer(line: Line) -> None:
    line.service.on("/new", "<Say>Redirected.</Say>")

    def redirect(asked: Asked) -> str:
        line.rest.calls(asked["CallSid"]).update(url=f"{SERVICE}/new")
        return "<Say>Answered.</Say>"

    line.service.on("/keyed", redirect)
    line.call('<Gather action="/keyed" numDigits="1"><Say>Enter</Say></Gather>')
    line.caller.hears("Enter").press("1").hears("Redirected")

    assert "Answered." not in line.caller.heard


def test_a_call_that_is_not_in_progress_cannot_be_redirected(line: Line, ann: Phone) -> None:
    call = make(line)
    ann.rings()
    with pytest.raises(TwilioRestException) as refused:
        line.rest.calls(call.sid).update(url=f"{SERVICE}/new")

    assert (refused.value.status, refused.value.code) == (400, 21220)


INLINE = [
    ('<Gather action="/keyed"/>', 15004),
    ("<Gather/>", 11100),
    ('<Record action="/said"/>', 15004),
    ("<Record/>", 11100),
]


@pytest.mark.parametrize(("verb", "code"), INLINE)
def test_inline_twiml_needs_absolute_actions(line: Line, verb: str, code: int) -> None:
    line.call("<Say>Hello.</Say><Pause length='30'/>").hears("Hello")
    line.rest.calls(line.caller.call_sid).update(twiml=f"<Response>{verb}</Response>")
    line.caller.speak("hm").press("1#").hears("application error", 20)

    assert code in line.codes()


def test_a_live_call_redirected_to_a_record_needs_an_action(line: Line) -> None:
    line.service.on("/new", "<Record/>")
    line.call("<Say>Hello.</Say><Pause length='30'/>").hears("Hello")
    line.rest.calls(line.caller.call_sid).update(url=f"{SERVICE}/new")
    line.caller.hears("application error")

    assert line.codes() == [11100]


def test_a_call_may_come_with_its_twiml(line: Line, ann: Phone) -> None:
    make(line, url=None, twiml="<Response><Say>Inline.</Say></Response>")
    ann.rings().answer().hears("Inline").is_left()

    assert line.service.asked_for("/made") == []


def test_a_created_call_has_its_own_fallback(line: Line, ann: Phone) -> None:
    line.service.on("/made", Answer(500)).on("/spare", "<Say>Spare.</Say>")
    make(line, fallback_url=f"{SERVICE}/spare")
    ann.rings().answer().hears("Spare")

    assert line.service.only("/spare")["ErrorCode"] == "11217"


def test_redirecting_one_of_two_who_talk_lets_the_other_go_on(line: Line, ann: Phone) -> None:
    line.service.on("/new", "<Say>Elsewhere.</Say><Pause length='30'/>")
    line.service.on("/dialed", "<Say>Alone again.</Say>")
    line.call(f'<Dial action="/dialed"><Number>{ANN}</Number></Dial>').hears("[ringing]")
    ann.rings().answer()
    line.run(3)
    assert line.caller.is_talking_to(ann)
    line.rest.calls(ann.call_sid).update(url=f"{SERVICE}/new")
    ann.hears("Elsewhere")
    line.caller.hears("Alone again")

    dialed = line.service.only("/dialed")
    assert (dialed["DialCallStatus"], dialed["DialBridged"]) == ("completed", "true")
    assert "DialCallDuration" not in dialed
    assert ann.on_a_call


def test_redirecting_the_caller_hangs_up_the_one_they_talked_to(line: Line, ann: Phone) -> None:
    line.service.on("/new", "<Say>Elsewhere.</Say>")
    line.call(f"<Dial><Number>{ANN}</Number></Dial>").hears("[ringing]")
    ann.rings().answer()
    line.run(3)
    line.rest.calls(line.caller.call_sid).update(url=f"{SERVICE}/new")
    line.caller.hears("Elsewhere")

    assert not ann.on_a_call
