"""Handovers: a technician sends a caller on, and the caller's next turn takes them there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr import journal
from ivr.journal import Happened
from ivr.store.rooms import HandoverKind, handover
from ivr.store.statements import insert_once


@dataclass(frozen=True)
class Handover:
    """Where one caller is sent. `taken` says that they went, so a target is being rung."""

    id: int
    call_sid: str
    offer_id: str
    kind: HandoverKind
    name: str
    taken: bool


def ask(
    connection: Connection,
    call_sid: str,
    offer_id: str,
    kind: HandoverKind,
    name: str,
    now: datetime,
) -> None:
    """The caller is to go there; asking again while the first is pending changes nothing."""
    values = {
        "call_sid": call_sid,
        "offer_id": offer_id,
        "kind": kind,
        "name": name,
        "asked_at": now,
    }
    if insert_once(connection, handover, values):
        told = {"offer": offer_id, "to": kind.value, "name": name}
        journal.write(connection, call_sid, Happened.HANDED_ON, now, **told)


def open_handover(connection: Connection, call_sid: str) -> Handover | None:
    """The call's newest handover that has not come to its end."""
    query = (
        select(handover)
        .where(handover.c.call_sid == call_sid, handover.c.ended_at.is_(None))
        .order_by(handover.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    taken = row.taken_at is not None
    return Handover(row.id, row.call_sid, row.offer_id, row.kind, row.name, taken)


def take(connection: Connection, found: Handover, now: datetime) -> None:
    """The caller goes there. Only a target's part has an end of its own to come."""
    ended_at = None if found.kind is HandoverKind.TARGET else now
    _set(connection, found, taken_at=now, ended_at=ended_at)


def end(connection: Connection, found: Handover, now: datetime) -> None:
    _set(connection, found, ended_at=now)


def _set(connection: Connection, found: Handover, **values: datetime | None) -> None:
    connection.execute(update(handover).where(handover.c.id == found.id).values(**values))
