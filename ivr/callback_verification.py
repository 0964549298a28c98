"""Verification of callbacks: who is called, how often, and that none is forgotten."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from callflows.session import Session
from ivr.acd.callback_records import LIVE
from ivr.acd.callbacks import CALL_CUSTOMER
from ivr.dial_policy import E164
from ivr.store.acd import QueuedState, outbox, queued_call
from ivr.store.callbacks import CallbackOrigin, CallbackState, callback
from ivr.store.calls import OUTBOUND, CallStage, call, disposition
from ivr.violations import Violation
from routing.tickets import Found


def callback_violations(connection: Connection) -> list[Violation]:
    return [
        *_one_live_callback(connection),
        *_one_ringing_per_attempt(connection),
        *_only_with_a_ticket(connection),
        *_none_is_forgotten(connection),
    ]


def _one_live_callback(connection: Connection) -> Iterator[Violation]:
    for column, whose in ((callback.c.number, "number"), (callback.c.ticket, "ticket")):
        query = select(column, func.count()).where(callback.c.state.in_(LIVE)).group_by(column)
        for subject, count in connection.execute(query.having(func.count() > 1)):
            yield Violation("I3", subject, f"This {whose} has {count} live callbacks.")


def _one_ringing_per_attempt(connection: Connection) -> Iterator[Violation]:
    query = (
        select(outbox.c.subject, func.count())
        .where(outbox.c.kind == CALL_CUSTOMER)
        .group_by(outbox.c.subject)
    )
    for subject, count in connection.execute(query.having(func.count() > 1)):
        yield Violation("I4", subject, f"The customer was to be called {count} times at once.")


def _only_with_a_ticket(connection: Connection) -> Iterator[Violation]:
    query = select(callback, call.c.session).join(call, call.c.call_sid == callback.c.call_sid)
    for row in connection.execute(query):
        if not isinstance(Session.from_json(row.session).desk, Found):
            yield Violation("I8", row.call_sid, "A callback without a ticket of the help desk.")
        if not E164.fullmatch(row.number):
            yield Violation("I8", row.call_sid, "The number to call back is not in E.164.")
        if row.origin is CallbackOrigin.CALLER and row.asked_in is None:
            yield Violation("I8", row.call_sid, "No caller has confirmed the number.")


def _none_is_forgotten(connection: Connection) -> Iterator[Violation]:
    """A live callback waits in a queue or is being made; one that is settled does neither."""
    waiting = select(queued_call.c.call_sid).where(queued_call.c.state != QueuedState.LEFT)
    queued = set(connection.execute(waiting).scalars())
    outbound = select(call.c.call_sid, call.c.stage, callback.c.state, disposition.c.disposition)
    outbound = outbound.outerjoin(callback, callback.c.call_sid == call.c.call_sid)
    outbound = outbound.outerjoin(disposition, disposition.c.call_sid == call.c.call_sid)
    for row in connection.execute(outbound.where(call.c.direction == OUTBOUND)):
        if row.disposition is not None:
            yield Violation("I2", row.call_sid, "A callback has a disposition.")
        if row.state in LIVE and (row.stage is CallStage.ENDED or row.call_sid not in queued):
            yield Violation("I2", row.call_sid, "A callback is wanted but waits in no queue.")
        given_up = row.state in {CallbackState.FAILED, CallbackState.CANCELLED}
        if given_up and row.stage is not CallStage.ENDED:
            yield Violation("I2", row.call_sid, "A callback was given up but its call is live.")
