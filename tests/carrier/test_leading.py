"""Redirect, Reject, Hangup; documents that fail, the fallback, and the carrier's own apology."""

import pytest

from ivr.carrier.assumptions import Assumptions
from ivr.carrier.lives import APP_ERROR
from tests.carrier.scripted import LINE, SERVICE, Answer, Line, twiml


def test_a_redirect_goes_to_another_document_and_what_follows_is_not_done(line: Line) -> None:
    line.service.on("/next?turn=2", "").on("/next", "<Say>The next document.</Say>")
    line.call("<Redirect>/next?turn=2</Redirect><Say>Never.</Say>").hears("The next document")
    line.caller.is_left()

    assert line.service.only("/next")["turn"] == "2"
    assert "Never." not in line.caller.heard


def test_a_redirect_by_get_is_a_get(line: Line) -> None:
    line.service.on("/next", "<Say>There.</Say>")
    line.call('<Redirect method="GET">/next</Redirect>').hears("There")

    assert line.service.only("/next").method == "GET"


def test_documents_that_only_redirect_to_each_other_end_somewhere(line: Line) -> None:
    line.call("<Redirect>/voice</Redirect>").hears(APP_ERROR, 60)

    assert line.codes() == [12400]
    assert len(line.service.asked_for("/voice")) == 101


REJECTIONS = [("", "no-answer"), ('reason="rejected"', "no-answer"), ('reason="busy"', "busy")]


@pytest.mark.parametrize(("reason", "status"), REJECTIONS)
def test_a_rejected_call_is_never_answered(line: Line, reason: str, status: str) -> None:
    line.call(f"<Reject {reason}/>").is_left()
    line.run(1)

    assert line.events("answered") == []
    assert line.service.only("/over")["CallStatus"] == status
    assert line.codes() == []


def test_a_reject_after_something_else_only_hangs_up(line: Line) -> None:
    line.call("<Say>Hello.</Say><Reject/>").hears("Hello").is_left()
    line.run(1)

    assert line.codes() == [12200]
    assert line.service.only("/over")["CallStatus"] == "completed"


def test_a_hangup_ends_the_call_and_is_told_with_its_length(line: Line) -> None:
    line.call('<Pause length="2"/><Say>a b c d e f g h i j</Say><Hangup/><Say>Never.</Say>')
    line.caller.is_left()
    line.run(1)

    over = line.service.only("/over")
    assert (over["CallStatus"], over["CallDuration"], over["Duration"]) == ("completed", "4", "1")
    assert "Never." not in line.caller.heard


def test_an_empty_document_answers_and_ends(line: Line) -> None:
    line.call("").is_left()

    assert len(line.events("answered")) == 1


FAILURES = [
    (Answer(500, b"", "text/plain"), 11217),
    (Answer(403, b"", "text/plain"), 11217),
    (Answer(200, b"<Response><Say>", "text/xml"), 12100),
    (Answer(200, b"\n <?xml version='1.0'?><Response/>", "text/xml"), 12100),
    (Answer(200, b"", "text/xml"), 12100),
    (Answer(200, b"<Reply/>", "text/xml"), 12102),
    (Answer(200, twiml("<Say>a\x01</Say>"), "text/xml"), 12100),
    (Answer(200, twiml("<Say>" + "a " * 40000 + "</Say>"), "text/xml"), 11750),
    (Answer(200, twiml(""), "application/json"), 12300),
    (Answer(200, twiml(""), ""), 12300),
]


@pytest.mark.parametrize(("answer", "code"), FAILURES)
def test_a_document_that_is_none_leads_to_the_fallback(
    line: Line, answer: Answer, code: int
) -> None:
    line.number.voice_fallback_url = f"{SERVICE}/fallback"
    line.service.on("/voice", answer).on("/fallback", "<Say>We are still here.</Say>")
    line.caller.dial(LINE).hears("We are still here")

    asked = line.service.only("/fallback")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == (str(code), f"{SERVICE}/voice")
    assert asked.is_signed()
    assert line.codes() == [code]
    assert line.exchange.ledger.app_errors_played == 0


def test_without_a_fallback_the_carrier_apologizes_and_the_call_ends(line: Line) -> None:
    line.service.on("/voice", Answer(500))
    line.caller.dial(LINE).hears(APP_ERROR).is_left()

    assert line.exchange.ledger.app_errors_played == 1
    assert line.events("app_error_played")[0]["code"] == 11217


def test_a_fallback_that_fails_too_ends_in_the_apology(line: Line) -> None:
    line.number.voice_fallback_url = f"{SERVICE}/fallback"
    line.service.on("/voice", Answer(500)).on("/fallback", Answer(500))
    line.caller.dial(LINE).hears(APP_ERROR).is_left()

    assert line.codes() == [11217, 11217]


def test_the_fallback_also_covers_an_action_in_mid_call(line: Line) -> None:
    line.number.voice_fallback_url = f"{SERVICE}/fallback"
    line.service.on("/keyed", Answer(500)).on("/fallback", "<Say>Still here.</Say>")
    line.call('<Gather action="/keyed" numDigits="1"><Say>Enter</Say></Gather>')
    line.caller.hears("Enter").press("1").hears("Still here")

    assert line.service.only("/fallback")["ErrorUrl"] == f"{SERVICE}/keyed"


def test_or_it_does_not_cover_an_action() -> None:
    line = Line(assume=Assumptions(fallback_covers_actions=False))
    line.number.voice_fallback_url = f"{SERVICE}/fallback"
    line.service.on("/fallback", "<Say>Still here.</Say>")
    line.call("<Redirect>/gone</Redirect>").hears(APP_ERROR)

    assert line.service.asked_for("/fallback") == []


def test_a_number_without_voice_url_is_not_in_service(line: Line) -> None:
    line.number.voice_url = ""
    line.caller.dial(LINE).hears("[not in service]")

    assert line.events("not_connected")[0]["why"] == "not in service"


def test_a_number_that_is_not_ours_is_not_in_service(line: Line) -> None:
    line.caller.dial("+15555550000").hears("[not in service]")

    assert line.service.asked == []


def test_a_caller_who_hangs_up_during_a_request_is_gone_when_the_answer_comes(line: Line) -> None:
    line.exchange.faults.slow("/voice", 8)
    line.call("<Say>Hello.</Say>")
    line.run(4)
    line.caller.hang_up()
    line.run(20)

    assert line.caller.heard == []
    assert line.service.only("/over")["CallStatus"] == "no-answer"
