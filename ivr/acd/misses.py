"""Missed offers: whoever does not come to the telephone is put away, and told so.

Somebody who is away is offered nothing, so the next caller does not ring an empty desk. Two
things are watched over: the last one who could take calls stays available, whatever they miss,
and leads hear of anybody who misses twice in a row and of several who miss at a time.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update

from ivr.acd.notices import Notice, tell
from ivr.acd.states import ON_SHIFT
from ivr.acd.technicians import Technician, move, technician_by_id
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.mail import post_mail
from ivr.publishing import live
from ivr.store.acd import queued_call
from ivr.store.statements import wait_to_be_alone
from ivr.store.technicians import TechnicianState as T
from ivr.store.technicians import technician

# The name of the work that one transaction does at a time: else the last two on shift, each
# missing a call at the same moment, would each be put away for the other's sake.
PUTTING_AWAY = 7_102
# Misses in a row after which leads are told.
TOO_MANY_MISSES = 2
# So many who have missed their last offer are not one person's absence any more.
SEVERAL = 2
LAST_ON_SHIFT = "last_on_shift"
MISSED = "missed an offer"
UNREACHABLE = "the phone cannot be reached"
PUT_AWAY = (MISSED, UNREACHABLE)


class Fault(StrEnum):
    """Whose it is that an offer came to nothing."""

    # It rang in vain, was busy, or was answered without a key.
    TECHNICIAN = "technician"
    # The number is not one that can be rung.
    PHONE = "phone"
    # The carrier did not ring it, for reasons that are not the technician's.
    CARRIER = "carrier"


@dataclass(frozen=True)
class Missed:
    """An offer that came to nothing, and why."""

    offer_id: str
    technician_id: int
    queued_call_id: int
    fault: Fault
    reason: str


def note_answered(connection: Connection, technician_id: int) -> None:
    """The technician took or refused an offer, so they are there: misses are counted afresh."""
    connection.execute(
        update(technician)
        .where(technician.c.id == technician_id, technician.c.misses > 0)
        .values(misses=0)
    )


def note_missed(connection: Connection, missed: Missed, now: datetime) -> None:
    """Put the technician away unless nobody else is left, and tell whom it concerns."""
    if missed.fault is Fault.CARRIER:
        return
    wait_to_be_alone(connection, PUTTING_AWAY)
    connection.execute(
        update(technician)
        .where(technician.c.id == missed.technician_id)
        .values(misses=technician.c.misses + 1)
    )
    person = technician_by_id(connection, missed.technician_id)
    # Somebody who was rung for being on call is not on shift, and puts nobody else in need.
    is_last = person.state in ON_SHIFT and not others_on_shift(connection, person.id)
    # What they asked for while it rang (to go home, say) has happened already, and stands.
    if person.state is T.AVAILABLE and (missed.fault is Fault.PHONE or not is_last):
        reason = UNREACHABLE if missed.fault is Fault.PHONE else MISSED
        away = {"state_reason": reason, "available_until": None}
        move(connection, person.id, T.AVAILABLE, T.ON_BREAK, now, **away)
    configuration = live(connection).configuration
    _tell_technician(connection, person, missed, configuration, now)
    _tell_leads(connection, person, missed, is_last, now)
    if person.misses == TOO_MANY_MISSES:
        subject = f"{person.name} has missed {TOO_MANY_MISSES} calls in a row"
        _mail_queue(connection, missed, subject, configuration, now)


def others_on_shift(connection: Connection, technician_id: int) -> bool:
    """Whether anybody else could take a call, now or when the one they are on is over."""
    query = select(technician.c.id).where(
        technician.c.id != technician_id,
        technician.c.state.in_(ON_SHIFT),
        technician.c.enabled,
    )
    return connection.execute(query.limit(1)).first() is not None


def nobody_left(person: Technician) -> str:
    """The sentence of the alarm when the last one on shift is put away."""
    return f"Nobody is left to take calls: {person.name} was the last."


def _tell_technician(
    connection: Connection,
    person: Technician,
    missed: Missed,
    configuration: Configuration,
    now: datetime,
) -> None:
    after = technician_by_id(connection, person.id)
    if after.state is person.state and person.misses > 1:
        return  # Still available, and told before.
    happened = (
        f"A call was offered to you at {now:%Y-%m-%d %H:%M} UTC and came to nothing: "
        f"{missed.reason}."
    )
    notice = Notice(f"miss:{missed.offer_id}", "You missed a call", happened)
    tell(connection, after, notice, configuration, now)


def _tell_leads(
    connection: Connection, person: Technician, missed: Missed, is_last: bool, now: datetime
) -> None:
    """What leads have to see; each thing is one alarm, counted again when it happens again."""
    if missed.fault is Fault.PHONE:
        sentence = f"The phone of {person.name} cannot be reached; no call is offered on it."
        raise_alarm(connection, f"phone:{person.id}", sentence, now)
    if is_last and missed.fault is Fault.PHONE:
        raise_alarm(connection, LAST_ON_SHIFT, nobody_left(person), now)
    elif is_last:
        sentence = f"{person.name}, the only technician who could take calls, misses them."
        raise_alarm(connection, LAST_ON_SHIFT, sentence, now)
    if person.misses >= TOO_MANY_MISSES:
        sentence = f"{person.name} has missed {person.misses} calls in a row."
        raise_alarm(connection, f"misses:{person.id}", sentence, now)
    put_away = (technician.c.state == T.ON_BREAK) & technician.c.state_reason.in_(PUT_AWAY)
    absent = select(technician.c.name).where(put_away | (technician.c.id == person.id))
    names = connection.execute(absent.order_by(technician.c.name)).scalars().all()
    if len(names) >= SEVERAL:
        sentence = f"{len(names)} technicians missed their last call: {', '.join(names)}."
        raise_alarm(connection, "several_miss", sentence, now)


def _mail_queue(
    connection: Connection,
    missed: Missed,
    subject: str,
    configuration: Configuration,
    now: datetime,
) -> None:
    """A mail to the people of the queue whose caller was let down."""
    query = select(queued_call.c.queue).where(queued_call.c.id == missed.queued_call_id)
    name = connection.execute(query).scalar_one()
    people = configuration.plan.notify(name)
    body = f"{subject}; the last one came to nothing because: {missed.reason}.\n"
    post_mail(connection, f"misses:{missed.offer_id}", people, subject, body, now)
