"""Table of the checks of technicians' phones: whether a person there can press the key."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class CheckState(StrEnum):
    """What a check has come to. Only `reachable` is good."""

    PENDING = "pending"
    REACHABLE = "reachable"
    # Answered, and no key: a voicemail, or somebody who does not know what to do.
    NO_KEY = "no_key"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    # The carrier cannot ring this number.
    UNREACHABLE = "unreachable"
    # The phone was not rung, or nobody told us what became of it.
    UNKNOWN = "unknown"


PENDING = text("state = 'pending'")

phone_check = Table(
    "phone_check",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", words(CheckState), nullable=False),
    # A sentence about it.
    Column("said", String(300), nullable=False),
    Column("leg_sid", String(64)),
    Column("answered_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Index("ix_phone_check_technician", "technician_id", "asked_at"),
    # One check at a time of one telephone.
    Index(
        "uq_phone_check_pending",
        "technician_id",
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    ),
)
