"""A service that answers what a test tells it to, and a carrier that calls it."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from ivr.carrier import Exchange, Phone, Request, WsgiAdapter, WsgiTransport
from ivr.carrier.assumptions import Assumptions
from ivr.carrier.ledger import Entry

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "token of the carrier's tests"
SERVICE = "http://service.test:8080"
CARRIER = "http://carrier.test"
LINE = "+18779260001"
CALLER = "+12125550177"
STARTS_AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer that is not simply TwiML."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/xml; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """One request as the service got it."""

    method: str
    url: str
    body: bytes
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the query and of the form, in their order."""
        both = (urlsplit(self.url).query, self.body.decode())
        return [pair for part in both for pair in parse_qsl(part, keep_blank_values=True)]

    @property
    def fields(self) -> dict[str, str]:
        return dict(self.pairs)

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def is_signed(self, token: str = TOKEN) -> bool:
        """Twilio's own judge: the URL on the wire, the form as it came, the header."""
        form = MultiDict(parse_qsl(self.body.decode(), keep_blank_values=True))
        signature = self.headers.get("X-Twilio-Signature", "")
        return bool(RequestValidator(token).validate(self.url, form, signature))


Wanted = str | Answer | Callable[[Asked], "str | Answer"]


@dataclass
class Service:
    """Answers by path: what was put there, one after the other; the last one stays."""

    asked: list[Asked] = field(default_factory=list)
    _answers: dict[str, list[Wanted]] = field(default_factory=dict)

    def on(self, path: str, *answers: Wanted) -> "Service":
        """A text is what stands between <Response> and </Response>."""
        self._answers[path] = list(answers)
        return self

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def only(self, path: str) -> Asked:
        """The one request for that path."""
        (asked,) = self.asked_for(path)
        return asked

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").title(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = (environ.get("wsgi.input") or io.BytesIO()).read(size)
        asked = Asked(environ["REQUEST_METHOD"], host + environ["RAW_URI"], body, headers)
        self.asked.append(asked)
        answer = self._answer(asked)
        lines = [("Content-Type", answer.content_type)] if answer.content_type else []
        start_response(f"{answer.status} As Scripted", [*lines, *answer.headers])
        return [answer.body]

    def _answer(self, asked: Asked) -> Answer:
        script = self._answers.get(asked.path)
        if script is None:
            return Answer(404, b"nothing here", "text/plain")
        wanted = script.pop(0) if len(script) > 1 else script[0]
        found = wanted(asked) if callable(wanted) else wanted
        return Answer(body=twiml(found)) if isinstance(found, str) else found


def twiml(inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'.encode()


class Line:
    """One number of one account, answered by a scripted service, on virtual time."""

    def __init__(self, seed: int = 0, assume: Assumptions | None = None) -> None:
        self.service = Service()
        transport = WsgiTransport({SERVICE: self.service})
        self.exchange = Exchange(ACCOUNT, TOKEN, transport, STARTS_AT, seed, assume=assume)
        self.number = self.exchange.add_number(LINE, f"{SERVICE}/voice", f"{SERVICE}/over")
        self.service.on("/over", "")
        self.caller = self.exchange.phone(CALLER, "caller")
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount(CARRIER, WsgiAdapter(self.exchange.rest_app))
        self.rest = Client(ACCOUNT, TOKEN, http_client=AtCarrier(self.session))

    def call(self, inside: str) -> Phone:
        """The caller dials, and the first document is this."""
        self.service.on("/voice", inside)
        return self.caller.dial(LINE)

    def run(self, seconds: float) -> None:
        self.exchange.run_for(seconds)

    def codes(self) -> list[int]:
        """What Twilio's error log would show."""
        return [entry["code"] for entry in self.exchange.ledger.problems()]

    def events(self, *names: str, **fields: Any) -> list[Entry]:
        return self.exchange.ledger.of(*names, **fields)

    def phone(self, number: str, name: str) -> Phone:
        return self.exchange.phone(number, name)

    @property
    def now(self) -> float:
        return self.exchange.office.now()


class AtCarrier(TwilioHttpClient):  # type: ignore[misc]  # Twilio's library has no types.
    """Twilio's own client, sent to the carrier of the test."""

    def __init__(self, session: requests.Session, base: str = CARRIER) -> None:
        super().__init__(timeout=5, max_retries=0)
        self.session = session
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return super().request(method, f"{self._base}/api{parts.path}{query}", *args, **kwargs)


def requests_of(line: Line, kind: str) -> list[Entry]:
    """What the carrier noted about its own requests of one kind."""
    return line.events("request", kind=kind)


def about(entry: Request | Entry, name: str) -> str:
    fields: dict[str, str] = dict(entry.fields) if isinstance(entry, Request) else entry["fields"]
    return fields.get(name, "")
