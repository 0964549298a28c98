"""Progress of a leg: its states, and the status callbacks that tell of them (contract 1.9)."""

import math

from ivr.carrier.couriers import post
from ivr.carrier.documents import Fields
from ivr.carrier.legs import Direction, Leg, Status
from ivr.carrier.office import Office
from ivr.carrier.parameters import rfc2822, standard
from ivr.carrier.signing import Order

_SIP = {
    Status.COMPLETED: "200",
    Status.BUSY: "486",
    Status.NO_ANSWER: "487",
    Status.CANCELED: "487",
    Status.FAILED: "404",
}


def move(office: Office, leg: Leg, status: Status, event: str) -> None:
    """The leg has got so far; whoever subscribed to the event is told."""
    leg.status = status
    leg.begun = True
    if status is Status.IN_PROGRESS:
        leg.answered_at = office.now()
        office.ledger.add(
            "answered", call=leg.sid, phone=leg.phone.number, by=leg.answered_by or "carrier"
        )
    else:
        office.ledger.add(event, call=leg.sid, phone=leg.phone.number)
    tell(office, leg, event)


def answer(office: Office, leg: Leg) -> None:
    """The carrier picks up an inbound call, once."""
    if not leg.answered:
        move(office, leg, Status.IN_PROGRESS, "answered")
        leg.phone.note("answered", call=leg.sid)


def tell(office: Office, leg: Leg, event: str) -> None:
    subscription = leg.subscription
    if subscription is None or event not in subscription.events:
        return
    fields: Fields = (
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(leg.events_sent)),
        ("Timestamp", rfc2822(office.clock())),
    )
    if event == "completed":
        fields += (
            ("CallDuration", str(leg.duration)),
            ("Duration", str(math.ceil(leg.duration / 60))),
        )
        if leg.direction is not Direction.INBOUND:
            fields += (("SipResponseCode", _SIP[leg.status]),)
    leg.events_sent += 1
    address = subscription.address
    order = Order(
        "status", address.url, address.method, standard(leg, office.account_sid) + fields, leg.sid
    )
    post(
        office,
        order,
        lambda reply: office.problem(
            15003, f"status {reply.status} {reply.failure}", call=leg.sid, url=address.url
        ),
    )
