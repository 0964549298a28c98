"""The list of callbacks, for people: what is wanted, by whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ivr.store.acd import QueuedState, queued_call
from ivr.store.callbacks import CallbackOrigin, CallbackState, callback
from ivr.store.calls import call
from ivr.store.technicians import technician


@dataclass(frozen=True)
class CallbackLine:
    """One callback; `waits_until` is when it may be offered, `technician` who talked."""

    id: int
    ticket: str
    number: str
    severity: int | None
    queue: str | None
    origin: CallbackOrigin
    state: CallbackState
    attempts: int
    requested_at: datetime
    settled_at: datetime | None
    waits_until: datetime | None
    technician: str | None
    reason: str | None
    call_sid: str
    asked_in: str | None


def list_callbacks(connection: Connection) -> list[CallbackLine]:
    """Every callback, the oldest first."""
    waits = (queued_call.c.call_sid == callback.c.call_sid) & (
        queued_call.c.state != QueuedState.LEFT
    )
    query = (
        select(
            callback,
            call.c.severity,
            call.c.queue,
            technician.c.email.label("technician"),
            queued_call.c.not_before.label("waits_until"),
        )
        .join(call, call.c.call_sid == callback.c.call_sid)
        .outerjoin(technician, technician.c.id == call.c.technician_id)
        .outerjoin(queued_call, waits)
        .order_by(callback.c.id)
    )
    return [
        CallbackLine(**{name: getattr(row, name) for name in CallbackLine.__dataclass_fields__})
        for row in connection.execute(query)
    ]
