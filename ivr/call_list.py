"""The list of calls: a line a call, for the command line, reports and others."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from ivr.store.calls import INBOUND, call, disposition
from ivr.store.messages import voicemail
from ivr.store.technicians import technician


@dataclass(frozen=True)
class CallLine:
    """One call, as design.md section 5 fixes its columns; `disposition` is None while it lives."""

    call_sid: str
    arrived_at: datetime
    dnis: str
    ticket: str | None
    outcome: str | None
    rule: str | None
    disposition: str | None
    technician: str | None
    voicemail_id: int | None
    callback_id: int | None
    revision: int


_MESSAGE = (
    select(voicemail.c.call_sid, func.min(voicemail.c.id).label("id"))
    .group_by(voicemail.c.call_sid)
    .subquery()
)
_QUERY = (
    select(
        call.c.call_sid,
        call.c.arrived_at,
        call.c.dnis,
        call.c.ticket,
        call.c.outcome,
        call.c.rule,
        disposition.c.disposition,
        technician.c.email,
        _MESSAGE.c.id,
        call.c.callback_id,
        call.c.revision_id,
    )
    .where(call.c.direction == INBOUND)
    .outerjoin(disposition, disposition.c.call_sid == call.c.call_sid)
    .outerjoin(technician, technician.c.id == call.c.technician_id)
    .outerjoin(_MESSAGE, _MESSAGE.c.call_sid == call.c.call_sid)
    .order_by(call.c.arrived_at, call.c.call_sid)
)


def list_calls(
    connection: Connection, sid: str | None = None, since: datetime | None = None
) -> list[CallLine]:
    """Calls in the order they arrived: one, those since an instant (UTC), or all."""
    query = _QUERY
    if sid is not None:
        query = query.where(call.c.call_sid == sid)
    if since is not None:
        query = query.where(call.c.arrived_at >= since)
    return [
        CallLine(
            call_sid=row.call_sid,
            arrived_at=row.arrived_at,
            dnis=row.dnis,
            ticket=row.ticket,
            outcome=row.outcome,
            rule=row.rule,
            disposition=row.disposition and row.disposition.value,
            technician=row.email,
            voicemail_id=row.id,
            callback_id=row.callback_id,
            revision=row.revision_id,
        )
        for row in connection.execute(query)
    ]
