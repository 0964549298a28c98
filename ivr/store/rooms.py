"""Tables of the rooms: who else comes in, where callers are sent on, and further tickets."""

from enum import StrEnum

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from ivr.store.acd import OfferState
from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class HandoverKind(StrEnum):
    """Where a caller goes from a room: to a queue, to a transfer target, back to their place."""

    QUEUE = "queue"
    TARGET = "target"
    LOST = "lost"


class GuestRole(StrEnum):
    """How somebody takes part in a room that is not theirs: heard by both, by one, by nobody."""

    DUTY_MANAGER = "duty_manager"
    JOIN = "join"
    WHISPER = "whisper"
    LISTEN = "listen"


handover = Table(
    "handover",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("offer_id", ForeignKey("offer.id"), nullable=False),
    Column("kind", words(HandoverKind), nullable=False),
    # The queue's name, or the transfer target's.
    Column("name", String(64), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    # When the caller went, and when a target's part of the call was over.
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index("ix_handover_call_sid", "call_sid", "id"),
    Index(
        "uq_handover_pending",
        "call_sid",
        unique=True,
        sqlite_where=text("taken_at IS NULL"),
        postgresql_where=text("taken_at IS NULL"),
    ),
)

# Tickets attached to a call beside the one it came with (A18).
call_ticket = Table(
    "call_ticket",
    metadata,
    Column("call_sid", ForeignKey("call.call_sid"), primary_key=True),
    Column("ticket", String(32), primary_key=True),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

LIVE = text("live")

guest = Table(
    "guest",
    metadata,
    Column("id", String(32), primary_key=True),
    # The room is that of this offer.
    Column("offer_id", ForeignKey("offer.id"), nullable=False),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("role", words(GuestRole), nullable=False),
    Column("state", words(OfferState), nullable=False),
    # True from the ringing to the end of the leg.
    Column("live", Boolean, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("leg_sid", String(64)),
    # When the carrier was last asked whether the leg is still up.
    Column("checked_at", UtcDateTime, nullable=False),
    Index("ix_guest_offer", "offer_id", "role"),
    Index("ix_guest_call_sid", "call_sid"),
    Index("ix_guest_live", "live", "expires_at"),
    Index(
        "uq_guest_live_technician",
        "technician_id",
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
)
