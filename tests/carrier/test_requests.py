"""What the carrier sends: the parameters of contract 1.1, the signature, and how patient it is."""

from urllib.parse import parse_qsl

import pytest

from ivr.carrier.overrides import BadOverride, Overrides, read_overrides
from ivr.carrier.signing import IDEMPOTENCY, sign, wire_url
from tests.carrier.scripted import ACCOUNT, CALLER, LINE, SERVICE, TOKEN, Answer, Asked, Line

UNAUTHORIZED = Answer(401, headers=(("WWW-Authenticate", 'Basic realm="line"'),))


def test_the_first_request_carries_every_standard_parameter(line: Line) -> None:
    line.call("<Say>Hello.</Say>").hears("Hello")

    fields = line.service.only("/voice").fields
    assert fields.pop("CallSid") == line.caller.call_sid
    assert len(fields.pop("CallToken")) > 20
    assert fields == {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "Direction": "inbound",
        **dict.fromkeys(("From", "Caller"), CALLER),
        **dict.fromkeys(("To", "Called"), LINE),
        **{
            end + place: ""
            for end in ("From", "Caller", "To", "Called")
            for place in ("City", "State", "Zip")
        },
        **{end + "Country": "US" for end in ("From", "Caller", "To", "Called")},
        "StirVerstat": "TN-Validation-Passed-A",
    }


def test_later_requests_carry_them_too_with_the_call_in_progress(line: Line) -> None:
    line.service.on("/next", "")
    line.call("<Say>Hello.</Say><Redirect>/next</Redirect>").is_left()

    first, second = line.service.only("/voice").fields, line.service.only("/next").fields
    assert second.pop("CallStatus") == "in-progress"
    assert {**second, "CallStatus": "ringing"} == first


@pytest.mark.parametrize("caller", ["anonymous", "+266696687", "sip:ann@example.com", "4455"])
def test_a_caller_without_a_proper_number_is_told_as_it_comes(line: Line, caller: str) -> None:
    line.service.on("/voice", "")
    line.exchange.phone(caller).dial(LINE).is_left()

    assert line.service.only("/voice")["From"] == caller


def test_a_forwarded_call_says_by_whom(line: Line) -> None:
    line.service.on("/voice", "")
    line.caller.dial(LINE, forwarded_from="+12125550101").is_left()

    assert line.service.only("/voice")["ForwardedFrom"] == "+12125550101"


def test_the_name_of_the_caller_is_told_only_where_it_is_looked_up(line: Line) -> None:
    line.service.on("/voice", "")
    line.caller.dial(LINE).is_left()
    line.number.voice_caller_id_lookup = True
    line.caller.dial(LINE).is_left()

    without, with_name = line.service.asked_for("/voice")
    assert "CallerName" not in without
    assert with_name["CallerName"] == "CALLER"


def test_the_signature_is_the_one_of_twilios_own_example() -> None:
    example = "CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234"
    example += "&From=%2B14158675310&To=%2B18005551212"

    signature = sign("12345", "https://example.com/myapp.php?foo=1&bar=2", parse_qsl(example))
    assert signature == "L/OH5YylLD5NRKLltdqwSvS0BnU="


PORTS = [
    ("https://example.com:8443/x", "https://example.com/x", True),
    ("https://[::1]:8443/x", "https://[::1]/x", True),
    ("http://example.com:8080/x", "http://example.com/x", False),
]


@pytest.mark.parametrize(("url", "other", "same"), PORTS)
def test_a_port_is_dropped_over_https_and_kept_over_http(url: str, other: str, same: bool) -> None:
    assert (sign(TOKEN, url, ()) == sign(TOKEN, other, ())) is same


def test_user_password_and_fragment_never_go_over_the_wire() -> None:
    assert wire_url("https://ann:pw@h.test:1/x?a=1#rc=2") == "https://h.test:1/x?a=1"


def test_requests_are_signed_with_the_primary_token_until_the_other_is_promoted(line: Line) -> None:
    line.exchange.credentials.secondary_token = "the next token"
    line.call("").is_left()
    line.exchange.credentials.promote_secondary()
    line.caller.dial(LINE).is_left()

    before, after = line.service.asked_for("/voice")
    assert (before.is_signed(), before.is_signed("the next token")) == (True, False)
    assert (after.is_signed(), after.is_signed("the next token")) == (False, True)
    with pytest.raises(ValueError, match="no secondary token"):
        line.exchange.credentials.promote_secondary()


def test_a_url_of_the_wire_keeps_its_escapes_and_is_signed_so(line: Line) -> None:
    line.service.on("/next", "")
    line.call("<Redirect>/next?name=Jos%C3%A9&amp;z=%5B1%5D</Redirect>").is_left()

    asked = line.service.only("/next")
    assert asked.url.endswith("/next?name=Jos%C3%A9&z=%5B1%5D")
    assert asked.is_signed()


def test_a_password_is_given_only_when_it_is_asked_for(line: Line) -> None:
    line.number.voice_url = "http://ann:s3cret@service.test:8080/voice"
    line.service.on("/voice", UNAUTHORIZED, "<Say>Welcome.</Say>")
    line.caller.dial(LINE).hears("Welcome")

    without, with_password = line.service.asked_for("/voice")
    assert "Authorization" not in without.headers
    assert with_password.headers["Authorization"] == "Basic YW5uOnMzY3JldA=="
    assert with_password.is_signed()


