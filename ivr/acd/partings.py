"""Partings: how the part of a technician who took a call ends, and where the caller goes then."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from ivr import journal
from ivr.acd import callbacks, guests, handovers, offers, outbox
from ivr.acd.misses import Fault
from ivr.acd.offers import Offer
from ivr.acd.queue import move_queued
from ivr.acd.technicians import release
from ivr.journal import Happened
from ivr.store.acd import OfferPlace, OfferState, offer, queued_call
from ivr.store.acd import QueuedState as Q
from ivr.store.calls import CallStage, call
from ivr.store.rooms import HandoverKind
from ivr.store.technicians import TechnicianState as T


def leg_over(
    connection: Connection,
    found: Offer,
    now: datetime,
    wrap_up_seconds: int,
    reason: str,
    fault: Fault = Fault.TECHNICIAN,
) -> None:
    """The technician's leg ended, however: free them, and see to the caller.

    An unbridged call gets its place back, and so does a caller whose technician was lost in the
    menu of the room. One whose technician hung up goes on with their call.
    """
    if found.state is OfferState.PENDING:
        offers.miss(connection, found, now, reason, fault)
        return
    if not _end(connection, found, now, wrap_up_seconds) or not is_bridged(connection, found):
        return
    if guests.has_company(connection, found.id):
        outbox.post(connection, guests.HOLD, found.id, now)
        return
    if found.place is OfferPlace.IN_MENU:
        name = queue_of(connection, found)
        handovers.ask(connection, found.call_sid, found.id, HandoverKind.LOST, name, now)
    fetch_out_of_room(connection, found.call_sid, now)


def send_on(
    connection: Connection,
    found: Offer,
    kind: HandoverKind,
    name: str,
    now: datetime,
    wrap_up_seconds: int,
) -> bool:
    """The technician sends the caller to a queue or a target, and is done. False: too late."""
    if not is_bridged(connection, found) or not _end(connection, found, now, wrap_up_seconds):
        return False
    handovers.ask(connection, found.call_sid, found.id, kind, name, now)
    fetch_out_of_room(connection, found.call_sid, now)
    return True


def _end(connection: Connection, found: Offer, now: datetime, wrap_up_seconds: int) -> bool:
    """An accepted offer is over; a call that never was in the room waits again where it waited."""
    ended = connection.execute(
        update(offer).where(offer.c.id == found.id, offer.c.live).values(live=False, ended_at=now)
    )
    if not ended.rowcount:
        return False
    alone = callbacks.technician_gone(connection, found.call_sid, found.id, now)
    back = move_queued(connection, found.queued_call_id, Q.ACCEPTED, Q.WAITING, now)
    if found.leg_sid is not None:
        outbox.call_off(connection, offers.HANG_UP, found.leg_sid)
    wrap_up_until = None if back or alone else now + timedelta(seconds=wrap_up_seconds)
    release(connection, found.technician_id, T.ON_CALL, now, wrap_up_until)
    if back:
        told = {"offer": found.id, "technician": found.technician_id, "reason": "technician lost"}
        journal.write(connection, found.call_sid, Happened.WITHDRAWN, now, **told)
    return True


def is_bridged(connection: Connection, found: Offer) -> bool:
    """Whether the caller is in this offer's room."""
    bridged = (call.c.call_sid == found.call_sid) & (call.c.stage == CallStage.BRIDGED)
    return connection.execute(select(call.c.turn).where(bridged)).first() is not None


def queue_of(connection: Connection, found: Offer) -> str:
    """The queue in which the call waited for this offer."""
    query = select(queued_call.c.queue).where(queued_call.c.id == found.queued_call_id)
    return str(connection.execute(query).scalar_one())


def fetch_out_of_room(connection: Connection, call_sid: str, now: datetime) -> None:
    """A caller who is left alone in a room goes on with their call at once."""
    query = select(call.c.turn).where(
        call.c.call_sid == call_sid, call.c.stage == CallStage.BRIDGED
    )
    turn = connection.execute(query).scalar_one_or_none()
    if turn is not None:
        outbox.post(connection, offers.REDIRECT, call_sid, now, turn=turn)
        guests.room_closed(connection, call_sid, now)
