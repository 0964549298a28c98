"""Tables of what is kept for people: voicemail, mail to be sent, alarms, and heartbeats of jobs."""

from enum import StrEnum

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class VoicemailState(StrEnum):
    """Where the sound of a message is. Only `stored` and later counts as ours (I5)."""

    AT_CARRIER = "at_carrier"
    STORED = "stored"
    VERIFIED = "verified"
    LOST = "lost"


voicemail = Table(
    "voicemail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recording_sid", String(64), nullable=False, unique=True),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("ticket", String(32)),
    Column("queue", String(64)),
    Column("seconds", Integer, nullable=False),
    Column("state", words(VoicemailState), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    # When the next step (fetch, verify, delete at the carrier) is to be tried.
    Column("due_at", UtcDateTime),
    Column("file", String(200)),
    Column("size_bytes", BigInteger),
    Column("sha256", String(64)),
    Column("stored_at", UtcDateTime),
    Column("deleted_at_carrier_at", UtcDateTime),
    Index("ix_voicemail_call_sid", "call_sid"),
    Index("ix_voicemail_due", "due_at"),
)

# Conversations that were recorded, where that is configured; none of them is ever a message.
conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recording_sid", String(64), nullable=False, unique=True),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("offer_id", ForeignKey("offer.id"), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("state", words(VoicemailState), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    # When the next step (fetch, verify, delete at the carrier, erase) is to be tried.
    Column("due_at", UtcDateTime),
    Column("file", String(200)),
    Column("size_bytes", BigInteger),
    Column("sha256", String(64)),
    Column("stored_at", UtcDateTime),
    Column("deleted_at_carrier_at", UtcDateTime),
    # How long it may be kept, and when it was erased.
    Column("keep_until", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
    Index("ix_conversation_call_sid", "call_sid"),
    Index("ix_conversation_due", "due_at"),
)

mail = Table(
    "mail",
    metadata,
    Column("id", Integer, primary_key=True),
    # One mail per subject matter, however often it is asked for.
    Column("about", String(100), nullable=False, unique=True),
    Column("recipients", Text, nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Index("ix_mail_due", "due_at"),
)

# What a person has to see. One row per thing that is wrong, however often it is noticed.
alarm = Table(
    "alarm",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("about", String(100), nullable=False, unique=True),
    Column("sentence", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("times", Integer, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("job", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
