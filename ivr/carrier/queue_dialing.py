"""Dial with Queue: taking the first caller out, or waiting for one (contract 1.6, 1.7)."""

from ivr.carrier.bridges import connect
from ivr.carrier.dialing import Outcome, end_take, left_by_star, stay, take_of_dial
from ivr.carrier.documents import Context
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Status
from ivr.carrier.progress import answer
from ivr.carrier.queueing import meeting_fields
from ivr.carrier.queues import Meeting, Queue, Taken, queue_named, take_out
from ivr.carrier.tasks import Listen, Script
from ivr.carrier.twiml import Verb


def dial_queue(context: Context, verb: Verb, noun: Verb, outcome: Outcome) -> Script[None]:
    """No such queue is a failed Dial; an empty one is waited for, up to the timeout."""
    queue = queue_named(context.office, noun.text)
    if queue is None:
        context.office.ledger.add("no_such_queue", call=context.leg.sid, queue=noun.text)
        return
    say_to(context.office, context.leg, "[ringing]", "tone")
    outcome.status = Status.NO_ANSWER.value
    meeting = yield from _first_in(context, verb, noun, queue)
    if meeting is None:
        return
    outcome.child_sid = meeting.member.leg.sid
    outcome.extras = meeting_fields(meeting)
    try:
        while not meeting.ready and not meeting.left and not meeting.member.leg.over:
            yield Listen()
        if meeting.ready and not meeting.left:
            yield from _talk(context, verb, meeting, outcome)
    finally:
        meeting.over = True
        meeting.member.leg.poke()


def _first_in(context: Context, verb: Verb, noun: Verb, queue: Queue) -> Script[Meeting | None]:
    office, leg = context.office, context.leg
    until = office.now() + office.paced(verb.whole("timeout", 30))
    queue.waiting_dialers.append(leg)
    try:
        while not queue.members:
            if left_by_star(context, verb):
                return None
            woken = yield Listen(until - office.now())
            if not woken:
                return None
    finally:
        queue.waiting_dialers.remove(leg)
    meeting = Meeting(leg, queue.members[0], context.address(noun, "url"))
    take_out(office, meeting.member, f"dial {leg.sid}")
    task = meeting.member.leg.task
    if task is not None:
        task.interrupt(Taken(meeting))
        task.when_over(lambda _: leg.poke())
    return meeting


def _talk(context: Context, verb: Verb, meeting: Meeting, outcome: Outcome) -> Script[None]:
    partner = meeting.member.leg
    answer(context.office, context.leg)
    bridge = connect(context.office, context.leg, partner)
    outcome.take = take_of_dial(context, verb, (context.leg, partner))
    outcome.status = Status.COMPLETED.value
    outcome.bridged = True
    try:
        yield from stay(context, verb, bridge)
    finally:
        bridge.end()
        outcome.seconds = None if partner.moved_away else bridge.seconds
        if outcome.take is not None:
            end_take(outcome.take, (context.leg, partner))
