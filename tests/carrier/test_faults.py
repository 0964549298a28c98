"""Faults on demand, and that the same seed makes the same bad day."""

import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from ivr.carrier.faults import Knob
from tests.carrier.scripted import CALLER, LINE, SERVICE, Asked, Line

ANN = "+12125550101"
STEPS = 'statusCallbackEvent="initiated ringing answered completed"'


def talk(line: Line) -> list[Asked]:
    """A dialled leg with four status callbacks; what the service got of them, in its order."""
    line.service.on("/steps", "")
    ann = line.phone(ANN, "ann").answers_by_itself(1)
    line.call(f'<Dial><Number statusCallback="/steps" {STEPS}>{ANN}</Number></Dial>')
    line.run(5)
    ann.hang_up()
    line.run(60)
    return line.service.asked_for("/steps")


def test_a_duplicate_is_the_same_bytes_twice(line: Line) -> None:
    line.exchange.faults.duplicate("status", copies=2)
    steps = talk(line)

    assert len(steps) == 12
    assert len({(step.body, step.headers["X-Twilio-Signature"]) for step in steps}) == 4
    assert (
        len(line.events("request", kind="status", copy=True)) == 2 * len(line.events("ended")) + 6
    )


def test_a_document_that_is_asked_for_twice_is_played_once(line: Line) -> None:
    line.exchange.faults.duplicate("/voice", times=1)
    line.call("<Say>Hello.</Say>").is_left()

    assert len(line.service.asked_for("/voice")) == 2
    assert line.caller.heard == ["Hello."]


def test_a_dropped_callback_never_arrives(line: Line) -> None:
    line.exchange.faults.drop(lambda request: ("CallStatus", "completed") in request.fields)
    steps = talk(line)

    assert [step["CallStatus"] for step in steps] == ["initiated", "ringing", "in-progress"]


def test_a_delayed_callback_comes_late(line: Line) -> None:
    line.exchange.faults.delay(lambda r: ("CallStatus", "ringing") in r.fields, 30)
    steps = talk(line)

    assert steps[-1]["CallStatus"] == "ringing"
    assert steps[-1]["SequenceNumber"] == "1"


def test_callbacks_overtake_each_other_differently_for_every_seed() -> None:
    orders = []
    for seed in (1, 1, 2, 3, 4):
        line = Line(seed)
        line.exchange.faults.reorder("/steps", within=30)
        orders.append([step["SequenceNumber"] for step in talk(line)])

    assert all(sorted(order) == ["0", "1", "2", "3"] for order in orders)
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders}) > 1


def test_a_reply_may_get_lost_after_the_work_was_done(line: Line) -> None:
    line.number.voice_url = f"{SERVICE}/voice#rp=rt&rc=1"
    line.exchange.faults.lose_reply("/voice", times=1)
    line.call("<Say>Hello.</Say>").hears("Hello")

    assert len(line.service.asked_for("/voice")) == 2
    assert [entry["failure"] for entry in line.events("request")][:2] == ["read", ""]


def test_a_chance_strikes_about_as_often_as_it_says() -> None:
    line = Line(7)
    line.exchange.faults.duplicate("/voice", chance=0.5)
    line.service.on("/voice", "")
    for _ in range(40):
        line.caller.dial(LINE).is_left()

    assert 50 < len(line.service.asked_for("/voice")) < 70


def test_a_replay_is_the_old_request_with_its_old_signature(line: Line) -> None:
    line.call("<Say>Hello.</Say>").is_left()
    line.run(1)
    for entry in line.events("request"):
        line.exchange.replay(entry)
    line.run(1)

    first, again = line.service.asked_for("/voice")
    assert (first.body, first.headers) == (again.body, again.headers)
    assert len(line.service.asked_for("/over")) == 2


REST = [("429", 429, 20429), ("500", 500, 20500)]


@pytest.mark.parametrize(("fault", "status", "code"), REST)
def test_the_rest_api_refuses_and_does_nothing(
    line: Line, fault: str, status: int, code: int
) -> None:
    line.exchange.faults.rest(fault)
    with pytest.raises(TwilioRestException) as refused:
        line.rest.calls.create(to=ANN, from_=LINE, url=f"{SERVICE}/made")

    assert (refused.value.status, refused.value.code) == (status, code)
    assert line.rest.calls.list() == []
    line.rest.calls.create(to=ANN, from_=LINE, url=f"{SERVICE}/made")


