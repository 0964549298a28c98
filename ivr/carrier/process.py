"""The carrier as a process: one exchange in real time behind one HTTP server."""

import logging
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.carrier.exchange import Exchange
from ivr.carrier.http import HttpTransport
from ivr.carrier.office import Credentials
from ivr.carrier.realtime import RealTime
from ivr.carrier.rest.app import PRODUCT, TASKROUTER
from ivr.carrier.switchboard import create_switchboard
from ivr.carrier.wsgi import LOST, SLOW

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
POLL_SECONDS = 0.05  # how soon it closes when it is told to


@dataclass(frozen=True)
class Plan:
    """What to open: account, numbers, telephones that ring (number to name). Port 0: any free."""

    credentials: Credentials
    port: int = 0
    numbers: tuple[str, ...] = ()
    phones: dict[str, str] = field(default_factory=dict)
    ledger: Path | None = None
    speed: float = 1.0
    seed: int = 0


class Carrier:
    """An open carrier. Other threads use `exchange` through `exchange.do`, phones directly."""

    def __init__(self, plan: Plan) -> None:
        if plan.speed <= 0:
            raise ValueError("speed is a number above 0")
        self._time = RealTime(HttpTransport())
        self.exchange = Exchange.in_real_time(plan.credentials, self._time, plan.seed, plan.ledger)
        self.exchange.office.speed = plan.speed
        for number in plan.numbers:
            self.exchange.add_number(number)
        for number, name in plan.phones.items():
            self.exchange.phone(number, name)
        switchboard = create_switchboard(self.exchange, list(plan.numbers), plan.phones)
        app = _by_path(_with_faults(self.exchange.rest_app), switchboard)
        self._server: BaseWSGIServer = make_server(
            HOST, plan.port, app, threaded=True, request_handler=QuietRequests
        )
        self.url = f"http://{HOST}:{self._server.server_port}"
        self.exchange.office.rest_base_url = f"{self.url}{PRODUCT}"
        self._time.start()

    def serve(self) -> None:
        """Answer until somebody closes it, or interrupts."""
        try:
            self._server.serve_forever(POLL_SECONDS)
        finally:
            self.close()

    def serve_in_background(self) -> "Carrier":
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(POLL_SECONDS,), name="carrier", daemon=True).start()
        return self

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._time.stop()
        self.exchange.ledger.close()


class QuietRequests(WSGIRequestHandler):
    """Says nothing of each request; the ledger does."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            logging.getLogger("ivr.carrier").error(message, *args)


def _by_path(rest: "WSGIApplication", others: "WSGIApplication") -> "WSGIApplication":
    """The REST API wants its whole path, so it is chosen here rather than mounted."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        product = environ["PATH_INFO"].startswith((f"{PRODUCT}/", f"{TASKROUTER}/"))
        chosen = rest if product else others
        return chosen(environ, start_response)

    return app


def _with_faults(rest: "WSGIApplication") -> "WSGIApplication":
    """An answer that gets lost is a connection that closes; a slow one comes late."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest_of_it: Any) -> Any:
            marks = dict(headers)
            if LOST in marks:
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            time.sleep(float(marks.get(SLOW, 0)))
            shown = [(name, value) for name, value in headers if name not in {LOST, SLOW}]
            return start_response(status, shown, *rest_of_it)

        return rest(environ, start)

    return app
