"""Tables of callbacks: customers we telephone, and what has been dialled."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class CallbackOrigin(StrEnum):
    """Who asked for a callback."""

    CALLER = "caller"
    HELP_DESK = "help_desk"
    OPERATOR = "operator"


class CallbackState(StrEnum):
    """A callback waits for a technician, the customer is being called, or it is settled."""

    WAITING = "waiting"
    CALLING = "calling"
    JOINED = "joined"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = text("state IN ('waiting', 'calling')")

callback = Table(
    "callback",
    metadata,
    Column("id", Integer, primary_key=True),
    # The outbound call that this callback is.
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False, unique=True),
    # The caller's own call in which it was asked for.
    Column("asked_in", String(64)),
    Column("ticket", String(32), nullable=False),
    Column("number", String(20), nullable=False),
    Column("origin", words(CallbackOrigin), nullable=False),
    Column("state", words(CallbackState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    # When it has to be looked at again: calling hours begin or end, a retry, nobody answers.
    Column("due_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    # The accepted offer for which the customer is, or was last, called.
    Column("offer_id", String(32)),
    Column("customer_leg_sid", String(64)),
    Column("reason", String(200)),
    Index("ix_callback_due", "state", "due_at"),
    Index("ix_callback_offer", "offer_id"),
    # One live callback for a number, and one for a ticket, whoever asks how often.
    Index(
        "uq_callback_live_number",
        "number",
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
    Index(
        "uq_callback_live_ticket",
        "ticket",
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    ),
)

# Events of the help desk, each accepted once, with what was answered.
desk_event = Table(
    "desk_event",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ticket", String(32), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("callback_id", Integer),
    Column("reason", String(500), nullable=False),
)

# What was dialled: the counters of the dial policy.
dialled = Table(
    "dialled",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_dialled_at", "at"),
    Index("ix_dialled_number", "number", "at"),
)
