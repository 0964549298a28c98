"""Guests: people who are rung into a room that is not theirs, the duty manager or a supervisor.

A guest is rung once, like a technician for an offer, and comes in by a key. What follows for the
caller from a guest's coming and going is in company.py.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, select, update

from ivr import journal
from ivr.acd import outbox
from ivr.acd.offers import HANG_UP
from ivr.configuration.model import WHISPER_SECONDS
from ivr.journal import Happened
from ivr.store.acd import OfferState
from ivr.store.calls import CallStage, call
from ivr.store.rooms import GuestRole, guest
from ivr.store.statements import insert_once

RING_GUEST = "ring_guest"
# The caller's hold is made what it should be now, as often as this is asked for.
HOLD = "hold"

# Those who can talk with the caller when the technician is not there.
COMPANY = {GuestRole.DUTY_MANAGER, GuestRole.JOIN}


@dataclass(frozen=True)
class Guest:
    """One person rung into the room of an offer. `live` until their leg is over."""

    id: str
    offer_id: str
    call_sid: str
    technician_id: int
    role: GuestRole
    state: OfferState
    live: bool
    expires_at: datetime
    leg_sid: str | None

    @property
    def told(self) -> dict[str, Any]:
        """How the journal speaks of them."""
        return {"guest": self.id, "role": self.role.value, "technician": self.technician_id}


def find_guest(connection: Connection, guest_id: str) -> Guest | None:
    row = connection.execute(select(guest).where(guest.c.id == guest_id)).first()
    return None if row is None else _guest(row)


def live_guests(connection: Connection, call_sid: str) -> list[Guest]:
    rows = connection.execute(select(guest).where(guest.c.call_sid == call_sid, guest.c.live))
    return [_guest(row) for row in rows]


def newest_guest(connection: Connection, offer_id: str, role: GuestRole) -> Guest | None:
    """The last one who was rung into this room in this role."""
    query = select(guest).where(guest.c.offer_id == offer_id, guest.c.role == role)
    row = connection.execute(query.order_by(guest.c.asked_at.desc()).limit(1)).first()
    return None if row is None else _guest(row)


def invite(
    connection: Connection,
    room: tuple[str, str],
    technician_id: int,
    role: GuestRole,
    ring_seconds: int,
    now: datetime,
) -> Guest | None:
    """Ring somebody into the room of (offer, call); None if they are a guest somewhere already."""
    offer_id, call_sid = room
    values = {
        "id": secrets.token_hex(16),
        "offer_id": offer_id,
        "call_sid": call_sid,
        "technician_id": technician_id,
        "role": role,
        "state": OfferState.PENDING,
        "live": True,
        "asked_at": now,
        "checked_at": now,
        "expires_at": now + timedelta(seconds=ring_seconds + WHISPER_SECONDS),
    }
    if not insert_once(connection, guest, values):
        return None
    outbox.post(connection, RING_GUEST, str(values["id"]), now)
    found = find_guest(connection, str(values["id"]))
    assert found is not None
    journal.write(connection, call_sid, Happened.GUEST_RUNG, now, **found.told)
    return found


def ringing(connection: Connection, found: Guest, leg_sid: str, now: datetime) -> None:
    """The carrier has placed the leg. One who is not wanted any more is hung up on again."""
    kept = connection.execute(
        update(guest)
        .where(guest.c.id == found.id, guest.c.leg_sid.is_(None))
        .values(leg_sid=leg_sid)
    )
    if kept.rowcount and not found.live:
        outbox.post(connection, HANG_UP, leg_sid, now)


def accept(connection: Connection, found: Guest, now: datetime) -> bool:
    """The key was pressed in time, and the caller is still in the room."""
    if not is_wanted(connection, found, now):
        return False
    settled = connection.execute(
        update(guest)
        .where(guest.c.id == found.id, guest.c.state == OfferState.PENDING)
        .values(state=OfferState.ACCEPTED, settled_at=now)
    )
    if not settled.rowcount:
        return False
    journal.write(connection, found.call_sid, Happened.GUEST_JOINED, now, **found.told)
    return True


def is_wanted(connection: Connection, found: Guest, now: datetime) -> bool:
    """Whether this guest may still come in: asked a moment ago, into a room with a caller."""
    bridged = (call.c.call_sid == found.call_sid) & (call.c.stage == CallStage.BRIDGED)
    in_room = connection.execute(select(call.c.call_sid).where(bridged)).first() is not None
    return in_room and found.state is OfferState.PENDING and found.expires_at > now


def end(
    connection: Connection, found: Guest, becomes: OfferState, now: datetime, reason: str
) -> bool:
    """The guest's part is over, whether they came in or not. False if it was already."""
    values: dict[str, object] = {"live": False, "ended_at": now}
    if found.state is OfferState.PENDING:
        values |= {"state": becomes, "settled_at": now}
    ended = connection.execute(
        update(guest)
        .where(and_(guest.c.id == found.id, guest.c.live, guest.c.state == found.state))
        .values(**values)
    )
    if not ended.rowcount:
        return False
    outbox.call_off(connection, RING_GUEST, found.id)
    told = {**found.told, "reason": reason}
    journal.write(connection, found.call_sid, Happened.GUEST_GONE, now, **told)
    return True


def room_closed(connection: Connection, call_sid: str, now: datetime) -> None:
    """The caller is leaving the room: nobody is rung into it, and nobody is left there alone."""
    for found in live_guests(connection, call_sid):
        if found.state is OfferState.PENDING:
            end(connection, found, OfferState.WITHDRAWN, now, "the caller has left")
        if found.leg_sid is not None:
            wait = 0 if found.state is OfferState.PENDING else 3
            outbox.post(connection, HANG_UP, found.leg_sid, now, after_seconds=wait)


def expired_guests(connection: Connection, now: datetime) -> list[Guest]:
    query = select(guest).where(
        guest.c.live, guest.c.state == OfferState.PENDING, guest.c.expires_at <= now
    )
    return [_guest(row) for row in connection.execute(query.with_for_update(skip_locked=True))]


def has_company(connection: Connection, offer_id: str) -> bool:
    """Whether the caller in this room has somebody to talk to besides the technician."""
    query = select(guest.c.id).where(
        guest.c.offer_id == offer_id,
        guest.c.live,
        guest.c.state == OfferState.ACCEPTED,
        guest.c.role.in_(COMPANY),
    )
    return connection.execute(query.limit(1)).first() is not None


def _guest(row: Row[tuple[object, ...]]) -> Guest:
    return Guest(**{name: getattr(row, name) for name in Guest.__dataclass_fields__})
