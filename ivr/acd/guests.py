"""Guests: people who are rung into a room that is not theirs, the duty manager or a supervisor."""

from sqlalchemy import Connection, select

from ivr.store.acd import OfferState
from ivr.store.rooms import GuestRole, guest

# The caller's hold is made what it should be now, as often as this is asked for.
HOLD = "hold"

# Those who can talk with the caller when the technician is not there.
COMPANY = {GuestRole.DUTY_MANAGER, GuestRole.JOIN}


def has_company(connection: Connection, offer_id: str) -> bool:
    """Whether the caller in this room has somebody to talk to besides the technician."""
    query = select(guest.c.id).where(
        guest.c.offer_id == offer_id,
        guest.c.live,
        guest.c.state == OfferState.ACCEPTED,
        guest.c.role.in_(COMPANY),
    )
    return connection.execute(query.limit(1)).first() is not None
