"""Dial: ringing other phones, and being bridged to the one that answers (contract 1.6, 1.8)."""

from dataclasses import dataclass

from ivr.carrier.bridges import Bridge, connect
from ivr.carrier.children import Attempt, start_child, target_of
from ivr.carrier.documents import Context, Fields
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Direction, Key, Leg, Status
from ivr.carrier.progress import answer
from ivr.carrier.recording import listener_of
from ivr.carrier.recordings import Take, recording_url, start_take, stop_take
from ivr.carrier.tasks import Listen, Script
from ivr.carrier.twiml import Verb

LONGEST_CALL = 14400
_MOST_TARGETS = 10
# Several phones, nobody answered: the first of these that happened is the Dial's status.
_STATUS_ORDER = (Status.NO_ANSWER, Status.BUSY, Status.FAILED, Status.CANCELED, Status.COMPLETED)


@dataclass
class Outcome:
    """How a Dial goes so far; becomes the parameters of its action request."""

    status: str = Status.FAILED.value
    child_sid: str = ""
    seconds: int | None = None
    bridged: bool | None = False  # None: it was a room, where this is not told
    extras: Fields = ()
    take: Take | None = None

    def fields(self, context: Context) -> Fields:
        fields: list[tuple[str, str]] = [("DialCallStatus", self.status)]
        if self.child_sid:
            fields.append(("DialCallSid", self.child_sid))
        if self.seconds is not None:
            fields.append(("DialCallDuration", str(self.seconds)))
        if self.bridged is not None:
            fields.append(("DialBridged", "true" if self.bridged else "false"))
        if self.take is not None:
            fields.append(("RecordingUrl", recording_url(context.office, self.take.recording)))
        return (*fields, *self.extras)


class StarPressed(Exception):
    """The caller left the Dial by hangupOnStar."""


def left_by_star(context: Context, verb: Verb) -> bool:
    """Did the caller press `*` in a Dial that lets them leave by it?"""
    pressed = Key("*") in context.leg.inbox
    context.leg.inbox.clear()
    return pressed and verb.flag("hangupOnStar", False)


def dial_phones(
    context: Context, verb: Verb, nouns: tuple[Verb, ...], outcome: Outcome
) -> Script[None]:
    """Ring phones, all at once or one after the other; bridge to the first that answers."""
    caller_id = _caller_id(context, verb)
    if caller_id is None or not _are_dialable(context, nouns):
        return
    say_to(context.office, context.leg, "[ringing]", "tone")
    outcome.status = Status.CANCELED.value  # what it is if the caller leaves now
    one_by_one = verb.flag("sequential", False)
    for group in [(noun,) for noun in nouns] if one_by_one else [nouns]:
        attempts = [start_child(context, verb, noun, caller_id) for noun in group]
        outcome.child_sid = attempts[-1].leg.sid
        try:
            yield from _try(context, verb, attempts, outcome)
        except StarPressed:
            return
        finally:
            for attempt in attempts:
                if not attempt.leg.moved_away:
                    context.office.hang_up(attempt.leg, "dial ended")
        if outcome.bridged or outcome.seconds is not None:
            return


def _caller_id(context: Context, verb: Verb) -> str | None:
    """The caller's own number, unless another one is given that we may show (contract 2.2)."""
    leg, office = context.leg, context.office
    given = verb.word("callerId")
    if not given:
        return leg.from_ if leg.direction is Direction.INBOUND else leg.to
    if given in {leg.from_, leg.to} or given in office.numbers or given.startswith("client:"):
        return given
    office.problem(13214, given, call=leg.sid, url=context.document.url)
    return None


