"""The switchboard: the telephones of the exchange over HTTP, for the browser and the terminal."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request, send_from_directory

from ivr.carrier.exchange import Exchange
from ivr.carrier.faults import Faults
from ivr.carrier.phones import Phone

STATIC = Path(__file__).parent / "static"
LONGEST_POLL_SECONDS = 25
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
    _open_faults(app, exchange)
    return app


def _open_phones(app: Flask, exchange: Exchange) -> None:
    @app.get("/phones/<number>/events")
    def events(number: str) -> Response:
        """What happened on a telephone after event N; waits a while for something to happen."""
        phone, after = _phone(exchange, number), request.args.get("after", 0, int)
        wait = min(request.args.get("wait", 0, int), LONGEST_POLL_SECONDS)
        exchange.run_until(lambda: len(phone.events) > after, wait)
        return exchange.do(  # type: ignore[no-any-return]
            lambda: jsonify({"events": phone.events[after:], "state": _state(phone)})
        )

    @app.post("/phones/<number>/<action>")
    def act(number: str, action: str) -> Response:
        """Somebody uses a telephone."""
        phone = _phone(exchange, number)
        asked = request.get_json(silent=True) or {}
        exchange.do(lambda: _act(phone, action, asked if isinstance(asked, dict) else {}))
        return jsonify(exchange.do(lambda: _state(phone)))


def _open_faults(app: Flask, exchange: Exchange) -> None:
    @app.post("/faults")
    def turn() -> tuple[str, int]:
        """A bad day: `{"knob", "matching", "amount", "times"}`, or `{"rest": "429", "path", …}`."""
        asked = request.get_json()
        try:
            exchange.do(lambda: _turn(exchange.faults, asked))
        except (TypeError, ValueError) as error:
            abort(400, str(error))
        return "", 204

    @app.delete("/faults")
    def clear() -> tuple[str, int]:
        exchange.do(exchange.faults.clear)
        return "", 204

    @app.post("/replay")
    def replay() -> tuple[str, int]:
        """Deliver the request of ledger entry N again, byte for byte."""
        n = request.get_json().get("n")
        if n not in exchange.office.sent:
            abort(404, f"Entry {n} of the ledger is no request.")
        exchange.replay({"n": n})
        return "", 204


def _turn(faults: Faults, asked: dict[str, Any]) -> None:
    if "rest" in asked:
        faults.rest(asked.pop("rest"), **asked)
    else:
        faults.turn(**asked)


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
