"""Tables of the distributor: queued calls, offers, and the outbox of requests to the carrier."""

from enum import StrEnum

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class QueuedState(StrEnum):
    """A queued call waits, is offered to one technician, is accepted, and has left."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LEFT = "left"


class OfferState(StrEnum):
    """How an offer (a reservation of one technician for one call) stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"


class OfferPlace(StrEnum):
    """Where the technician of an accepted offer is: with the caller, or out of the room by `*`."""

    IN_ROOM = "in_room"
    STEPPING_OUT = "stepping_out"
    IN_MENU = "in_menu"


class RequestState(StrEnum):
    """A request to the carrier: not sent, being sent, done, refused, or of unknown fate."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


queued_call = Table(
    "queued_call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("severity", Integer, nullable=False),
    # Fixed when the call is queued: ageing is linear, so the order of two calls never changes.
    Column("rank", Float, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    # When this stay began, if it is not the first: a caller who is queued again keeps `since`.
    Column("entered_at", UtcDateTime),
    Column("product", String(64)),
    Column("language", String(8)),
    Column("region", String(64)),
    Column("state", words(QueuedState), nullable=False),
    # The carrier's name for its queue, known from the first wait document on.
    Column("carrier_queue_sid", String(64)),
    Column("left_at", UtcDateTime),
    # Set while a callback must not be offered yet; `tick` takes it away.
    Column("not_before", UtcDateTime),
    Index("ix_queued_call_waiting", "state", "rank", "id"),
    Index("ix_queued_call_queue", "queue", "state", "rank", "id"),
    Index(
        "uq_queued_call_live",
        "call_sid",
        unique=True,
        sqlite_where=text("state <> 'left'"),
        postgresql_where=text("state <> 'left'"),
    ),
)

# Two partial unique indexes are the law: one live offer per technician, one per call (I3).
LIVE = text("live")

offer = Table(
    "offer",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("queued_call_id", ForeignKey("queued_call.id"), nullable=False),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("state", words(OfferState), nullable=False),
    # True from the offer to the end of the technician's leg; then the technician is free again.
    Column("live", Boolean, nullable=False),
    Column("why", String(200), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("leg_sid", String(64)),
    # None until the technician first leaves the room by `*`.
    Column("place", words(OfferPlace, checked=False)),
    # When the carrier was last asked whether the leg is still up.
    Column("checked_at", UtcDateTime, nullable=False),
    Index("ix_offer_call_sid", "call_sid", "technician_id"),
    Index("ix_offer_expires", "state", "expires_at"),
    Index(
        "uq_offer_live_technician",
        "technician_id",
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
    Index("uq_offer_live_call", "call_sid", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
)

# Requests to the carrier: committed before they are sent, sent at most once (I4).
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("state", words(RequestState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("result", String(200)),
    Index("ix_outbox_due", "state", "due_at"),
    Index("ix_outbox_subject", "kind", "subject"),
)
