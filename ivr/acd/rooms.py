"""Rooms: where a caller and a technician talk, one for each accepted offer.

The technician may step out of the room by `*` and come back. Whether the caller hears music is
never remembered: it follows from who is with them, and is asked of the carrier at every change.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from ivr import journal
from ivr.acd import guests, offers, outbox, partings
from ivr.acd.offers import Offer
from ivr.journal import Happened
from ivr.store.acd import OfferPlace, OfferState, offer
from ivr.store.calls import CallStage, call

# A caller without anybody is fetched out of the room again after this long.
FETCH_AGAIN = timedelta(seconds=20)
LONG_AGO = timedelta(minutes=5)
OUTSIDE = {OfferPlace.STEPPING_OUT, OfferPlace.IN_MENU}


def room_name(offer_id: str) -> str:
    """The carrier's name for the room; it says nothing about anybody."""
    return f"room-{offer_id}"


def step_out(connection: Connection, found: Offer, now: datetime) -> bool:
    """The technician's leg has left the room and is still up. False when the offer is over.

    Either they pressed `*` or the caller hung up and the room closed. Which, the carrier is asked
    at once, should it not tell by itself.
    """
    if not _place(connection, found, OfferPlace.STEPPING_OUT):
        return False
    outbox.post(connection, guests.HOLD, found.id, now)
    connection.execute(
        update(call).where(call.c.call_sid == found.call_sid).values(checked_at=now - LONG_AGO)
    )
    told = {"offer": found.id, "technician": found.technician_id}
    journal.write(connection, found.call_sid, Happened.STEPPED_OUT, now, **told)
    return True


def open_menu(connection: Connection, found: Offer) -> bool:
    """The technician hears the menu: from now on they are lost if their leg ends."""
    return _place(connection, found, OfferPlace.IN_MENU)


def step_in(connection: Connection, found: Offer, now: datetime) -> bool:
    """The technician goes back to the caller."""
    if not _place(connection, found, OfferPlace.IN_ROOM):
        return False
    outbox.post(connection, guests.HOLD, found.id, now)
    told = {"offer": found.id, "technician": found.technician_id}
    journal.write(connection, found.call_sid, Happened.STEPPED_IN, now, **told)
    return True


def wants_hold(connection: Connection, found: Offer) -> bool | None:
    """Whether the caller should hear music now; None when they are about to leave the room."""
    if guests.has_company(connection, found.id):
        return False
    return found.place in OUTSIDE if found.live else None


def fetch_those_left_alone(connection: Connection, now: datetime) -> None:
    """Callers in a room in which nobody is with them are sent on, should a request be lost."""
    with_somebody = select(offer.c.call_sid).where(offer.c.live)
    alone = select(call.c.call_sid).where(
        call.c.stage == CallStage.BRIDGED, call.c.call_sid.not_in(with_somebody)
    )
    for call_sid in connection.execute(alone).scalars().all():
        newest = select(offer.c.id).where(offer.c.call_sid == call_sid)
        newest = newest.order_by(offer.c.offered_at.desc()).limit(1)
        room = connection.execute(newest).scalar_one_or_none()
        if room is not None and guests.has_company(connection, room):
            continue
        if not outbox.was_posted(connection, offers.REDIRECT, call_sid, now - FETCH_AGAIN):
            partings.fetch_out_of_room(connection, call_sid, now)


def _place(connection: Connection, found: Offer, place: OfferPlace) -> bool:
    moved = connection.execute(
        update(offer)
        .where(offer.c.id == found.id, offer.c.live, offer.c.state == OfferState.ACCEPTED)
        .values(place=place)
    )
    return moved.rowcount == 1
