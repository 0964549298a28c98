"""Performing a document: one verb after the other, until one leads elsewhere."""

from ivr.carrier.attributes import is_url
from ivr.carrier.conferencing import dial_room
from ivr.carrier.couriers import post
from ivr.carrier.dialing import Outcome, dial_phones
from ivr.carrier.documents import Context, Jump, Unobtainable
from ivr.carrier.gathering import gather
from ivr.carrier.legs import Address, HungUp, Status
from ivr.carrier.progress import answer
from ivr.carrier.queue_dialing import dial_queue
from ivr.carrier.queueing import enqueue
from ivr.carrier.queues import LeftQueue
from ivr.carrier.recording import record
from ivr.carrier.speaking import speak
from ivr.carrier.tasks import Script
from ivr.carrier.twiml import Verb

# Twilio documents no limit on Redirects in a row; a document that only redirects to itself must end
# somewhere.
MOST_REDIRECTS = 100


def perform(context: Context) -> Script[Jump | None]:
    """Play a document; None when its verbs ran out."""
    for position, verb in enumerate(context.document.verbs):
        if verb.name == "Reject":
            _reject(context, verb, first=position == 0)
        if not _delays_answer(context, verb):
            answer(context.office, context.leg)
        if verb.name != "Redirect":
            context.leg.redirects_in_a_row = 0
        jump = yield from _act(context, verb)
        if jump is not None:
            return jump
    return None


def _delays_answer(context: Context, verb: Verb) -> bool:
    """A Pause before anything else is heard, and a Dial that answers when it is bridged."""
    return verb.name == "Pause" or (verb.name == "Dial" and verb.flag("answerOnBridge", False))


def _act(context: Context, verb: Verb) -> Script[Jump | None]:
    match verb.name:
        case "Say" | "Play" | "Pause":
            yield from speak(context, verb)
        case "Gather":
            return (yield from gather(context, verb))
        case "Record":
            return (yield from record(context, verb))
        case "Dial":
            return (yield from _dial(context, verb))
        case "Enqueue":
            return (yield from enqueue(context, verb))
        case "Redirect":
            return _redirect(context, verb)
        case "Leave":
            if context.place.name == "wait":
                raise LeftQueue
        case "Hangup":
            context.office.hang_up(context.leg, "hangup")
            raise HungUp
    return None


def _redirect(context: Context, verb: Verb) -> Jump:
    url = context.document.resolve(verb.text)
    context.leg.redirects_in_a_row += 1
    if not is_url(url):
        context.office.problem(11100, f"<Redirect> {verb.text!r}", call=context.leg.sid)
        raise Unobtainable(11100, url)
    if context.leg.redirects_in_a_row > MOST_REDIRECTS:
        context.office.problem(
            12400, f"{MOST_REDIRECTS} <Redirect> in a row", call=context.leg.sid, url=url
        )
        raise Unobtainable(12400, url)
    return Jump(Address(url, verb.word("method", "POST")), "redirect")


def _reject(context: Context, verb: Verb, first: bool) -> None:
    """As the first verb of an unanswered call it costs nothing; later it only hangs up."""
    if context.leg.answered or not first:
        context.office.problem(12200, "<Reject> is not the first verb", call=context.leg.sid)
    status = Status.BUSY if verb.word("reason") == "busy" else Status.NO_ANSWER
    context.office.hang_up(
        context.leg, "reject", Status.COMPLETED if context.leg.answered else status
    )
    raise HungUp


def _dial(context: Context, verb: Verb) -> Script[Jump | None]:
    """Dial, then the action (its document takes over) or the next verb."""
    outcome = Outcome()
    context.leg.open_ears(*(("dtmf",) if verb.flag("hangupOnStar", False) else ()))
    try:
        yield from _dial_nouns(context, verb, outcome)
    except HungUp:
        address = context.address(verb, "action")
        if address is not None and context.office.assume.dial_action_after_hangup:
            fields = outcome.fields(context)
            post(context.office, context.order("action", address, fields))
        raise
    finally:
        context.leg.close_ears()
    address = context.address(verb, "action")
    return Jump(address, "action", outcome.fields(context)) if address is not None else None


def _dial_nouns(context: Context, verb: Verb, outcome: Outcome) -> Script[None]:
    nouns = verb.children or (Verb("Number", {}, verb.text),)
    match nouns[0].name:
        case "Queue":
            yield from dial_queue(context, verb, nouns[0], outcome)
        case "Conference":
            yield from dial_room(context, verb, nouns[0], outcome)
        case _:
            phones = tuple(noun for noun in nouns if noun.name in {"Number", "Client"})
            yield from dial_phones(context, verb, phones, outcome)
