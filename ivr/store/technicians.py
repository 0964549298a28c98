"""Table of the technicians: whom they can help, how they are rung, and what they are doing."""

from enum import StrEnum

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words


class TechnicianState(StrEnum):
    """What a technician is doing; the moves between these are in ivr/acd/states.py."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    RESERVED = "reserved"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    ON_BREAK = "on_break"


technician = Table(
    "technician",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("phone", String(20), nullable=False),
    # Lists of words; an empty list means any.
    Column("products", JSON, nullable=False),
    Column("regions", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("severities", JSON, nullable=False),
    Column("level", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("state", words(TechnicianState), nullable=False, default=TechnicianState.OFFLINE),
    Column("state_since", UtcDateTime, nullable=False),
    # Longest idle first: when this technician last became free after a call, or signed in.
    Column("idle_since", UtcDateTime, nullable=False),
    # Availability ends by itself: at `--until`, else after the configured hours.
    Column("available_until", UtcDateTime),
    # When wrap-up ends by itself.
    Column("state_until", UtcDateTime),
    # What a state change asked for during a call becomes when the call is over.
    Column("after_call", words(TechnicianState, "after_call"), nullable=True),
    Column("pin_hash", String(200)),
    Column("pin_failures", Integer, nullable=False, default=0),
    Index("ix_technician_idle", "state", "idle_since", "id"),
)
