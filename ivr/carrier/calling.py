"""Calls as they begin: a phone dials one of our numbers, or REST has a phone called."""

from dataclasses import dataclass

from ivr.carrier.detection import detect
from ivr.carrier.documents import Jump
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Address, Direction, HungUp, Leg, Source, Status, Subscription
from ivr.carrier.lives import live, play_call, ring
from ivr.carrier.office import Office
from ivr.carrier.performing import perform
from ivr.carrier.phones import Phone
from ivr.carrier.progress import move
from ivr.carrier.recordings import Listener, start_take, stop_take
from ivr.carrier.tasks import Script, Sleep

NOT_IN_SERVICE = "[not in service]"


@dataclass(frozen=True)
class Detection:
    """Answering machine detection; with an address it does not hold up the document."""

    mode: str
    address: Address | None = None


@dataclass(frozen=True)
class CallOrder:
    """What REST asked for (contract 5.1)."""

    to: str
    from_: str
    source: Source
    fallback: Address | None = None
    subscription: Subscription | None = None
    ring_seconds: float = 60.0
    time_limit: float | None = None
    send_digits: str = ""
    detection: Detection | None = None
    records: bool = False
    record_channels: int = 1
    record_trims: bool = True
    record_listener: Listener | None = None


def call_in(office: Office, phone: Phone, to: str, forwarded_from: str = "") -> Leg | None:
    """A phone dials. None: not one of our numbers, or without voice URL; the phone hears that."""
    number = office.numbers.get(to)
    if phone.leg is not None or number is None or not number.voice_url:
        why = "busy with another call" if phone.leg is not None else "not in service"
        office.ledger.add("not_connected", phone=phone.number, to=to, why=why)
        phone.note("not_connected", to=to, why=why)
        if phone.leg is None:
            phone.hear(NOT_IN_SERVICE, "tone")
        return None
    leg = Leg(
        sid=office.sids.new("CA"),
        direction=Direction.INBOUND,
        from_=phone.number,
        to=to,
        phone=phone,
        created_at=office.now(),
        number=number,
        status=Status.RINGING,
        begun=True,
        forwarded_from=forwarded_from,
        call_token=office.sids.token(),
    )
    if number.status_callback:
        leg.subscription = Subscription(
            Address(number.status_callback, number.status_callback_method)
        )
    office.legs[leg.sid] = leg
    office.ledger.add("dialed", call=leg.sid, phone=phone.number, to=to)
    phone.connect(leg)
    script = play_call(office, leg, Jump(number.voice), perform)
    leg.task = office.spawn(live(office, leg, script, perform))
    return leg


def call_out(office: Office, order: CallOrder) -> Leg:
    """A call made by REST: queued until its second comes (one call a second), then it rings."""
    leg = Leg(
        sid=office.sids.new("CA"),
        direction=Direction.API,
        from_=order.from_,
        to=order.to,
        phone=office.find_phone(order.to),
        created_at=office.now(),
        subscription=order.subscription,
        fallback=order.fallback,
    )
    office.legs[leg.sid] = leg
    office.ledger.add("dialed", call=leg.sid, phone=order.to, to=order.to)
    starts_at = max(office.now(), office.next_call_slot)
    office.next_call_slot = starts_at + 1 / office.calls_per_second
    leg.queue_seconds = starts_at - office.now()
    leg.task = office.spawn(live(office, leg, _outbound(office, leg, order), perform))
    return leg


def _outbound(office: Office, leg: Leg, order: CallOrder) -> Script[None]:
    yield Sleep(leg.queue_seconds)
    move(office, leg, Status.INITIATED, "initiated")
    if order.to in office.numbers:
        office.hang_up(leg, "far end", Status.FAILED)  # a call to ourselves is not simulated
        raise HungUp
    yield from ring(office, leg, order.ring_seconds + office.assume.extra_ring_seconds)
    if order.time_limit is not None:
        office.driver.after(order.time_limit, lambda: office.hang_up(leg, "time limit"))
    if order.send_digits:
        say_to(office, leg, f"[keys {order.send_digits}]", "tone")
    take = None
    if order.records:
        take = start_take(
            office,
            "OutboundAPI",
            call=leg.sid,
            channels=order.record_channels,
            trims=order.record_trims,
            listener=order.record_listener,
        )
        leg.takes.append(take)
    try:
        extras = yield from _detected(office, leg, order.detection)
        yield from play_call(office, leg, Jump(order.source, extras=extras), perform)
    finally:
        if take is not None:
            leg.takes.remove(take)
            stop_take(take, (leg,))


def _detected(
    office: Office, leg: Leg, detection: Detection | None
) -> Script[tuple[tuple[str, str], ...]]:
    if detection is None:
        return ()
    if detection.address is not None:
        office.spawn(detect(office, leg, detection.mode, detection.address))
        return ()
    return (("AnsweredBy", (yield from detect(office, leg, detection.mode))),)
