"""Enqueue: waiting under a looping document until the caller is taken out (contract 1.7)."""

from typing import Never

from ivr.carrier.couriers import fetch, post
from ivr.carrier.documents import (
    Context,
    Fields,
    Jump,
    Unobtainable,
    play_through,
    queue_whisper_place,
    waiting_place,
)
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Address, HungUp, Redirected
from ivr.carrier.queues import (
    LONGEST_NAME,
    Dequeued,
    LeftQueue,
    Meeting,
    Member,
    Queue,
    Taken,
    join,
    open_queue,
    queue_named,
    take_out,
    wait_fields,
    waited,
)
from ivr.carrier.tasks import Listen, Script, Sleep
from ivr.carrier.twiml import Verb

MUSIC_SECONDS = 60.0
# A wait document that takes no time is asked for once a second: a real carrier would hammer the
# service.
_LEAST_WAIT = 1.0


def enqueue(context: Context, verb: Verb) -> Script[Jump | None]:
    """Wait in the queue; then the action, the member's own document, or the next verb."""
    queue = _queue_of(context, verb)
    if queue is None:
        return _after(context, verb, "error")
    if len(queue.members) >= queue.max_size:
        context.office.problem(14207, queue.friendly_name, call=context.leg.sid)
        return _after(context, verb, "queue-full")
    member = join(context.office, queue, context.leg)
    try:
        return (yield from _wait(context, verb, member))
    except HungUp:
        _tell_action(context, verb, "bridged" if member.bridged else "hangup", member)
        raise
    except Redirected:
        result = "redirected-from-bridged" if member.bridged else "redirected"
        _tell_action(context, verb, result, member)
        raise
    finally:
        take_out(context.office, member, "carrier")


def _queue_of(context: Context, verb: Verb) -> Queue | None:
    """The queue an Enqueue names, opened on demand; None, and an error, for a wrong name."""
    office, name = context.office, verb.text
    if "workflowSid" in verb.attributes:
        office.problem(
            12200, "<Enqueue> workflowSid: TaskRouter is not simulated", call=context.leg.sid
        )
        return None
    if not 1 <= len(name) <= LONGEST_NAME:
        office.problem(
            14205 if name else 14204, name[:80], call=context.leg.sid, url=context.document.url
        )
        return None
    return queue_named(office, name) or open_queue(office, name)


def _wait(context: Context, verb: Verb, member: Member) -> Script[Jump | None]:
    try:
        return (yield from _wait_documents(context, verb, member))
    except LeftQueue:
        take_out(context.office, member, "leave")
        return _after(context, verb, "leave", member)
    except Unobtainable:
        take_out(context.office, member, "error")
        return _after(context, verb, "error", member)
    except Dequeued as dequeued:
        return (yield from _dequeued(context, verb, member, dequeued))
    except Taken as taken:
        try:
            yield from _meet(context, taken.meeting)
        except Unobtainable:
            return _after(context, verb, "error", member)
        return _after(context, verb, "bridged", member)


def _wait_documents(context: Context, verb: Verb, member: Member) -> Script[Never]:
    """The wait document, again and again: it loops by itself. Ends by an exception only."""
    office = context.office
    if not verb.word("waitUrl"):
        yield from _wait_without_document(context, silent="waitUrl" in verb.attributes)
    url = context.document.resolve(verb.word("waitUrl"))
    address = Address(url, verb.word("waitUrlMethod", "POST"))
    place = waiting_place(lambda: wait_fields(office, member))
    while True:
        began = office.now()
        yield from play_through(context, Jump(address, "wait"), place)
        if office.now() - began < office.paced(_LEAST_WAIT):
            office.ledger.add("empty_wait_document", call=context.leg.sid, url=url)
            yield Sleep(_LEAST_WAIT)


def _wait_without_document(context: Context, silent: bool) -> Script[Never]:
    while True:
        if not silent:
            say_to(context.office, context.leg, "[music]", "play", MUSIC_SECONDS)
        yield Sleep(MUSIC_SECONDS)


def _dequeued(
    context: Context, verb: Verb, member: Member, dequeued: Dequeued
) -> Script[Jump | None]:
    """By REST: the action and the member's Url are requested; an assumption says whose runs."""
    own = Jump(dequeued.source)
    action = _after(context, verb, "redirected", member)
    if action is None:
        return own
    loser, winner = (
        (action, own) if context.office.assume.dequeue_runs_member_url else (own, action)
    )
    if isinstance(loser.source, Address):
        yield from fetch(context.office, context.order(loser.kind, loser.source, loser.extras))
    return winner


def _meet(context: Context, meeting: Meeting) -> Script[None]:
    """By Dial: hear the dialler's whisper, be bridged, and go on when the bridge ends."""
    leg, member = context.leg, meeting.member
    leg.moved_away = False
    try:
        if meeting.whisper is not None:
            place = queue_whisper_place(lambda: meeting_fields(meeting))
            yield from play_through(context, Jump(meeting.whisper, "whisper"), place)
        member.bridged = meeting.ready = True
        meeting.dialer.poke()
        while not meeting.over:
            yield Listen()
    except Redirected:
        leg.moved_away = True
        raise
    finally:
        meeting.left = True
        if leg.bridge is not None:
            leg.bridge.end()
        meeting.dialer.poke()


def meeting_fields(meeting: Meeting) -> Fields:
    """What a Dial of a queue tells: its whisper on the queued side, its own action (1.7)."""
    member = meeting.member
    return (
        ("QueueSid", member.queue.sid),
        ("QueueTime", str(member.queue_seconds)),
        ("DequeingCallSid", meeting.dialer.sid),
    )


def _after(context: Context, verb: Verb, result: str, member: Member | None = None) -> Jump | None:
    """Where the caller goes now: the action, or (None) the verb after Enqueue."""
    address = context.address(verb, "action")
    if address is None:
        return None
    return Jump(address, "action", _result_fields(context, result, member))


def _result_fields(context: Context, result: str, member: Member | None) -> Fields:
    if member is None:
        return (("QueueResult", result),)
    seconds = member.queue_seconds if member.bridged else waited(context.office, member)
    return (("QueueResult", result), ("QueueSid", member.queue.sid), ("QueueTime", str(seconds)))


def _tell_action(context: Context, verb: Verb, result: str, member: Member) -> None:
    """The action is requested although its answer plays no part any more."""
    address = context.address(verb, "action")
    if address is not None:
        extras = _result_fields(context, result, member)
        post(context.office, context.order("action", address, extras))
