"""The life of a leg, from its first ring to its last callback."""

from ivr.carrier.documents import CALL, Context, Jump, Performer, Unobtainable, obtain
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import HungUp, Leg, Redirected, Status
from ivr.carrier.office import Office
from ivr.carrier.progress import answer, move, tell
from ivr.carrier.sound import spoken_seconds
from ivr.carrier.tasks import Listen, Script, Sleep

APP_ERROR = "We're sorry, an application error has occurred. Goodbye."


def live(office: Office, leg: Leg, script: Script[None], perform: Performer) -> Script[None]:
    """Run a leg's script, and whatever REST puts in its place, until the leg is over."""
    while True:
        try:
            yield from script
        except Redirected as moved:
            script = play_call(office, leg, Jump(moved.source, live=True), perform)
            continue
        except HungUp:
            pass
        break
    office.hang_up(leg, "document")
    if leg.begun:  # a call cancelled while it was only queued is told to nobody
        tell(office, leg, "completed")


def ring(office: Office, leg: Leg, seconds: float) -> Script[None]:
    """Ring the far end until it is picked up; else the leg ends, with the status that says why."""
    refusal = leg.phone.ring(leg)
    if refusal is not None:
        office.hang_up(leg, "far end", refusal)
        raise HungUp
    move(office, leg, Status.RINGING, "ringing")
    until = office.now() + office.paced(seconds)
    while not leg.picked_up and not leg.declined:
        woken = yield Listen(until - office.now())
        if not woken:
            break
    if not leg.picked_up:
        office.hang_up(leg, "far end", Status.BUSY if leg.declined else Status.NO_ANSWER)
        raise HungUp
    move(office, leg, Status.IN_PROGRESS, "answered")


def play_call(office: Office, leg: Leg, jump: Jump, perform: Performer) -> Script[None]:
    """Play documents, one leading to the next, until one runs out: then the call ends."""
    following: Jump | None = jump
    while following is not None:
        try:
            document = yield from obtain(office, leg, following)
            following = yield from perform(Context(office, leg, document, CALL, perform))
        except Unobtainable as failure:
            following = yield from _rescue(office, leg, following, failure)
    answer(office, leg)
    office.ledger.add("document_ran_out", call=leg.sid)
    office.hang_up(leg, "document")
    raise HungUp


def apologize(office: Office, leg: Leg, failure: Unobtainable) -> Script[None]:
    """What nobody should ever hear (I1): the carrier's own apology. The call ends."""
    answer(office, leg)
    office.ledger.add("app_error_played", call=leg.sid, code=failure.code, url=failure.url)
    seconds = spoken_seconds(APP_ERROR)
    say_to(office, leg, APP_ERROR, "say", seconds)
    yield Sleep(office.paced(seconds))
    office.hang_up(leg, "application error")
    raise HungUp


def _rescue(
    office: Office, leg: Leg, failed: Jump | None, failure: Unobtainable
) -> Script[Jump | None]:
    """The fallback URL; without one, or when it is what failed, the apology."""
    fallback = leg.fallback or (leg.number.fallback if leg.number else None)
    kind = failed.kind if failed else ""
    covered = kind == "document" or office.assume.fallback_covers_actions
    if fallback is not None and kind != "fallback" and covered:
        extras = (("ErrorCode", str(failure.code)), ("ErrorUrl", failure.url))
        return Jump(fallback, "fallback", extras)
    yield from apologize(office, leg, failure)
    return None
