"""Checks of technicians' phones before a caller depends on them: rung, answered, a key pressed.

A check is made like an offer: a row first, then one request to the carrier through the outbox,
then whatever the carrier tells us, each move by compare-and-set. While it lasts the technician is
offered no call, so the check costs nobody a call that finds the phone busy.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, func, insert, select, update

from ivr.acd import outbox
from ivr.acd.offers import HANG_UP
from ivr.acd.phones import free_phone, is_in_use, keep_phone
from ivr.acd.technicians import technician_by_email, technician_by_id
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.configuration.model import WHISPER_SECONDS
from ivr.errors import NotChecked
from ivr.replies import LegEnd
from ivr.store.phone_checks import CheckState, phone_check

CHECK = "check_phone"

SAID = {
    CheckState.REACHABLE: "It was answered and the key was pressed.",
    CheckState.NO_KEY: "It was answered and no key was pressed: a voicemail, perhaps.",
    CheckState.NO_ANSWER: "Nobody answered.",
    CheckState.BUSY: "It was busy.",
    CheckState.UNREACHABLE: "The carrier cannot ring this number.",
    CheckState.UNKNOWN: "The carrier did not tell what became of it.",
}
AT_THE_END = {
    LegEnd.OVER: CheckState.NO_KEY,
    LegEnd.BUSY: CheckState.BUSY,
    LegEnd.NO_ANSWER: CheckState.NO_ANSWER,
    LegEnd.UNREACHABLE: CheckState.UNREACHABLE,
}


@dataclass(frozen=True)
class PhoneCheck:
    """One check of one technician's phone; `said` is a sentence once it has come to something."""

    id: str
    technician_id: int
    asked_at: datetime
    expires_at: datetime
    state: CheckState
    said: str
    leg_sid: str | None
    answered_at: datetime | None


def ask_for_check(
    connection: Connection, email: str, configuration: Configuration, now: datetime
) -> PhoneCheck:
    """Have a technician's phone rung; a check that is on already is that one.

    Raises NotChecked for somebody who is being rung or on a call, and NoSuchTechnician.
    """
    person = technician_by_email(connection, email, held=True)
    on_already = select(phone_check).where(
        phone_check.c.technician_id == person.id, phone_check.c.state == CheckState.PENDING
    )
    row = connection.execute(on_already).first()
    if row is not None:
        return _check(row)
    if is_in_use(connection, person):
        raise NotChecked(f"{person.name} has a call; the phone is not rung for a check now.")
    check_id = secrets.token_hex(16)
    expires_at = now + timedelta(seconds=configuration.timers.ring_seconds + WHISPER_SECONDS)
    connection.execute(
        insert(phone_check).values(
            id=check_id,
            technician_id=person.id,
            asked_at=now,
            expires_at=expires_at,
            state=CheckState.PENDING,
            said="",
        )
    )
    keep_phone(connection, person.id, expires_at, now)
    caller_id = configuration.technician_line or configuration.default_line.number
    outbox.post(connection, CHECK, check_id, now, caller_id=caller_id)
    return PhoneCheck(check_id, person.id, now, expires_at, CheckState.PENDING, "", None, None)


def find_check(connection: Connection, check_id: str) -> PhoneCheck | None:
    row = connection.execute(select(phone_check).where(phone_check.c.id == check_id)).first()
    return None if row is None else _check(row)


def latest_checks(connection: Connection) -> dict[int, PhoneCheck]:
    """The last check of everybody who ever had one, by technician."""
    newest = (
        select(phone_check.c.technician_id, func.max(phone_check.c.asked_at).label("at"))
        .group_by(phone_check.c.technician_id)
        .subquery()
    )
    is_newest = (phone_check.c.technician_id == newest.c.technician_id) & (
        phone_check.c.asked_at == newest.c.at
    )
    query = select(phone_check).join(newest, is_newest)
    return {row.technician_id: _check(row) for row in connection.execute(query)}


def note_leg(connection: Connection, check: PhoneCheck, leg_sid: str, now: datetime) -> None:
    """The carrier has placed the leg. One whose check is over already is hung up again."""
    kept = connection.execute(
        update(phone_check)
        .where(phone_check.c.id == check.id, phone_check.c.leg_sid.is_(None))
        .values(leg_sid=leg_sid)
    )
    if kept.rowcount and check.state is not CheckState.PENDING:
        outbox.post(connection, HANG_UP, leg_sid, now)


def note_answered(connection: Connection, check: PhoneCheck, leg_sid: str, now: datetime) -> bool:
    """Somebody or something picked up; False when the check is over."""
    note_leg(connection, check, leg_sid, now)
    answered = connection.execute(
        update(phone_check)
        .where(phone_check.c.id == check.id, phone_check.c.state == CheckState.PENDING)
        .values(answered_at=now)
    )
    return answered.rowcount == 1


def settle(
    connection: Connection,
    check: PhoneCheck,
    becomes: CheckState,
    now: datetime,
    said: str | None = None,
) -> None:
    """What the check has come to, once; whatever is told later changes nothing."""
    said = said or SAID[becomes]
    settled = connection.execute(
        update(phone_check)
        .where(phone_check.c.id == check.id, phone_check.c.state == CheckState.PENDING)
        .values(state=becomes, said=said[:300], settled_at=now)
    )
    if not settled.rowcount:
        return
    if becomes is not CheckState.REACHABLE:
        person = technician_by_id(connection, check.technician_id)
        sentence = f"The phone of {person.name} was checked and cannot be relied on. {said}"
        raise_alarm(connection, f"check:{person.id}", sentence, now)


def leg_over(connection: Connection, check: PhoneCheck, how: LegEnd, now: datetime) -> None:
    """The phone is free again, and a check that has come to nothing yet comes to this."""
    settle(connection, check, AT_THE_END[how], now)
    free_phone(connection, check.technician_id, now)


def end_checks(connection: Connection, now: datetime) -> None:
    """Checks nobody told the end of are over when their time is up."""
    due = select(phone_check).where(
        phone_check.c.state == CheckState.PENDING, phone_check.c.expires_at <= now
    )
    for row in connection.execute(due.with_for_update(skip_locked=True)).all():
        check = _check(row)
        answered = check.answered_at is not None
        settle(connection, check, CheckState.NO_KEY if answered else CheckState.UNKNOWN, now)
        if check.leg_sid is not None:
            outbox.post(connection, HANG_UP, check.leg_sid, now)


def _check(row: Row[tuple[object, ...]]) -> PhoneCheck:
    return PhoneCheck(
        id=row.id,
        technician_id=row.technician_id,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        state=row.state,
        said=row.said,
        leg_sid=row.leg_sid,
        answered_at=row.answered_at,
    )
