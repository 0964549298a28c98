"""Technicians' telephones: while one is in use for a check or still ends a leg, it is not rung."""

from datetime import datetime

from sqlalchemy import Connection, select, true, update

from ivr.acd import state_log
from ivr.acd.states import BUSY
from ivr.acd.technicians import Technician
from ivr.store.acd import offer
from ivr.store.phone_checks import phone_check
from ivr.store.rooms import guest
from ivr.store.technicians import technician

# More legs than one telephone can have had within the time in which a request is looked for.
RECENT_LEGS = 50


def is_in_use(connection: Connection, person: Technician) -> bool:
    """Whether this phone rings or talks now: for an offer, in a call, or in somebody's room."""
    as_guest = select(guest.c.id).where(guest.c.technician_id == person.id, guest.c.live)
    return person.state in BUSY or connection.execute(as_guest.limit(1)).first() is not None


def other_legs(connection: Connection, technician_id: int, but_of: str) -> set[str]:
    """This person's legs of late, but for that of one offer, check or invitation.

    A leg that is looked for at the carrier is none of these.
    """
    tables = ((offer, "offered_at"), (phone_check, "asked_at"), (guest, "asked_at"))
    found: set[str] = set()
    for table, newest in tables:
        query = (
            select(table.c.leg_sid)
            .where(
                table.c.technician_id == technician_id,
                table.c.id != but_of,
                table.c.leg_sid.is_not(None),
            )
            .order_by(table.c[newest].desc())
            .limit(RECENT_LEGS)
        )
        found.update(connection.execute(query).scalars())
    return found


def free_phone(connection: Connection, technician_id: int, now: datetime) -> None:
    """The leg or the check that held this phone is over."""
    keep_phone(connection, technician_id, None, now)


def keep_phone(
    connection: Connection, technician_id: int, until: datetime | None, now: datetime
) -> None:
    """Offer no call on this phone until then."""
    held = technician.c.phone_busy_until.is_not(None)
    changed = connection.execute(
        update(technician)
        .where(technician.c.id == technician_id, held if until is None else true())
        .values(phone_busy_until=until)
    )
    if changed.rowcount:
        state_log.note(connection, technician_id, now)
