"""Callbacks in the database: what each is, and by which names it is found."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, select

from ivr.store.callbacks import CallbackOrigin, CallbackState, callback

KEY_PREFIX = "CB"
LIVE = (CallbackState.WAITING, CallbackState.CALLING)


@dataclass(frozen=True)
class Callback:
    """A callback as it stands."""

    id: int
    call_sid: str
    asked_in: str | None
    ticket: str
    number: str
    origin: CallbackOrigin
    state: CallbackState
    attempts: int
    requested_at: datetime
    expires_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    offer_id: str | None
    customer_leg_sid: str | None
    reason: str | None


def new_key() -> str:
    """A name for an outbound call before the carrier has one."""
    return KEY_PREFIX + secrets.token_hex(16)


def is_callback(call_sid: str) -> bool:
    return call_sid.startswith(KEY_PREFIX)


def callback_of_call(connection: Connection, call_sid: str) -> Callback | None:
    row = connection.execute(select(callback).where(callback.c.call_sid == call_sid)).first()
    return None if row is None else read_callback(row)


def callback_of_attempt(connection: Connection, offer_id: str) -> Callback | None:
    """The callback whose newest attempt this is."""
    row = connection.execute(select(callback).where(callback.c.offer_id == offer_id)).first()
    return None if row is None else read_callback(row)


def being_called(connection: Connection, offer_id: str) -> Callback | None:
    """The callback whose customer is to be called for this offer; None when that is over."""
    found = callback_of_attempt(connection, offer_id)
    return found if found is not None and found.state is CallbackState.CALLING else None


def leg_of(connection: Connection, call_sid: str) -> str | None:
    """What the carrier calls the caller's leg of this call; None before a customer is joined."""
    if not is_callback(call_sid):
        return call_sid
    found = callback_of_call(connection, call_sid)
    joined = found is not None and found.state is CallbackState.JOINED
    return found.customer_leg_sid if found is not None and joined else None


def read_callback(row: Row[tuple[object, ...]]) -> Callback:
    return Callback(**{name: getattr(row, name) for name in Callback.__dataclass_fields__})
