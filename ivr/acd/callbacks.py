"""Callbacks: calls that we place to a customer, once a technician has accepted.

A callback is a row about an outbound call, which waits in its queue like any other. Each function
here is one move of it, made in the caller's transaction by compare-and-set: a move that is no
longer legal changes nothing. An attempt is known by the offer that was accepted for it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from ivr import journal
from ivr.acd import outbox
from ivr.acd.callback_records import (
    LIVE,
    Callback,
    being_called,
    callback_of_attempt,
    callback_of_call,
    read_callback,
)
from ivr.acd.calling_hours import may_be_called
from ivr.acd.queue import leave_queue
from ivr.alarms import raise_alarm
from ivr.call_records import change_call, find_call
from ivr.configuration import Configuration
from ivr.journal import Happened
from ivr.mail import post_mail
from ivr.publishing import live
from ivr.store.acd import QueuedState, queued_call
from ivr.store.callbacks import CallbackState, callback
from ivr.store.calls import CallStage

# Ringing the customer, and having the telephone of a technician say that it was in vain.
CALL_CUSTOMER = "call_customer"
TELL_TECHNICIAN = "tell_technician"

# After the ringing the customer hears who is calling, twice; then nobody is there.
GREETING_SECONDS = 40


def begin_attempt(connection: Connection, call_sid: str, offer_id: str, now: datetime) -> None:
    """A technician has accepted: the customer is to be called. Nothing for any other call."""
    ring_seconds = live(connection).configuration.callbacks.ring_seconds
    begun = connection.execute(
        update(callback)
        .where(callback.c.call_sid == call_sid, callback.c.state == CallbackState.WAITING)
        .values(
            state=CallbackState.CALLING,
            attempts=callback.c.attempts + 1,
            offer_id=offer_id,
            customer_leg_sid=None,
            due_at=now + timedelta(seconds=ring_seconds + GREETING_SECONDS),
        )
    )
    if begun.rowcount:
        outbox.post(connection, CALL_CUSTOMER, offer_id, now, ring_seconds=ring_seconds)
        journal.write(connection, call_sid, Happened.CALLING_CUSTOMER, now, offer=offer_id)


def customer_rings(connection: Connection, offer_id: str, leg_sid: str, now: datetime) -> bool:
    """The carrier has placed the customer's leg; one that came too late is hung up again."""
    kept = connection.execute(
        update(callback)
        .where(
            callback.c.offer_id == offer_id,
            callback.c.state == CallbackState.CALLING,
            callback.c.customer_leg_sid.is_(None) | (callback.c.customer_leg_sid == leg_sid),
        )
        .values(customer_leg_sid=leg_sid)
    )
    if kept.rowcount:
        return True
    found = callback_of_attempt(connection, offer_id)
    joined = found is not None and found.state is CallbackState.JOINED
    if not (joined and found is not None and found.customer_leg_sid == leg_sid):
        outbox.post(connection, outbox.HANG_UP, leg_sid, now)
    return False


def join(connection: Connection, found: Callback, technician_id: int, now: datetime) -> int | None:
    """The customer pressed 1: in the room from now on. Returns the turn that follows the talk."""
    joined = connection.execute(
        update(callback)
        .where(
            callback.c.id == found.id,
            callback.c.state == CallbackState.CALLING,
            callback.c.offer_id == found.offer_id,
        )
        .values(state=CallbackState.JOINED, settled_at=now, due_at=None)
    )
    if not joined.rowcount:
        return None
    seen = find_call(connection, found.call_sid)
    assert seen is not None
    changes = {"stage": CallStage.BRIDGED, "technician_id": technician_id, "turn": seen.turn + 1}
    change_call(connection, seen, now, **changes)
    leave_queue(connection, found.call_sid, now, "accepted")
    told = {"technician": technician_id, "offer": found.offer_id}
    journal.write(connection, found.call_sid, Happened.BRIDGED, now, **told)
    return seen.turn + 1


def not_reached(
    connection: Connection, offer_id: str, reason: str, now: datetime, *, counts: bool = True
) -> None:
    """Busy, no answer, a machine, no key: the technician is told, and it is tried again later.

    An attempt at which nobody was dialled, for a cap of the dial policy, does not count.
    """
    found = being_called(connection, offer_id)
    if found is None:
        return
    stop_calling(connection, found, now)
    told = {"attempt": found.attempts, "reason": reason}
    journal.write(connection, found.call_sid, Happened.CUSTOMER_MISSED, now, **told)
    configuration = live(connection).configuration
    if not counts:
        uncounted = update(callback).where(callback.c.id == found.id)
        connection.execute(uncounted.values(attempts=callback.c.attempts - 1))
    elif found.attempts >= configuration.callbacks.attempts:
        give_up(connection, found, CallbackState.FAILED, f"not reached: {reason}", now)
        return
    again = now + timedelta(minutes=configuration.callbacks.retry_minutes)
    wait(connection, found, configuration, again, now)


