"""Offers: one technician's phone rung for one call, from reservation to the end of the leg.

Each function is one move of an offer together with all that moves with it (the technician, the
queued call, the journal, the outbox), made in the caller's transaction by compare-and-set. A
move that is no longer legal changes nothing and says so.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, select, update

from ivr import journal
from ivr.acd import callbacks, misses, outbox
from ivr.acd.callback_records import is_callback
from ivr.acd.misses import Fault, Missed
from ivr.acd.queue import QueuedCall, leave_queue, move_queued
from ivr.acd.technicians import move, release
from ivr.configuration.model import WHISPER_SECONDS
from ivr.journal import Happened
from ivr.store.acd import OfferPlace, OfferState, offer, queued_call
from ivr.store.acd import QueuedState as Q
from ivr.store.technicians import TechnicianState as T
from ivr.store.types import UtcDateTime
from routing.matching import Tried

RING = "ring"
TAKE_FROM_QUEUE = "take_from_queue"
HANG_UP = outbox.HANG_UP
REDIRECT = "redirect"
TELL_CALLER_GONE = "tell_caller_gone"


@dataclass(frozen=True)
class Offer:
    """An offer as it stands. `live` until the technician's leg is over."""

    id: str
    call_sid: str
    queued_call_id: int
    technician_id: int
    state: OfferState
    live: bool
    offered_at: datetime
    expires_at: datetime
    leg_sid: str | None
    place: OfferPlace | None


def find_offer(connection: Connection, offer_id: str) -> Offer | None:
    row = connection.execute(select(offer).where(offer.c.id == offer_id)).first()
    return None if row is None else _offer(row)


def live_offer_of_call(connection: Connection, call_sid: str) -> Offer | None:
    row = connection.execute(
        select(offer).where(offer.c.call_sid == call_sid, offer.c.live)
    ).first()
    return None if row is None else _offer(row)


def tried_before(connection: Connection, call_sids: Iterable[str]) -> list[Tried]:
    """Who refused, missed or sent on which of these calls, and when last."""
    had_it = and_(offer.c.state == OfferState.ACCEPTED, offer.c.ended_at.is_not(None))
    passed = offer.c.state.in_([OfferState.REFUSED, OfferState.TIMED_OUT])
    last = func.max(case((had_it, offer.c.ended_at), else_=offer.c.settled_at), type_=UtcDateTime())
    query = (
        select(offer.c.call_sid, offer.c.technician_id, last.label("last_at"))
        .where(offer.c.call_sid.in_(list(call_sids)), passed | had_it)
        .group_by(offer.c.call_sid, offer.c.technician_id)
    )
    return [
        Tried(row.call_sid, str(row.technician_id), row.last_at)
        for row in connection.execute(query)
    ]


def make_offer(
    connection: Connection,
    queued: QueuedCall,
    technician_id: int,
    why: str,
    ring_seconds: int,
    now: datetime,
) -> str | None:
    """Reserve a technician for a call and put the ringing in the outbox; None if either is gone."""
    if not reserve(connection, queued, technician_id, T.AVAILABLE, now):
        return None
    return ring(connection, queued, technician_id, {"why": why}, ring_seconds, now)


def reserve(
    connection: Connection,
    queued: QueuedCall,
    technician_id: int,
    was: T,
    now: datetime,
    **also: object,
) -> bool:
    """Bind a waiting call and a technician who is `was` to each other; False if either is gone."""
    if not move_queued(connection, queued.id, Q.WAITING, Q.OFFERED, now):
        return False
    if not move(connection, technician_id, was, T.RESERVED, now, **also):
        move_queued(connection, queued.id, Q.OFFERED, Q.WAITING, now)
        return False
    return True


def ring(
    connection: Connection,
    queued: QueuedCall,
    technician_id: int,
    told: dict[str, str],
    ring_seconds: int,
    now: datetime,
) -> str:
    """The offer of the two that are reserved; `told` is for the journal, `why` above all."""
    offer_id = secrets.token_hex(16)
    connection.execute(
        insert(offer).values(
            id=offer_id,
            call_sid=queued.call_sid,
            queued_call_id=queued.id,
            technician_id=technician_id,
            state=OfferState.PENDING,
            live=True,
            why=told["why"][:200],
            offered_at=now,
            checked_at=now,
            expires_at=now + timedelta(seconds=ring_seconds + WHISPER_SECONDS),
        )
    )
    outbox.post(connection, RING, offer_id, now)
    who = {"offer": offer_id, "technician": technician_id}
    journal.write(connection, queued.call_sid, Happened.OFFERED, now, **who, **told)
    return offer_id


def ringing(connection: Connection, found: Offer, leg_sid: str, now: datetime) -> None:
    """The carrier has placed the leg. One that was withdrawn meanwhile is hung up again."""
    kept = connection.execute(
        update(offer)
        .where(offer.c.id == found.id, offer.c.leg_sid.is_(None))
        .values(leg_sid=leg_sid)
    )
    if not kept.rowcount:
        return
    if not found.live:
        outbox.post(connection, HANG_UP, leg_sid, now)
    journal.write(connection, found.call_sid, Happened.RINGING, now, offer=found.id)


