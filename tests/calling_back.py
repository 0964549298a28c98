"""What people do about a callback: ask for it, take it, answer it; and what the help desk does."""

import hashlib
import hmac
import json

from werkzeug.test import TestResponse

from ivr.carrier.phones import Phone
from tests.line import HELP_DESK_SECRET, LineUnderTest

NORTH_AMERICA = "+18779260001"


def asks_to_be_called_back(line: LineUnderTest, caller: Phone, ticket: str = "100300") -> None:
    """Waits a minute, presses 2, confirms the own number and hangs up."""
    caller.dial(NORTH_AMERICA).hears("press 4").press("4").hears("ticket number")
    caller.press(f"{ticket}#").hears("connect you").hears("To be called back", within=90)
    caller.press("2").hears("to call you back is").press("1")
    caller.hears("call you back at that number").is_left()
    line.exchange.run_for(2)


def accepts(technician: Phone, within: float = 30) -> None:
    technician.rings(within).answer().hears("This is a callback").hears("press 1 to")
    technician.press("1").hears("calling the customer now")


def picks_up(caller: Phone, within: float = 30) -> None:
    greeting = "technical support, calling you back about your ticket 1 0 0"
    caller.rings(within).answer().hears(greeting).press("1")


def raise_ticket(line: LineUnderTest, ticket: str, event: str = "e-1") -> TestResponse:
    """The help desk tells of a ticket, signed as it should be."""
    return post_event(line, json.dumps({"event": event, "ticket": ticket}).encode())


def post_event(
    line: LineUnderTest, body: bytes, secret: str = HELP_DESK_SECRET, seconds_ago: float = 0
) -> TestResponse:
    timestamp = str(int(line.exchange.clock().timestamp() - seconds_ago))
    signed = timestamp.encode() + b"." + body
    headers = {
        "X-Supportline-Timestamp": timestamp,
        "X-Supportline-Signature": hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(),
    }
    return line.app.test_client().post("/hooks/help-desk", data=body, headers=headers)
