"""Requests as Twilio makes them: parameters placed, secrets off, signed with the primary token."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, quote_plus, unquote, urlencode, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from ivr.carrier.overrides import Overrides
from ivr.carrier.transport import Request

Fields = Sequence[tuple[str, str]]

FORM = "application/x-www-form-urlencoded"
IDEMPOTENCY = "I-Twilio-Idempotency-Token"
SIGNATURE = "X-Twilio-Signature"
MEDIA = "media"
_AGENT = "TwilioProxy/1.1"


@dataclass(frozen=True)
class Order:
    """A request somebody wants made: `url` as configured, fragment, user and password included."""

    kind: str
    url: str
    method: str = "POST"
    fields: tuple[tuple[str, str], ...] = ()
    call_sid: str = ""
    # What is left when a 3xx answer is followed: the extras of this request are lost (contract
    # 1.2).
    fields_after_redirect: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def sign(token: str, url: str, fields: Fields) -> str:
    """The signature of contract 3.1. Over https the port is dropped; `url` is a wire_url."""
    return str(_validator(token).compute_signature(_signed_form(url), _grouped(fields)))


@lru_cache(maxsize=8)
def _validator(token: str) -> RequestValidator:
    return RequestValidator(token)


def _grouped(fields: Fields) -> dict[str, str | list[str]]:
    grouped: dict[str, str | list[str]] = {}
    for name, value in fields:
        known = grouped.get(name)
        if known is None:
            grouped[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            grouped[name] = [known, value]
    return grouped


def _signed_form(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.port:
        return urlunsplit(parts._replace(netloc=_host(parts)))
    return url


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def wire_url(url: str) -> str:
    """`url` without what never goes over the wire: its fragment, its user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def credentials(url: str) -> str:
    """The Authorization header for the user and password in `url`, or ""."""
    parts = urlsplit(url)
    if parts.username is None:
        return ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def build(order: Order, patience: Overrides, token: str, idempotency: str) -> Request:
    """The request as it goes out. Media fetches carry no parameters and (assumed) no signature."""
    url = wire_url(order.url)
    headers = {
        "Accept": "*/*",
        "User-Agent": _AGENT,
        IDEMPOTENCY: idempotency,
        **dict(order.headers),
    }
    fields: tuple[tuple[str, str], ...] = order.fields
    body = b""
    if order.kind != MEDIA and order.method == "GET":
        url = _with_query(url, fields)
        fields = ()
    if order.method == "POST":
        body = urlencode(fields, quote_via=quote_plus).encode()
        headers["Content-Type"] = FORM
    if order.kind != MEDIA:
        headers[SIGNATURE] = sign(token, url, fields)
    return Request(
        order.kind,
        order.method,
        url,
        headers,
        body,
        order.fields,
        order.call_sid,
        patience.connect_seconds,
        patience.read_seconds,
    )


def _with_query(url: str, fields: Fields) -> str:
    if not fields:
        return url
    return url + ("&" if urlsplit(url).query else "?") + urlencode(fields)
