"""The switchboard: the telephones of the exchange over HTTP, for the browser and the terminal."""

import time
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request, send_from_directory

from ivr.carrier.exchange import Exchange
from ivr.carrier.phones import Phone

STATIC = Path(__file__).parent / "static"
LONGEST_POLL_SECONDS = 25
POLL_PAUSE_SECONDS = 0.1
LONGEST_TEXT = 500
KEYS = set("0123456789*#w")
NUMBER_FIGURES = set("0123456789")


def create_switchboard(exchange: Exchange, ours: list[str], registered: dict[str, str]) -> Flask:
    """The web application: `ours` are the numbers to dial, `registered` the phones that ring."""
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def page() -> Response:
        return send_from_directory(STATIC, "phones.html")

    @app.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(STATIC, name)

    @app.get("/numbers")
    def numbers() -> Response:
        return jsonify(ours)

    @app.get("/phones")
    def phones() -> Response:
        return jsonify([{"number": number, "name": name} for number, name in registered.items()])

    @app.get("/ledger")
    def ledger() -> Response:
        after = request.args.get("after", 0, int)
        return jsonify(exchange.do(lambda: [e for e in exchange.ledger if e["n"] > after]))

    _open_phones(app, exchange)
    return app


def _open_phones(app: Flask, exchange: Exchange) -> None:
    @app.get("/phones/<number>/events")
    def events(number: str) -> Response:
        """What happened on a telephone after event N; waits a while for something to happen."""
        phone, after = _phone(exchange, number), request.args.get("after", 0, int)
        until = time.monotonic() + min(request.args.get("wait", 0, int), LONGEST_POLL_SECONDS)
        while True:
            happened = exchange.do(lambda: phone.events[after:])
            if happened or time.monotonic() >= until:
                return jsonify({"events": happened, "state": exchange.do(lambda: _state(phone))})
            time.sleep(POLL_PAUSE_SECONDS)

    @app.post("/phones/<number>/<action>")
    def act(number: str, action: str) -> Response:
        """Somebody uses a telephone."""
        phone = _phone(exchange, number)
        asked = request.get_json(silent=True) or {}
        exchange.do(lambda: _act(phone, action, asked if isinstance(asked, dict) else {}))
        return jsonify(exchange.do(lambda: _state(phone)))


def _act(phone: Phone, action: str, asked: dict[str, Any]) -> None:
    match action:
        case "dial":
            phone.dial(_number(str(asked.get("to", ""))))
        case "press":
            phone.press("".join(key for key in str(asked.get("keys", ""))[:64] if key in KEYS))
        case "speak":
            phone.speak(str(asked.get("text", ""))[:LONGEST_TEXT])
        case "answer":
            phone.answer()
        case "reject":
            phone.reject()
        case "hangup":
            phone.hang_up()
        case _:
            abort(404, f"A telephone cannot {action}.")


def _phone(exchange: Exchange, number: str) -> Phone:
    return exchange.do(lambda: exchange.phone(_number(number)))  # type: ignore[no-any-return]


def _number(written: str) -> str:
    """A number as people write it, in E.164; whatever is no number at all is refused."""
    if written.startswith("client:"):
        return written[:64]
    figures = "".join(mark for mark in written if mark in NUMBER_FIGURES)
    if not figures:
        abort(400, f"{written[:20]!r} is not a telephone number.")
    return f"+{figures}"


def _state(phone: Phone) -> dict[str, object]:
    return {
        "number": phone.number,
        "name": phone.name,
        "ringing": phone.ringing,
        "on_a_call": phone.on_a_call,
    }
