"""The journal: everything that happened to a call, in order, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from ivr.store.calls import journal


class Happened(StrEnum):
    """What can happen to a call; `ivr story` has a sentence for each."""

    ARRIVED = "arrived"
    TURN = "turn"
    LOOKED_UP = "looked_up"
    DECIDED = "decided"
    QUEUED = "queued"
    OFFERED = "offered"
    RINGING = "ringing"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"
    BRIDGED = "bridged"
    STEPPED_OUT = "stepped_out"
    STEPPED_IN = "stepped_in"
    HANDED_ON = "handed_on"
    TARGET_RUNG = "target_rung"
    TARGET_ENDED = "target_ended"
    TICKET_ATTACHED = "ticket_attached"
    GUEST_RUNG = "guest_rung"
    GUEST_JOINED = "guest_joined"
    GUEST_GONE = "guest_gone"
    RECORDING_ANNOUNCED = "recording_announced"
    CONVERSATION_RECORDED = "conversation_recorded"
    CONVERSATION_STORED = "conversation_stored"
    LEFT_QUEUE = "left_queue"
    CALLBACK_REQUESTED = "callback_requested"
    CALLING_CUSTOMER = "calling_customer"
    CUSTOMER_MISSED = "customer_missed"
    CALLBACK_OVER = "callback_over"
    NOTE_WRITTEN = "note_written"
    POSTPONED = "postponed"
    PAGED = "paged"
    RECORDED = "recorded"
    STORED = "stored"
    IGNORED = "ignored"
    FAILED = "failed"
    CARRIER = "carrier"
    ENDED = "ended"


@dataclass(frozen=True)
class Entry:
    """One line of a call's journal; `detail` is plain JSON."""

    at: datetime
    what: Happened
    detail: Mapping[str, Any]


def write(
    connection: Connection, call_sid: str, what: Happened, now: datetime, **detail: object
) -> None:
    """Append one entry, in the transaction of what it tells about."""
    connection.execute(
        insert(journal).values(call_sid=call_sid, at=now, what=what.value, detail=detail)
    )


def entries(connection: Connection, call_sid: str) -> list[Entry]:
    """A call's journal, oldest first."""
    query = select(journal).where(journal.c.call_sid == call_sid).order_by(journal.c.id)
    return [Entry(row.at, Happened(row.what), row.detail) for row in connection.execute(query)]
