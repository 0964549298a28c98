"""Company: bringing the duty manager or a supervisor into a room, and what follows for the caller.

People on duty are rung one after the other, in the order of the rota, until one comes.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ivr.acd import guests, offers, outbox, partings
from ivr.acd.guests import Guest
from ivr.acd.offers import Offer
from ivr.acd.oncall import on_duty
from ivr.acd.technicians import Technician, technician_by_email
from ivr.alarms import raise_alarm
from ivr.call_records import find_call
from ivr.configuration import Configuration
from ivr.errors import CannotSupervise
from ivr.store.acd import OfferPlace, OfferState, offer
from ivr.store.rooms import GuestRole
from ivr.store.technicians import technician

DUTY_MANAGER_ROTA = "duty-manager"
TELL_MANAGER_MISSED = "tell_manager_missed"


@dataclass(frozen=True)
class Supervision:
    """What somebody asks who wants to hear a call: as what, on which telephone (E.164), and who."""

    role: GuestRole
    phone: str
    who: str | None = None


def ring_duty_manager(
    connection: Connection, configuration: Configuration, found: Offer, now: datetime
) -> bool:
    """Ring whoever is on duty first into this room. False when nobody is on duty."""
    newest = guests.newest_guest(connection, found.id, GuestRole.DUTY_MANAGER)
    if newest is not None and newest.live:
        return True
    if _ring_next(connection, configuration, found, None, now):
        return True
    _raise_alarm(connection, found, now)
    return False


def missed(
    connection: Connection,
    configuration: Configuration,
    guest: Guest,
    now: datetime,
    reason: str,
    becomes: OfferState = OfferState.TIMED_OUT,
) -> None:
    """A guest does not come: after a duty manager the next one is rung, if there is one."""
    if not guests.end(connection, guest, becomes, now, reason):
        return
    if guest.leg_sid is not None and becomes is OfferState.TIMED_OUT:
        outbox.post(connection, offers.HANG_UP, guest.leg_sid, now)
    found = offers.find_offer(connection, guest.offer_id)
    if guest.role is not GuestRole.DUTY_MANAGER or found is None:
        return
    if not partings.is_bridged(connection, found):
        return
    if not _ring_next(connection, configuration, found, guest.technician_id, now):
        _tell_nobody_came(connection, found, now)


def joined(connection: Connection, guest: Guest, now: datetime) -> bool:
    """A guest pressed the key. True when they may come in; the caller hears them."""
    if not guests.accept(connection, guest, now):
        return False
    outbox.post(connection, guests.HOLD, guest.offer_id, now)
    return True


def leg_over(
    connection: Connection, configuration: Configuration, guest: Guest, now: datetime, reason: str
) -> None:
    """A guest's leg has ended: one who never came in is missed, one who did has gone."""
    if guest.state is OfferState.PENDING:
        missed(connection, configuration, guest, now, reason)
        return
    if not guests.end(connection, guest, guest.state, now, reason):
        return
    outbox.post(connection, guests.HOLD, guest.offer_id, now)
    found = offers.find_offer(connection, guest.offer_id)
    if found is None or found.live or guests.has_company(connection, guest.offer_id):
        return
    if partings.is_bridged(connection, found):
        partings.fetch_out_of_room(connection, found.call_sid, now)


def nobody_came(connection: Connection, found: Offer) -> bool:
    """Whether the last duty manager who was rung into this room never came."""
    newest = guests.newest_guest(connection, found.id, GuestRole.DUTY_MANAGER)
    return newest is not None and not newest.live and newest.state is not OfferState.ACCEPTED


def supervise(
    connection: Connection,
    configuration: Configuration,
    call_sid: str,
    asked: Supervision,
    now: datetime,
) -> Guest:
    """Ring a supervisor into a call that is going on; raises CannotSupervise with the reason.

    Only telephones of our own technicians are ever rung (I8).
    """
    phone, who = asked.phone, asked.who
    person = _whose(connection, phone)
    if person is None:
        raise CannotSupervise(f"…{phone[-4:]} is not the telephone of any technician.")
    if who is not None and technician_by_email(connection, who).id != person:
        raise CannotSupervise(f"…{phone[-4:]} is not the telephone of {who}.")
    seen = find_call(connection, call_sid)
    if seen is None:
        raise CannotSupervise(f"There is no call {call_sid}.")
    found = offers.live_offer_of_call(connection, call_sid)
    if found is None or not partings.is_bridged(connection, found):
        raise CannotSupervise("The caller is not talking with a technician at the moment.")
    if found.technician_id == person:
        raise CannotSupervise("This is the technician who has the call.")
    ring_seconds = configuration.timers.ring_seconds
    room = (found.id, call_sid)
    invited = guests.invite(connection, room, person, asked.role, ring_seconds, now)
    if invited is None:
        raise CannotSupervise("This telephone is being rung into a call, or is in one, already.")
    return invited


def technician_leg(connection: Connection, guest: Guest) -> str | None:
    """The leg of the technician in this room, who may be coached; None when they are outside."""
    query = select(offer.c.leg_sid, offer.c.place).where(offer.c.id == guest.offer_id, offer.c.live)
    row = connection.execute(query).first()
    if row is None or row.place not in {None, OfferPlace.IN_ROOM}:
        return None
    return str(row.leg_sid) if row.leg_sid else None


def _ring_next(
    connection: Connection,
    configuration: Configuration,
    found: Offer,
    after: int | None,
    now: datetime,
) -> bool:
    """Ring the next on duty, behind the one rung last (None: from the first)."""
    everybody = on_duty(connection, configuration, DUTY_MANAGER_ROTA, now)
    for person in _behind(everybody, after):
        if person.id == found.technician_id:
            continue
        room, ring_seconds = (found.id, found.call_sid), configuration.timers.ring_seconds
        role = GuestRole.DUTY_MANAGER
        if guests.invite(connection, room, person.id, role, ring_seconds, now) is not None:
            return True
    return False


def _behind(everybody: list[Technician], after: int | None) -> list[Technician]:
    places = [place for place, person in enumerate(everybody) if person.id == after]
    if after is None:
        return everybody
    return everybody[places[0] + 1 :] if places else []


def _tell_nobody_came(connection: Connection, found: Offer, now: datetime) -> None:
    _raise_alarm(connection, found, now)
    outbox.post(connection, TELL_MANAGER_MISSED, found.id, now)


def _raise_alarm(connection: Connection, found: Offer, now: datetime) -> None:
    sentence = f"No duty manager could be brought into call {found.call_sid}."
    raise_alarm(connection, f"duty-manager:{found.call_sid}", sentence, now)


def _whose(connection: Connection, phone: str) -> int | None:
    query = select(technician.c.id).where(technician.c.phone == phone, technician.c.enabled)
    return connection.execute(query.order_by(technician.c.id).limit(1)).scalar_one_or_none()
