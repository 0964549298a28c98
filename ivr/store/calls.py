"""Tables of a call: where it stands, what was answered, what happened, and how it ended."""

from enum import StrEnum

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class CallStage(StrEnum):
    """Where a caller is: what a hang-up now would mean."""

    MENU = "menu"
    QUEUED = "queued"
    BRIDGED = "bridged"
    MESSAGE = "message"
    TRANSFER = "transfer"
    ENDED = "ended"


class Disposition(StrEnum):
    """How a call ended: exactly one per call, from this closed list (design.md, section 5)."""

    CONNECTED = "connected"
    VOICEMAIL = "voicemail"
    VOICEMAIL_EMPTY = "voicemail_empty"
    CALLBACK_REQUESTED = "callback_requested"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    ABANDONED_MENU = "abandoned_menu"
    ABANDONED_QUEUE = "abandoned_queue"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    SYSTEM_FALLBACK = "system_fallback"


INBOUND, OUTBOUND = "inbound", "outbound"

call = Table(
    "call",
    metadata,
    Column("call_sid", String(64), primary_key=True),
    Column("dnis", String(64), nullable=False),
    Column("ani", String(64)),
    Column("line", String(20), nullable=False),
    Column("revision_id", ForeignKey("revision.id"), nullable=False),
    Column("stage", words(CallStage), nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    # The number of the turn the caller's next answer belongs to. Every change of the row is a
    # compare-and-set on `version`.
    Column("turn", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("session", Text, nullable=False),
    Column("ticket", String(32)),
    Column("severity", Integer),
    Column("outcome", String(32)),
    Column("rule", String(32)),
    Column("queue", String(64)),
    Column("technician_id", ForeignKey("technician.id")),
    # When a call whose caller has hung up is closed, should nothing more be heard of it.
    Column("closing_at", UtcDateTime),
    # When the carrier was last asked whether the call is still up.
    Column("checked_at", UtcDateTime, nullable=False),
    # A caller's visit, or a callback: a call that we place, which has no disposition.
    Column("direction", String(8), nullable=False, server_default=INBOUND),
    # The callback that was asked for in this call.
    Column("callback_id", Integer),
    Index("ix_call_arrived_at", "arrived_at"),
    Index("ix_call_live", "stage", "arrived_at"),
)

# What each request was answered, so that the same request again gets the same bytes.
answer = Table(
    "answer",
    metadata,
    Column("leg_sid", String(64), primary_key=True),
    Column("step", String(64), primary_key=True),
    Column("document", Text, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
)

# What the caller did in a turn that we were too slow to answer; read when the carrier asks again.
late_input = Table(
    "late_input",
    metadata,
    Column("leg_sid", String(64), primary_key=True),
    Column("step", String(64), primary_key=True),
    Column("event", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_sid", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("what", String(32), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_journal_call_sid", "call_sid", "id"),
)

disposition = Table(
    "disposition",
    metadata,
    Column("call_sid", ForeignKey("call.call_sid"), primary_key=True),
    Column("disposition", words(Disposition), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# One row per number that was keyed and not found: the counters of A19, by caller.
wrong_number = Table(
    "wrong_number",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("caller", String(64), nullable=False),
    Column("call_sid", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_wrong_number_caller", "caller", "at"),
)