def stop_calling(connection: Connection, found: Callback, now: datetime) -> None:
    """The customer's telephone falls silent, and the technician who waits for them is told."""
    if found.state is CallbackState.CALLING and found.offer_id is not None:
        outbox.post(connection, TELL_TECHNICIAN, found.offer_id, now)
        _hang_up_on_customer(connection, found, now)


def technician_gone(connection: Connection, call_sid: str, offer_id: str, now: datetime) -> bool:
    """The technician's leg is over. True if the customer was never joined with them.

    A customer who is being called meanwhile is hung up on, and the callback has its place back.
    """
    found = callback_of_call(connection, call_sid)
    if found is None or found.offer_id != offer_id or found.state is CallbackState.JOINED:
        return False
    if found.state is CallbackState.CALLING:
        _hang_up_on_customer(connection, found, now)
        wait(connection, found, live(connection).configuration, now, now)
    return True


def wait(
    connection: Connection,
    found: Callback,
    configuration: Configuration,
    earliest: datetime,
    now: datetime,
) -> None:
    """Back to waiting, in the same place, for when the customer may be called from `earliest` on.

    The queue's row is moved by whoever ends the technician's leg.
    """
    seen = find_call(connection, found.call_sid)
    assert seen is not None
    times = may_be_called(configuration, seen, earliest)
    is_later = times.begins > now
    connection.execute(
        update(callback)
        .where(callback.c.id == found.id, callback.c.state.in_(LIVE))
        .values(
            state=CallbackState.WAITING,
            due_at=min(times.begins if is_later else times.ends, found.expires_at),
        )
    )
    until = times.begins if is_later else None
    postponed = connection.execute(
        update(queued_call)
        .where(queued_call.c.call_sid == found.call_sid, queued_call.c.state != QueuedState.LEFT)
        .where(queued_call.c.not_before.is_distinct_from(until))
        .values(not_before=until)
    )
    if postponed.rowcount:
        told = until.isoformat() if until else "now"
        journal.write(connection, found.call_sid, Happened.POSTPONED, now, until=told)


def give_up(
    connection: Connection, found: Callback, becomes: CallbackState, reason: str, now: datetime
) -> bool:
    """The end of a callback that did not come about; people are told unless it was cancelled."""
    settled = connection.execute(
        update(callback)
        .where(callback.c.id == found.id, callback.c.state.in_(LIVE))
        .values(state=becomes, settled_at=now, due_at=None, reason=reason[:200])
    )
    if not settled.rowcount:
        return False
    leave_queue(connection, found.call_sid, now, reason)
    seen = find_call(connection, found.call_sid)
    assert seen is not None
    change_call(connection, seen, now, stage=CallStage.ENDED, ended_at=now)
    told = {"state": becomes.value, "reason": reason}
    journal.write(connection, found.call_sid, Happened.CALLBACK_OVER, now, **told)
    if becomes is CallbackState.FAILED:
        sentence = f"The callback about ticket {found.ticket} was given up: {reason}"
        raise_alarm(connection, f"callback:{found.id}", sentence, now)
        plan = live(connection).configuration.plan
        people, body = plan.notify(seen.queue or plan.fallback), _letter(found, reason)
        post_mail(connection, f"callback:{found.id}", people, sentence, body, now)
    return True


def do_what_is_due(connection: Connection, configuration: Configuration, now: datetime) -> None:
    """Attempts nobody answered, callbacks that have expired, calling hours that begin or end."""
    due = select(callback).where(callback.c.state.in_(LIVE), callback.c.due_at <= now)
    for row in connection.execute(due.with_for_update(skip_locked=True)).all():
        found = read_callback(row)
        if found.state is CallbackState.CALLING:
            not_reached(connection, found.offer_id or "", "no answer in time", now)
        elif now < found.expires_at:
            wait(connection, found, configuration, now, now)
        elif nobody_is_rung(connection, found):
            give_up(connection, found, CallbackState.FAILED, "nobody could make it in time", now)


def nobody_is_rung(connection: Connection, found: Callback) -> bool:
    """Whether no technician is being offered it, or has it, at this moment."""
    query = select(queued_call.c.id).where(
        queued_call.c.call_sid == found.call_sid,
        queued_call.c.state.in_([QueuedState.OFFERED, QueuedState.ACCEPTED]),
    )
    return connection.execute(query).first() is None


def _hang_up_on_customer(connection: Connection, found: Callback, now: datetime) -> None:
    outbox.call_off(connection, CALL_CUSTOMER, found.offer_id or "")
    if found.customer_leg_sid is not None:
        outbox.post(connection, outbox.HANG_UP, found.customer_leg_sid, now)


def _letter(found: Callback, reason: str) -> str:
    return (
        f"Ticket:    {found.ticket}\n"
        f"Number:    {found.number}\n"
        f"Asked for: {found.requested_at:%Y-%m-%d %H:%M} UTC, by {found.origin.value}\n"
        f"Attempts:  {found.attempts}\n"
        f"Why not:   {reason}\n"
    )