def _are_dialable(context: Context, nouns: tuple[Verb, ...]) -> bool:
    """At most ten numbers in E.164; one of our own is not, as a call to us is not simulated."""
    wrong = [noun.text for noun in nouns if noun.name == "Number" and not is_number(noun.text)]
    own = [noun.text for noun in nouns if noun.text in context.office.numbers]
    for text in wrong:
        context.office.problem(13223, text, call=context.leg.sid, url=context.document.url)
    for text in own:
        context.office.problem(
            13224, f"{text} is our own", call=context.leg.sid, url=context.document.url
        )
    if len(nouns) > _MOST_TARGETS:
        context.office.problem(12200, f"<Dial> with {len(nouns)} targets", call=context.leg.sid)
    return (
        not wrong
        and not own
        and all(target_of(noun) for noun in nouns)
        and len(nouns) <= _MOST_TARGETS
    )


def is_number(text: str) -> bool:
    digits = text[1:]
    return (
        text[:1] == "+" and digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15
    )  # E.164


def _try(context: Context, verb: Verb, attempts: list[Attempt], outcome: Outcome) -> Script[None]:
    winner = yield from _first_answer(context, verb, attempts)
    if winner is None:
        statuses = {attempt.leg.status for attempt in attempts}
        outcome.status = next(status for status in _STATUS_ORDER if status in statuses).value
        return
    outcome.child_sid = winner.leg.sid
    for attempt in attempts:
        if attempt is not winner:
            context.office.hang_up(attempt.leg, "another phone answered")
    while not winner.ready and not winner.leg.over and not winner.leg.moved_away:
        _check_star(context, verb)
        yield Listen()
    if winner.ready and not winner.leg.over:
        yield from _talk(context, verb, winner, outcome)
    else:
        outcome.status = context.office.assume.declined_whisper_status
        outcome.seconds = winner.leg.duration


def _first_answer(context: Context, verb: Verb, attempts: list[Attempt]) -> Script[Attempt | None]:
    while True:
        for attempt in attempts:
            if attempt.leg.answered:
                return attempt
        if all(attempt.leg.over for attempt in attempts):
            return None
        _check_star(context, verb)
        yield Listen()


def _check_star(context: Context, verb: Verb) -> None:
    if left_by_star(context, verb):
        raise StarPressed


def _talk(context: Context, verb: Verb, winner: Attempt, outcome: Outcome) -> Script[None]:
    office, leg = context.office, context.leg
    answer(office, leg)
    bridge = connect(office, leg, winner.leg)
    outcome.take = take_of_dial(context, verb, (leg, winner.leg))
    outcome.status = Status.COMPLETED.value
    outcome.bridged = True
    try:
        yield from stay(context, verb, bridge)
    finally:
        bridge.end()
        # A child that was redirected away first has no duration to tell (contract 1.6).
        outcome.seconds = None if winner.leg.moved_away else bridge.seconds
        if outcome.take is not None:
            end_take(outcome.take, (leg, winner.leg))


def stay(context: Context, verb: Verb, bridge: Bridge) -> Script[None]:
    """Until the other side leaves, the time limit, or the caller's star."""
    until = bridge.began_at + verb.whole("timeLimit", LONGEST_CALL)
    partner = bridge.other(context.leg)
    while not bridge.over and not partner.over:
        if left_by_star(context, verb):
            return
        woken = yield Listen(until - context.office.now())
        if not woken:
            context.office.ledger.add("time_limit", call=context.leg.sid)
            return


def take_of_dial(context: Context, verb: Verb, legs: tuple[Leg, ...]) -> Take | None:
    """The recording that a Dial's `record` attribute asks for; it belongs to the parent leg."""
    how = verb.word("record", "do-not-record")
    if how in {"do-not-record", "false"}:
        return None
    take = start_take(
        context.office,
        "DialVerb",
        call=context.leg.sid,
        channels=2 if how.endswith("-dual") else 1,
        trims=verb.word("trim") == "trim-silence",
        listener=listener_of(context, verb),
    )
    for leg in legs:
        leg.takes.append(take)
    return take


def end_take(take: Take, legs: tuple[Leg, ...]) -> None:
    for leg in legs:
        leg.takes.remove(take)
    stop_take(take, legs)
