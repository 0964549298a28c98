"""What the carrier sends to the service and gets back, and how it gets there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from ivr.carrier.wsgi import call_wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Request:
    """One HTTP request as it goes over the wire: signed, without fragment."""

    kind: str  # document, action, wait, whisper, status, recording, conference, media, …
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fields: tuple[tuple[str, str], ...] = ()
    call_sid: str = ""
    connect_seconds: float = 5.0
    read_seconds: float = 15.0


@dataclass(frozen=True)
class Reply:
    """What came back, or why nothing did: `connect` (never reached) or `read` (no answer)."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: str = ""

    def header(self, name: str) -> str:
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), "")


class Transport(Protocol):
    """Carries one request; what the network or the service did wrong is in the Reply."""

    def send(self, request: Request) -> Reply: ...


class WsgiTransport:
    """Requests handed to WSGI applications in this process, chosen by the longest matching base
    URL.

    An exception the application lets out reaches the test; an address nobody serves is a connection
    refused.
    """

    def __init__(self, apps: "Mapping[str, WSGIApplication]") -> None:
        self._apps = sorted(apps.items(), key=lambda item: -len(item[0]))

    def send(self, request: Request) -> Reply:
        for base, app in self._apps:
            if request.url.startswith(base.rstrip("/")):
                prefix = urlsplit(base).path.rstrip("/")
                status, headers, body = call_wsgi(
                    app, request.method, request.url, request.headers, request.body, prefix
                )
                return Reply(status, headers, body)
        return Reply(failure="connect")
