"""Children: the legs a Dial makes, each ringing one phone and hearing its whisper."""

from dataclasses import dataclass

from ivr.carrier.detection import detect
from ivr.carrier.documents import Context, Jump, Unobtainable, play_through, whisper_place
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Direction, Leg, Redirected, Status, Subscription
from ivr.carrier.lives import apologize, live, ring
from ivr.carrier.progress import move
from ivr.carrier.tasks import Listen, Script, Sleep
from ivr.carrier.twiml import Verb


@dataclass(eq=False)
class Attempt:
    """One phone being tried. `ready`: it answered and heard its whisper to the end."""

    leg: Leg
    ready: bool = False


def start_child(context: Context, verb: Verb, noun: Verb, caller_id: str) -> Attempt:
    office, parent = context.office, context.leg
    target = target_of(noun)
    child = Leg(
        sid=office.sids.new("CA"),
        direction=Direction.DIAL,
        from_=caller_id,
        to=target,
        phone=office.find_phone(target),
        created_at=office.now(),
        parent=parent,
        subscription=_subscription(context, noun),
    )
    office.legs[child.sid] = child
    office.ledger.add("dialed", call=child.sid, parent=parent.sid, phone=target, to=target)
    attempt = Attempt(child)
    script = _child(
        context, noun, attempt, verb.whole("timeout", 30) + office.assume.extra_ring_seconds
    )
    child.task = office.spawn(live(office, child, script, context.perform))
    child.task.when_over(lambda _: parent.poke())
    return attempt


def target_of(noun: Verb) -> str:
    """The number or `client:` identity a noun names."""
    identity = next((child.text for child in noun.children if child.name == "Identity"), noun.text)
    return f"client:{identity}" if noun.name == "Client" else identity


def _subscription(context: Context, noun: Verb) -> Subscription | None:
    address = context.address(noun, "statusCallback", "statusCallbackMethod")
    if address is None:
        return None
    return Subscription(address, frozenset(noun.word("statusCallbackEvent", "completed").split()))


def _child(context: Context, noun: Verb, attempt: Attempt, seconds: float) -> Script[None]:
    """Ring, whisper, then stay until the bridge or the phone ends it."""
    office, leg, parent = context.office, attempt.leg, context.leg
    move(office, leg, Status.INITIATED, "initiated")
    yield from ring(office, leg, seconds)
    parent.poke()
    try:
        if "sendDigits" in noun.attributes:
            say_to(office, leg, f"[keys {noun.word('sendDigits')}]", "tone")
        yield from _detect_machine(context, noun, leg)
        yield from _whisper(context, noun, leg)
        attempt.ready = True
        parent.poke()
        while True:
            yield Listen()
    except Redirected:
        # REST took this leg elsewhere: it leaves the Dial, and the parent goes on without it.
        leg.moved_away = True
        if leg.bridge is not None:
            leg.bridge.end()
        parent.poke()
        raise


def _whisper(context: Context, noun: Verb, leg: Leg) -> Script[None]:
    address = context.address(noun, "url")
    if address is None:
        return
    child = Context(context.office, leg, context.document, context.place, context.perform)
    try:
        yield from play_through(child, Jump(address, "whisper"), whisper_place())
    except Unobtainable as failure:
        yield from apologize(context.office, leg, failure)


def _detect_machine(context: Context, noun: Verb, leg: Leg) -> Script[None]:
    mode = noun.word("machineDetection")
    if not mode:
        return
    address = context.address(noun, "amdStatusCallback", "amdStatusCallbackMethod")
    if address is not None:
        context.office.spawn(detect(context.office, leg, mode, address))
        yield Sleep(0)