def test_a_redirect_of_http_loses_what_was_keyed(line: Line) -> None:
    line.service.on("/keyed", Answer(302, headers=(("Location", "/keyed/"),)))
    line.service.on("/keyed/", "<Say>Thank you.</Say>")
    line.call('<Gather action="/keyed" numDigits="1"><Say>Enter</Say></Gather>')
    line.caller.hears("Enter").press("1").hears("Thank you")

    followed = line.service.only("/keyed/")
    assert followed.method == "GET"
    assert "Digits" not in followed
    assert followed["CallSid"] == line.caller.call_sid
    assert followed.is_signed()


def test_more_than_ten_redirects_of_http_are_too_many(line: Line) -> None:
    line.service.on("/voice", Answer(307, headers=(("Location", "/voice"),)))
    line.caller.dial(LINE).hears("application error")

    assert line.codes() == [11215]
    assert len(line.service.asked_for("/voice")) == 11


FRAGMENTS = [
    ("", Overrides()),
    ("ct=2000&rt=5000&rc=2&rp=ct,rt,5xx&tt=14000",
     Overrides(2, 5, 14, 2, frozenset({"ct", "rt", "5xx"}))),
    ("e=dublin&sni=y", Overrides()),
]  # fmt: skip


@pytest.mark.parametrize(("fragment", "meaning"), FRAGMENTS)
def test_connection_overrides_are_read(fragment: str, meaning: Overrides) -> None:
    assert read_overrides(fragment) == meaning


@pytest.mark.parametrize("fragment", ["ct=50", "rc=6", "rt=x", "rp=3xx", "retries=2"])
def test_overrides_twilio_does_not_know_are_refused(fragment: str) -> None:
    with pytest.raises(BadOverride):
        read_overrides(fragment)


def test_a_wrong_override_is_reported_and_the_request_made(line: Line) -> None:
    line.number.voice_url = f"{SERVICE}/voice#rc=99"
    line.call("<Say>Hello.</Say>").hears("Hello")

    assert line.codes() == [11100]


def test_a_server_error_is_tried_again_only_where_the_fragment_says_so(line: Line) -> None:
    line.number.voice_url = f"{SERVICE}/voice#rc=2&rp=5xx"
    line.service.on("/voice", Answer(500), Answer(503), "<Say>At last.</Say>")
    line.caller.dial(LINE).hears("At last")

    asked = line.service.asked_for("/voice")
    assert len(asked) == 3
    assert {request.url for request in asked} == {f"{SERVICE}/voice"}
    assert len({request.headers[IDEMPOTENCY] for request in asked}) == 1
    assert [entry["attempt"] for entry in line.events("request", kind="document")] == [1, 2, 3]


def test_two_requests_have_two_idempotency_tokens(line: Line) -> None:
    line.service.on("/next", "")
    line.call("<Redirect>/next</Redirect>").is_left()

    assert len({asked.headers[IDEMPOTENCY] for asked in line.service.asked}) == 2


def test_a_connection_that_cannot_be_made_is_tried_twice_in_ten_seconds(line: Line) -> None:
    line.exchange.faults.drop("/voice")
    line.caller.dial(LINE).hears("application error")

    assert line.now == pytest.approx(10)
    assert [entry["failure"] for entry in line.events("request")] == ["connect", "connect"]
    assert line.codes() == [11205]


SLOWNESS = [(14.0, "Hello."), (16.0, "We're sorry")]


@pytest.mark.parametrize(("seconds", "heard"), SLOWNESS)
def test_fifteen_seconds_are_the_end_of_patience(line: Line, seconds: float, heard: str) -> None:
    line.exchange.faults.slow("/voice", seconds)
    line.call("<Say>Hello.</Say>").hears(heard)

    assert line.now == pytest.approx(min(seconds, 15))
    assert len(line.service.asked_for("/voice")) == 1


def test_a_total_time_ends_the_retries(line: Line) -> None:
    line.number.voice_url = f"{SERVICE}/voice#rt=2000&tt=5000&rc=5&rp=rt"
    line.exchange.faults.slow("/voice", 9)
    line.call("").hears("application error")

    assert line.now == pytest.approx(5)
    assert len(line.service.asked_for("/voice")) == 3


def test_a_status_callback_that_is_refused_is_a_warning(line: Line) -> None:
    line.service.on("/over", Answer(500))
    line.call("").is_left()
    line.run(1)

    assert line.codes() == [15003]


def test_a_url_that_is_none_is_an_error(line: Line) -> None:
    line.call("<Redirect>http://under_score.test/x</Redirect>").hears("application error")

    assert line.codes() == [11100]


def test_the_service_may_answer_with_what_it_was_asked(line: Line) -> None:
    def repeat(asked: Asked) -> str:
        return f"<Say>{asked['From']}</Say>"

    line.service.on("/voice", repeat)
    line.caller.dial(LINE).hears(CALLER)
