"""Requests for callbacks: by a caller in their call, by the help desk, or by an operator.

One customer has one live callback: whoever asks again, in another call or about the same ticket,
keeps the first one and its place in line.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from callflows.model import Enqueue, Flow
from callflows.session import Session
from ivr import journal
from ivr.acd import callbacks
from ivr.acd.callback_records import (
    LIVE,
    Callback,
    callback_of_call,
    new_key,
    read_callback,
)
from ivr.acd.offers import withdraw
from ivr.acd.queue import put_in_queue, take_place_of
from ivr.call_records import Call, CallChanged, add_call, find_call
from ivr.errors import NoSuchCallback
from ivr.journal import Happened
from ivr.publishing import live
from ivr.store.callbacks import CallbackOrigin, CallbackState, callback
from ivr.store.calls import OUTBOUND, CallStage, call
from ivr.store.statements import insert_once
from ivr.world import Moment, needs_of
from routing.regions import Line


@dataclass(frozen=True)
class Request:
    """A callback that is wanted: the call it becomes, the number, and who asked (in which call)."""

    outbound: Call
    number: str
    origin: CallbackOrigin
    asked_in: str | None = None


def request_in_call(connection: Connection, moment: Moment, session: Session) -> int:
    """A caller has confirmed a number. Returns the callback's id, of a new one or the first."""
    seen, number = moment.call, session.number_to_call
    assert number is not None
    outbound = replace(
        seen,
        call_sid=new_key(),
        ani=number,
        stage=CallStage.QUEUED,
        turn=1,
        version=0,
        session=_waiting(session, moment).to_json(),
        direction=OUTBOUND,
    )
    wanted = Request(outbound, number, CallbackOrigin.CALLER, seen.call_sid)
    callback_id = request(connection, wanted, session, moment.world.line, moment.now)
    connection.execute(
        update(call).where(call.c.call_sid == seen.call_sid).values(callback_id=callback_id)
    )
    told = {"number": number, "origin": CallbackOrigin.CALLER.value, "callback": callback_id}
    journal.write(connection, seen.call_sid, Happened.CALLBACK_REQUESTED, moment.now, **told)
    return callback_id


def request(
    connection: Connection, wanted: Request, session: Session, line: Line, now: datetime
) -> int:
    """Queue a callback, unless this customer has one already; returns its id either way.

    Raises CallChanged when somebody else asks for the same at this very moment.
    """
    first = _live_callback(connection, wanted)
    if first is not None and not _gives_way(connection, first, wanted, now):
        _renew(connection, first, wanted)
        return first.id
    made = _add(connection, wanted, now)
    outbound, configuration = wanted.outbound, live(connection).configuration
    waited = wanted.asked_in is not None and take_place_of(
        connection, wanted.asked_in, outbound.call_sid, now
    )
    if not waited:
        queue, needs = outbound.queue or configuration.plan.fallback, needs_of(session, line)
        put_in_queue(connection, outbound.call_sid, queue, needs, configuration.matching, now)
    callbacks.wait(connection, made, configuration, now, now)
    told = {"number": wanted.number, "origin": wanted.origin.value, "callback": made.id}
    journal.write(connection, outbound.call_sid, Happened.CALLBACK_REQUESTED, now, **told)
    return made.id


def _add(connection: Connection, wanted: Request, now: datetime) -> Callback:
    outbound, settings = wanted.outbound, live(connection).configuration.callbacks
    add_call(connection, outbound)
    values = {
        "call_sid": outbound.call_sid,
        "asked_in": wanted.asked_in,
        "ticket": outbound.ticket,
        "number": wanted.number,
        "origin": wanted.origin,
        "state": CallbackState.WAITING,
        "attempts": 0,
        "requested_at": now,
        "expires_at": now + timedelta(hours=settings.expires_hours),
        "due_at": now,
    }
    if not insert_once(connection, callback, values):
        raise CallChanged
    made = callback_of_call(connection, outbound.call_sid)
    assert made is not None
    return made


def _live_callback(connection: Connection, wanted: Request) -> Callback | None:
    """The customer's callback: to the same number, or else about the same ticket."""
    for same in (
        callback.c.number == wanted.number,
        callback.c.ticket == wanted.outbound.ticket,
    ):
        row = connection.execute(select(callback).where(same, callback.c.state.in_(LIVE))).first()
        if row is not None:
            return read_callback(row)
    return None


def _gives_way(connection: Connection, first: Callback, wanted: Request, now: datetime) -> bool:
    """Severity 1 does not wait behind what the same customer asked for before."""
    seen = find_call(connection, first.call_sid)
    if seen is None or wanted.outbound.severity != 1 or seen.severity == 1:
        return False
    if not callbacks.nobody_is_rung(connection, first):
        return False
    why = f"ticket {wanted.outbound.ticket} is Severity 1"
    return callbacks.give_up(connection, first, CallbackState.CANCELLED, why, now)


def _renew(connection: Connection, first: Callback, wanted: Request) -> None:
    """The number that was confirmed last is the one to call, as long as nobody calls yet."""
    renewed = connection.execute(
        update(callback)
        .where(callback.c.id == first.id, callback.c.state == CallbackState.WAITING)
        .values(number=wanted.number)
    )
    if renewed.rowcount:
        connection.execute(
            update(call).where(call.c.call_sid == first.call_sid).values(ani=wanted.number)
        )


def queue_node(flow: Flow) -> str:
    """The node of the flow at which callers wait: that is where an outbound call goes on from."""
    queues = (name for name, node in flow.nodes.items() if isinstance(node, Enqueue))
    return next(queues, flow.start)


def _waiting(session: Session, moment: Moment) -> Session:
    """The session of the outbound call: as if the caller were waiting in the flow's queue."""
    node = queue_node(moment.configuration.flow)
    return replace(session, ending=None, leaving=None, node=node)


def cancel(connection: Connection, callback_id: int, now: datetime, who: str) -> bool:
    """Nobody is called any more; whoever rings falls silent. False for one that is settled.

    Raises NoSuchCallback.
    """
    row = connection.execute(select(callback).where(callback.c.id == callback_id)).first()
    if row is None:
        raise NoSuchCallback(f"There is no callback {callback_id}; see: ivr callbacks list")
    found = read_callback(row)
    withdraw(connection, found.call_sid, now, "the callback was cancelled")
    callbacks.stop_calling(connection, found, now)
    return callbacks.give_up(connection, found, CallbackState.CANCELLED, f"by {who}", now)
