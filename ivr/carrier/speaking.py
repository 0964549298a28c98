"""Say, Play and Pause: what a leg's phone hears, and for how long."""

from posixpath import basename
from urllib.parse import urlsplit

from ivr.carrier.couriers import fetch, is_success
from ivr.carrier.documents import Context
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Leg
from ivr.carrier.office import Office
from ivr.carrier.signing import MEDIA, Order
from ivr.carrier.sound import AUDIO_TYPES, BEEP_SECONDS, seconds_of, spoken_seconds
from ivr.carrier.tasks import Listen, Script, Sleep
from ivr.carrier.twiml import Verb

_FOREVER = 1000  # what loop="0" means
_DIGIT_SECONDS = {"w": 0.5, "W": 1.0}
_NOT_MODIFIED = 304
_PLAY_CODES = {"Gather": 13325, "Response": 13420}


def speak(context: Context, verb: Verb, stoppable: bool = False) -> Script[bool]:
    """Say, Play or Pause once through; True when the caller was allowed to stop it, and did."""
    match verb.name:
        case "Say":
            return (yield from _say(context, verb, stoppable))
        case "Play":
            return (yield from _play(context, verb, stoppable))
        case _:
            return (yield from _wait(context, float(verb.whole("length", 1)), stoppable))


def beep(office: Office, leg: Leg) -> Script[None]:
    say_to(office, leg, "[beep]", "beep", BEEP_SECONDS)
    yield Sleep(office.paced(BEEP_SECONDS))


def _say(context: Context, verb: Verb, stoppable: bool) -> Script[bool]:
    seconds = spoken_seconds(verb.text)
    for _ in range(_loops(verb)):
        if not verb.text:
            break
        say_to(context.office, context.leg, verb.text, "say", seconds)
        if (yield from _wait(context, seconds, stoppable)):
            return True
    return False


def _play(context: Context, verb: Verb, stoppable: bool) -> Script[bool]:
    digits = verb.word("digits")
    if digits:
        say_to(context.office, context.leg, f"[keys {digits}]", "tone")
        seconds = sum(_DIGIT_SECONDS.get(digit, 0.1) for digit in digits)
        return (yield from _wait(context, seconds, stoppable))
    url = context.document.resolve(verb.text)
    known = verb.word("seconds")
    length = float(known) if known else (yield from _media_seconds(context, url, stoppable))
    if length is None:
        return False
    name = basename(urlsplit(url).path) or url
    for _ in range(_loops(verb)):
        say_to(context.office, context.leg, f"[music {name}]", "play", length, url)
        if (yield from _wait(context, max(length, 0.1), stoppable)):
            return True
    return False


def _loops(verb: Verb) -> int:
    return verb.whole("loop", 1) or _FOREVER


def _wait(context: Context, seconds: float, stoppable: bool) -> Script[bool]:
    seconds = context.office.paced(seconds)
    if not stoppable:
        yield Sleep(seconds)
        return False
    until = context.office.now() + seconds
    while not context.leg.inbox:
        woken = yield Listen(until - context.office.now())
        if not woken:
            return False
    context.office.ledger.add(
        "cut", call=context.leg.sid, seconds_left=round(until - context.office.now(), 2)
    )
    return True


def _media_seconds(context: Context, url: str, in_gather: bool) -> Script[float | None]:
    """How long a medium plays; None, reported, when it cannot be had (the next verb runs)."""
    office = context.office
    cached = office.media.get(url)
    headers = (("If-None-Match", cached[0]),) if cached else ()
    reply = yield from fetch(
        office, Order(MEDIA, url, "GET", call_sid=context.leg.sid, headers=headers)
    )
    if cached and reply.status == _NOT_MODIFIED:
        return float(cached[1])
    if not is_success(reply):
        code = 11205 if reply.failure else 11200
        office.problem(
            code, f"media: {reply.failure or reply.status}", call=context.leg.sid, url=url
        )
        return None
    kind = reply.header("Content-Type").partition(";")[0].strip().lower()
    if kind not in AUDIO_TYPES:
        office.problem(
            _PLAY_CODES["Gather" if in_gather else "Response"],
            kind or "none",
            call=context.leg.sid,
            url=url,
        )
        return None
    seconds = seconds_of(kind, reply.body)
    if reply.header("ETag"):
        office.media[url] = (reply.header("ETag"), seconds)
    return seconds