def test_the_rest_api_works_and_its_answer_gets_lost(line: Line) -> None:
    line.exchange.faults.rest("lost", path="/Calls.json")
    with pytest.raises(requests.ReadTimeout):
        line.rest.calls.create(to=ANN, from_=LINE, url=f"{SERVICE}/made")

    (call,) = line.rest.calls.list()
    assert call.to == ANN
    line.phone(ANN, "ann").rings()


def recorded(line: Line) -> str:
    """A recording that is complete; its media's address."""
    line.call("<Record action='/said' maxLength='3'/>")
    line.run(10)
    (entry,) = line.events("recorded")
    account = line.exchange.credentials.account_sid
    return f"/2010-04-01/Accounts/{account}/Recordings/{entry['recording']}.wav"


def fetch(line: Line, path: str, seconds: float = 5) -> requests.Response:
    known = line.exchange.credentials
    return line.session.get(
        f"http://carrier.test/api{path}",
        auth=(known.account_sid, known.auth_token),
        timeout=seconds,
    )


def test_media_may_be_missing_for_a_while(line: Line) -> None:
    line.exchange.faults.media_missing(30)
    path = recorded(line)
    early = fetch(line, path).status_code
    line.run(30)

    assert (early, fetch(line, path).status_code) == (404, 200)


def test_media_may_break_off_once(line: Line) -> None:
    path = recorded(line)
    line.exchange.faults.media_short()
    half, whole = (len(fetch(line, path).content) for _ in range(2))

    assert half * 2 == pytest.approx(whole, abs=2)


def test_media_may_take_longer_than_its_client_waits(line: Line) -> None:
    path = recorded(line)
    line.exchange.faults.media_slow(8)
    with pytest.raises(requests.ReadTimeout):
        fetch(line, path, 5)

    assert fetch(line, path, 10).status_code == 200


def test_every_knob_has_a_name_and_can_be_turned_back(line: Line) -> None:
    for knob in Knob:
        line.exchange.faults.turn(knob.value, "/voice", 1, 1)
    line.exchange.faults.rest("500")
    line.exchange.faults.media_missing(5)
    line.exchange.faults.clear()
    line.call("<Say>Hello.</Say>").hears("Hello")

    assert len(line.service.asked_for("/voice")) == 1
    with pytest.raises(ValueError, match="explode"):
        line.exchange.faults.turn("explode")


def afternoon(seed: int) -> list[dict[str, object]]:
    """Forty calls that meet, fail and leave, with faults; everything the carrier noted."""
    line = Line(seed)
    faults = line.exchange.faults
    faults.duplicate("status", chance=0.3)
    faults.reorder("action", within=3, chance=0.3)
    line.service.on("/left", "<Say>Goodbye.</Say>").on("/wait", "<Say>Please wait.</Say>")
    line.service.on("/keyed", '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>')
    line.service.on("/voice", '<Gather action="/keyed"><Say>Enter it.</Say></Gather>')
    line.service.on("/made", "<Dial><Queue>support</Queue></Dial>")
    for n in range(20):
        line.exchange.phone(f"+1212555{n:04}").dial(LINE).press(f"{n}#")
        line.exchange.phone(f"+1212777{n:04}").answers_by_itself(n % 5)
        line.rest.calls.create(to=f"+1212777{n:04}", from_=LINE, url=f"{SERVICE}/made")
        line.run(2)
    line.run(60)
    return list(line.exchange.ledger)


def test_the_same_seed_is_the_same_afternoon_to_the_last_entry() -> None:
    assert afternoon(5) == afternoon(5)
    assert afternoon(5) != afternoon(6)


def test_a_call_of_ten_turns_costs_a_few_milliseconds() -> None:
    line = Line()
    ask = '<Gather action="/keyed?{n}" numDigits="1"><Say>Enter a key please.</Say></Gather>'
    line.service.on("/voice", ask.format(n=0))
    line.service.on("/keyed", lambda asked: ask.format(n=len(asked.url)))
    began = time.process_time()
    for _ in range(50):
        line.exchange.phone(CALLER).dial(LINE).press("1w" * 10).hang_up().is_left(60)

    assert (time.process_time() - began) / 50 < 0.03
    assert len(line.service.asked_for("/keyed")) == 500
