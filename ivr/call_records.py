"""Calls in the database: where each stands, and what each request about it was answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ivr.store.calls import INBOUND, CallStage, answer, call, late_input
from ivr.store.statements import insert_once


class CallChanged(Exception):
    """Somebody else moved the call first; what was written is undone, and the turn played again."""


@dataclass(frozen=True)
class Call:
    """One caller's visit, or a callback: one of ours to them.

    `turn` is the number their next answer belongs to.
    """

    call_sid: str
    dnis: str
    ani: str | None
    line: str
    revision_id: int
    stage: CallStage
    arrived_at: datetime
    ended_at: datetime | None
    turn: int
    version: int
    session: str
    ticket: str | None
    severity: int | None
    outcome: str | None
    rule: str | None
    queue: str | None
    technician_id: int | None
    direction: str = INBOUND
    callback_id: int | None = None


def find_call(connection: Connection, call_sid: str) -> Call | None:
    row = connection.execute(select(call).where(call.c.call_sid == call_sid)).first()
    return None if row is None else _call(row)


def add_call(connection: Connection, new: Call) -> bool:
    """Insert a call; False if it is known already (the same request, a moment earlier)."""
    values = {name: getattr(new, name) for name in Call.__dataclass_fields__}
    return insert_once(connection, call, {**values, "checked_at": new.arrived_at})


def change_call(connection: Connection, seen: Call, now: datetime, **changes: object) -> bool:
    """Change a call as it was seen; False if it has changed since, and then nothing is changed.

    A change is a sign of life, so nobody has to ask the carrier about the call for a while.
    """
    changed = connection.execute(
        update(call)
        .where(call.c.call_sid == seen.call_sid, call.c.version == seen.version)
        .values(version=seen.version + 1, checked_at=now, **changes)
    )
    return changed.rowcount == 1


def stored_answer(connection: Connection, leg_sid: str, step: str) -> str | None:
    """What this request was answered before, if it was."""
    query = select(answer.c.document).where(answer.c.leg_sid == leg_sid, answer.c.step == step)
    return connection.execute(query).scalar_one_or_none()


def latest_answer(connection: Connection, leg_sid: str) -> str | None:
    """The newest document of a leg: where a request that belongs to no turn is led back to."""
    query = (
        select(answer.c.document)
        .where(answer.c.leg_sid == leg_sid)
        .order_by(answer.c.answered_at.desc(), answer.c.step.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def keep_answer(
    connection: Connection, leg_sid: str, step: str, document: str, now: datetime
) -> bool:
    """Keep an answer before it is given; False if this request has been answered meanwhile."""
    values = {"leg_sid": leg_sid, "step": step, "document": document, "answered_at": now}
    return insert_once(connection, answer, values)


def keep_late_input(
    connection: Connection, leg_sid: str, step: str, event: dict[str, Any], now: datetime
) -> None:
    """Remember what the caller did in a turn that is taking us too long."""
    insert_once(
        connection, late_input, {"leg_sid": leg_sid, "step": step, "event": event, "at": now}
    )


def late_input_of(connection: Connection, leg_sid: str, step: str) -> dict[str, Any] | None:
    query = select(late_input.c.event).where(
        late_input.c.leg_sid == leg_sid, late_input.c.step == step
    )
    return connection.execute(query).scalar_one_or_none()


def _call(row: Row[tuple[object, ...]]) -> Call:
    return Call(**{name: getattr(row, name) for name in Call.__dataclass_fields__})
