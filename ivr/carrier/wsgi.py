"""Calling a WSGI application without a socket, as gunicorn would call it."""

import io
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A REST answer that carries this header is one the client never sees: it got lost after the work
# was done.
LOST = "X-Carrier-Reply-Lost"
# One that takes so many seconds.
SLOW = "X-Carrier-Reply-Slow"


def call_wsgi(
    app: "WSGIApplication",
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    script_name: str = "",
) -> tuple[int, dict[str, str], bytes]:
    """One request to `app`; RAW_URI is the wire form of path and query, as gunicorn has it."""
    environ = _environ(method, url, headers, body, script_name)
    started: list[Any] = []
    chunks: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        started[:] = [int(status.split(" ", 1)[0]), dict(headers)]
        return chunks.append

    answer: Iterable[bytes] = app(environ, start_response)
    try:
        chunks.extend(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    return started[0], started[1], b"".join(chunks)


def _environ(
    method: str, url: str, headers: Mapping[str, str], body: bytes, script_name: str
) -> dict[str, Any]:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    raw = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": script_name,
        "PATH_INFO": unquote_to_bytes((parts.path or "/")[len(script_name) :]).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "RAW_URI": raw,
        "REQUEST_URI": raw,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ


class WsgiAdapter(BaseAdapter):
    """Mounted on a requests.Session, it takes requests to a WSGI application in this process."""

    def __init__(self, app: "WSGIApplication") -> None:
        super().__init__()
        self._app = app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        body = request.body or b""
        status, headers, content = call_wsgi(
            self._app,
            request.method or "GET",
            request.url or "",
            dict(request.headers),
            body.encode() if isinstance(body, str) else body,
        )
        if LOST in headers or float(headers.get(SLOW, 0)) > _read_seconds(timeout):
            raise requests.exceptions.ReadTimeout("the carrier's answer got lost", request=request)
        response = requests.Response()
        response.status_code = status
        response.headers = CaseInsensitiveDict(headers)
        response.raw = io.BytesIO(content)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _read_seconds(timeout: Any) -> float:
    """The read time-out among requests' forms: a number, a pair (connect, read), or None."""
    read = timeout[1] if isinstance(timeout, tuple) else timeout
    return float("inf") if read is None else float(read)