def accept(connection: Connection, found: Offer, now: datetime) -> bool:
    """The technician pressed the key. True for the one who was in time; the caller comes next.

    Fenced: the offer must still be pending and not expired, and the call still waiting for it.
    """
    if not _settle(connection, found, OfferState.ACCEPTED, now, offer.c.expires_at > now):
        return False
    if not move_queued(connection, found.queued_call_id, Q.OFFERED, Q.ACCEPTED, now):
        raise AssertionError(f"offer {found.id} was pending but its call was not offered")
    move(connection, found.technician_id, T.RESERVED, T.ON_CALL, now)
    misses.note_answered(connection, found.technician_id)
    queue_sid = connection.execute(
        select(queued_call.c.carrier_queue_sid).where(queued_call.c.id == found.queued_call_id)
    ).scalar_one()
    if is_callback(found.call_sid):
        callbacks.begin_attempt(connection, found.call_sid, found.id, now)
    if queue_sid:
        outbox.post(connection, TAKE_FROM_QUEUE, found.call_sid, now, queue_sid=queue_sid)
    told = {"offer": found.id, "technician": found.technician_id}
    journal.write(connection, found.call_sid, Happened.ACCEPTED, now, **told)
    return True


def refuse(connection: Connection, found: Offer, now: datetime) -> bool:
    """The technician pressed 2: the call keeps its place, the technician is free at once."""
    misses.note_answered(connection, found.technician_id)
    return _give_back(
        connection, found, OfferState.REFUSED, Happened.REFUSED, now, reason="refused"
    )


def miss(
    connection: Connection,
    found: Offer,
    now: datetime,
    reason: str,
    fault: Fault = Fault.TECHNICIAN,
) -> bool:
    """Nobody pressed a key: not answered, busy, a machine, an answer without a key."""
    given_back = _give_back(
        connection, found, OfferState.TIMED_OUT, Happened.TIMED_OUT, now, reason=reason
    )
    if given_back:
        missed = Missed(found.id, found.technician_id, found.queued_call_id, fault, reason)
        misses.note_missed(connection, missed, now)
    return given_back


def withdraw(connection: Connection, call_sid: str, now: datetime, reason: str) -> None:
    """The caller is gone or goes elsewhere: a ringing technician's phone falls silent."""
    found = live_offer_of_call(connection, call_sid)
    if found is not None:
        take_back(connection, found, now, reason)


def take_back(connection: Connection, found: Offer, now: datetime, reason: str) -> None:
    """This offer, if it still stands, was for nothing; it counts as nobody's try."""
    _give_back(connection, found, OfferState.WITHDRAWN, Happened.WITHDRAWN, now, reason=reason)


def caller_gone(connection: Connection, call_sid: str, now: datetime) -> None:
    """The caller hung up: nobody is rung for them, and whoever accepted is not left in silence."""
    withdraw(connection, call_sid, now, "caller gone")
    leave_queue(connection, call_sid, now, "caller gone")
    found = live_offer_of_call(connection, call_sid)
    if found is not None and found.place not in {None, OfferPlace.IN_ROOM}:
        outbox.post(connection, TELL_CALLER_GONE, found.id, now)
    elif found is not None and found.leg_sid is not None:
        # The room closes when the caller leaves it; this is for the caller who never came in.
        outbox.post(connection, HANG_UP, found.leg_sid, now, after_seconds=3)


def expired_offers(connection: Connection, now: datetime) -> list[Offer]:
    query = select(offer).where(offer.c.state == OfferState.PENDING, offer.c.expires_at <= now)
    return [_offer(row) for row in connection.execute(query.with_for_update(skip_locked=True))]


def _give_back(
    connection: Connection,
    found: Offer,
    becomes: OfferState,
    what: Happened,
    now: datetime,
    reason: str,
) -> bool:
    if not _settle(connection, found, becomes, now):
        return False
    connection.execute(update(offer).where(offer.c.id == found.id).values(live=False, ended_at=now))
    move_queued(connection, found.queued_call_id, Q.OFFERED, Q.WAITING, now)
    leg_is_up = found.leg_sid is not None
    release(connection, found.technician_id, T.RESERVED, now, leg_is_up=leg_is_up)
    outbox.call_off(connection, RING, found.id)
    if found.leg_sid is not None and becomes is not OfferState.REFUSED:
        outbox.post(connection, HANG_UP, found.leg_sid, now)
    told = {"offer": found.id, "technician": found.technician_id, "reason": reason}
    journal.write(connection, found.call_sid, what, now, **told)
    return True


def _settle(
    connection: Connection,
    found: Offer,
    becomes: OfferState,
    now: datetime,
    *conditions: ColumnElement[bool],
) -> bool:
    settled = connection.execute(
        update(offer)
        .where(and_(offer.c.id == found.id, offer.c.state == OfferState.PENDING, *conditions))
        .values(state=becomes, settled_at=now)
    )
    return settled.rowcount == 1


def _offer(row: Row[tuple[object, ...]]) -> Offer:
    return Offer(
        id=row.id,
        call_sid=row.call_sid,
        queued_call_id=row.queued_call_id,
        technician_id=row.technician_id,
        state=row.state,
        live=row.live,
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        leg_sid=row.leg_sid,
        place=row.place,
    )
