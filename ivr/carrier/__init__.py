"""The simulated carrier: a phone company that speaks Twilio's protocol, and as strictly."""

from ivr.carrier.exchange import Exchange
from ivr.carrier.faults import Faults
from ivr.carrier.ledger import Ledger
from ivr.carrier.phones import Phone
from ivr.carrier.transport import Reply, Request, Transport, WsgiTransport
from ivr.carrier.wsgi import WsgiAdapter

__all__ = [
    "Exchange",
    "Faults",
    "Ledger",
    "Phone",
    "Reply",
    "Request",
    "Transport",
    "WsgiAdapter",
    "WsgiTransport",
]
