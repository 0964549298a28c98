"""The carrier in real time, over real sockets, and its telephones over HTTP."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.serving import make_server

from ivr.carrier.office import Credentials
from ivr.carrier.process import Carrier, Plan, QuietRequests
from ivr.carrier.sound import seconds_of
from tests.carrier.scripted import ACCOUNT, CALLER, LINE, TOKEN, Answer, Asked, AtCarrier, Service

TECHNICIAN = "+12125550101"
FAST = 20.0
WITHIN = 10.0


class Town:
    """A service and a carrier, each behind its own port."""

    def __init__(self, ledger: Path) -> None:
        self.service = Service()
        self._server = make_server(
            "127.0.0.1", 0, self.service, threaded=True, request_handler=QuietRequests
        )
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        credentials = Credentials(ACCOUNT, TOKEN, api_key_sid="SK1", api_key_secret="secret")
        phones = {TECHNICIAN: "Ann"}
        self.carrier = Carrier(
            Plan(credentials, numbers=(LINE,), phones=phones, ledger=ledger, speed=FAST)
        ).serve_in_background()
        self.exchange = self.carrier.exchange
        self.session = requests.Session()
        self.session.trust_env = False
        self.rest = Client(ACCOUNT, TOKEN, http_client=AtCarrier(self.session, self.carrier.url))
        (number,) = self.rest.incoming_phone_numbers.list(phone_number=LINE)
        number.update(voice_url=f"{self.address}/voice", status_callback=f"{self.address}/over")
        self.service.on("/over", "")
        self.caller = self.exchange.phone(CALLER, "caller")
        self.technician = self.exchange.phone(TECHNICIAN)

    def close(self) -> None:
        self.session.close()
        self.carrier.close()
        self._server.shutdown()
        self._server.server_close()

    def use(self, number: str, action: str, **asked: str) -> requests.Response:
        """Use a telephone over HTTP."""
        address = f"{self.carrier.url}/phones/{number}/{action}"
        return self.session.post(address, json=asked, timeout=5)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path / "ledger.jsonl")
    yield town
    town.close()


def test_a_call_goes_through_over_sockets_and_is_signed(town: Town) -> None:
    town.service.on("/voice", '<Gather action="/keyed" numDigits="3"><Say>Enter it</Say></Gather>')
    town.service.on("/keyed", "<Say>Thank you.</Say>")
    town.caller.dial(LINE).hears("Enter it", WITHIN).press("123").hears("Thank you", WITHIN)
    town.caller.is_left(WITHIN)

    assert all(asked.is_signed() for asked in town.service.asked)
    assert town.service.only("/keyed")["Digits"] == "123"
    assert town.exchange.run_until(lambda: bool(town.service.asked_for("/over")), WITHIN)


def test_a_webhook_may_use_the_rest_api_before_it_answers(town: Town) -> None:
    def ring_the_technician(_: Asked) -> str:
        town.rest.calls.create(to=TECHNICIAN, from_=LINE, url=f"{town.address}/technician")
        return '<Enqueue waitUrl="">support</Enqueue>'

    town.service.on("/voice", ring_the_technician)
    town.service.on("/technician", "<Say>A caller.</Say><Dial><Queue>support</Queue></Dial>")
    town.caller.dial(LINE)
    town.technician.rings(WITHIN).answer().hears("A caller", WITHIN)

    assert town.exchange.run_until(lambda: town.caller.is_talking_to(town.technician), WITHIN)


def test_a_slow_service_holds_nobody_else_up(town: Town) -> None:
    def slow(_: Asked) -> str:
        time.sleep(1.5)
        return "<Say>At last.</Say>"

    town.service.on("/voice", slow, "<Say>At once.</Say>")
    other = town.exchange.phone("+12125550178", "other")
    town.caller.dial(LINE)
    town.exchange.run_until(lambda: bool(town.service.asked), WITHIN)
    began = time.monotonic()
    other.dial(LINE).hears("At once", WITHIN)

    assert time.monotonic() - began < 1
    town.caller.hears("At last", WITHIN)


def test_a_deadline_of_the_service_is_real_however_fast_the_music(town: Town) -> None:
    def too_slow(_: Asked) -> str:
        time.sleep(1.2)
        return "<Say>Too late.</Say>"

    town.service.on("/voice", f"<Redirect>{town.address}/slow#rt=300&amp;rc=0</Redirect>")
    town.service.on("/slow", too_slow)
    town.caller.dial(LINE).hears("application error", WITHIN)

    assert "Too late." not in town.caller.heard


def test_a_service_that_breaks_off_is_a_failure_and_not_the_end_of_the_carrier(town: Town) -> None:
    broken = Answer(200, b"<Response>", headers=(("Content-Length", "4000"),))
    town.service.on("/voice", broken, "<Say>Whole again.</Say>")
    town.caller.dial(LINE).hears("application error", WITHIN).is_left(WITHIN)
    town.caller.dial(LINE).hears("Whole again", WITHIN)


def test_an_answer_that_gets_lost_leaves_the_client_in_doubt_and_the_call_made(town: Town) -> None:
    town.exchange.faults.rest("lost", path="/Calls.json")
    with pytest.raises(requests.ConnectionError):
        town.rest.calls.create(to=TECHNICIAN, from_=LINE, url=f"{town.address}/technician")

    town.technician.rings(WITHIN)
    assert [call.to for call in town.rest.calls.list(to=TECHNICIAN)] == [TECHNICIAN]


def test_the_api_key_opens_the_rest_api_and_a_wrong_one_does_not(town: Town) -> None:
    client = AtCarrier(town.session, town.carrier.url)
    keyed = Client("SK1", "secret", ACCOUNT, http_client=client)
    wrong = Client("SK1", "guess", ACCOUNT, http_client=client)

    assert [number.phone_number for number in keyed.incoming_phone_numbers.list()] == [LINE]
    with pytest.raises(TwilioRestException, match="Authenticate"):
        wrong.calls("CA" + "0" * 32).fetch()


def test_a_recording_is_fetched_from_where_its_url_says(town: Town) -> None:
    town.service.on("/voice", '<Record action="/said" maxLength="1" playBeep="false"/>')
    town.service.on("/said", "")
    town.caller.dial(LINE)
    assert town.exchange.run_until(lambda: bool(town.service.asked_for("/said")), WITHIN)
    url = town.service.only("/said")["RecordingUrl"]

    assert town.exchange.run_until(lambda: bool(town.exchange.ledger.of("recorded")), WITHIN)

    sound = town.session.get(f"{url}.wav", auth=(ACCOUNT, TOKEN), timeout=5)
    assert sound.headers["Content-Type"] == "audio/x-wav"
    assert seconds_of("audio/x-wav", sound.content) == pytest.approx(1, abs=0.2)


def test_the_telephones_are_used_over_http(town: Town) -> None:
    town.service.on("/voice", '<Gather action="/keyed" numDigits="1"><Say>Press it</Say></Gather>')
    town.service.on("/keyed", "<Say>Thank you.</Say><Pause length='60'/>")
    assert town.session.get(f"{town.carrier.url}/numbers", timeout=5).json() == [LINE]
    assert town.use(CALLER, "dial", to=LINE).ok
    town.caller.hears("Press it", WITHIN)
    town.use(CALLER, "press", keys="1")
    town.caller.hears("Thank you", WITHIN)
    town.use(CALLER, "hangup")
    town.caller.is_left(WITHIN)

    address = f"{town.carrier.url}/phones/{CALLER}/events"
    told = town.session.get(address, params={"after": 0, "wait": 1}, timeout=5).json()
    happened = [event["event"] for event in told["events"]]
    assert happened[0] == "dialed"
    assert {"heard", "pressed", "hung_up", "ended"} <= set(happened)
    assert told["state"]["on_a_call"] is False


def test_a_long_poll_ends_when_something_happens(town: Town) -> None:
    address = f"{town.carrier.url}/phones/{TECHNICIAN}/events"
    threading.Timer(
        0.3,
        lambda: town.exchange.do(lambda: town.technician.note("answered")),
    ).start()
    began = time.monotonic()
    told = town.session.get(address, params={"after": 0, "wait": 20}, timeout=30).json()

    assert [event["event"] for event in told["events"]] == ["answered"]
    assert time.monotonic() - began < 5


def test_faults_are_turned_on_and_off_over_http(town: Town) -> None:
    faults = f"{town.carrier.url}/faults"
    asked = {"knob": "drop", "matching": "/over", "times": 1}
    assert town.session.post(faults, json=asked, timeout=5).status_code == 204
    assert town.session.post(faults, json={"rest": "429"}, timeout=5).status_code == 204
    refused = town.session.post(faults, json={"knob": "explode"}, timeout=5)
    assert refused.status_code == 400
    with pytest.raises(TwilioRestException) as limited:
        town.rest.calls.create(to=TECHNICIAN, from_=LINE, url=f"{town.address}/technician")
    assert limited.value.code == 20429
    assert town.session.delete(faults, timeout=5).status_code == 204


def test_a_request_can_be_replayed_over_http(town: Town) -> None:
    town.service.on("/voice", "<Say>Hello.</Say>")
    town.caller.dial(LINE).is_left(WITHIN)
    (entry,) = town.exchange.ledger.of("request", kind="document")
    answer = town.session.post(f"{town.carrier.url}/replay", json={"n": entry["n"]}, timeout=5)

    assert answer.status_code == 204
    assert town.exchange.run_until(lambda: len(town.service.asked_for("/voice")) == 2, WITHIN)
    first, again = town.service.asked_for("/voice")
    assert (first.body, first.headers) == (again.body, again.headers)


def test_the_ledger_is_kept_in_a_file_and_read_over_http(town: Town, tmp_path: Path) -> None:
    town.service.on("/voice", "<Say>Hello.</Say>")
    town.caller.dial(LINE).is_left(WITHIN)
    after = town.session.get(f"{town.carrier.url}/ledger?after=2", timeout=5).json()

    assert after[0]["n"] == 3
    lines = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= len(after) + 2
