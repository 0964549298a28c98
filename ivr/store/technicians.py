"""Tables of the technicians: whom they help, how they are rung, what they do and have done."""

from enum import StrEnum

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime, words

LONGEST_REASON = 200


class TechnicianState(StrEnum):
    """What a technician is doing; the moves between these are in ivr/acd/states.py."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    RESERVED = "reserved"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    ON_BREAK = "on_break"


class CameBy(StrEnum):
    """By what a technician last asked for a state. Only the console beats while it is open."""

    CONSOLE = "console"
    TELEPHONE = "telephone"
    COMMAND = "command"


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
    # Why, in a few words: a break's reason, or what put the technician away.
    Column("state_reason", String(LONGEST_REASON)),
    Column("came_by", words(CameBy, checked=False)),
    # The console's last heartbeat.
    Column("seen_at", UtcDateTime),
    # Offers in a row that came to nothing on this technician's side.
    Column("misses", Integer, nullable=False, server_default="0"),
    # Until then no call is offered: the phone is being checked, or still ends its last leg.
    Column("phone_busy_until", UtcDateTime),
    Column("pin_hash", String(200)),
    Column("pin_failures", Integer, nullable=False, default=0),
    Index("ix_technician_idle", "state", "idle_since", "id"),
)

# What every technician was from when on: one row per change, in the transaction that makes it.
# Together the columns are all that matching asks of a technician, at any instant.
technician_state_log = Table(
    "technician_state_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", words(TechnicianState), nullable=False),
    Column("reason", String(LONGEST_REASON)),
    Column("came_by", words(CameBy)),
    Column("idle_since", UtcDateTime, nullable=False),
    Column("available_until", UtcDateTime),
    Column("phone_busy_until", UtcDateTime),
    Column("enabled", Boolean, nullable=False),
    Column("products", JSON, nullable=False),
    Column("regions", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("severities", JSON, nullable=False),
    Column("level", Integer, nullable=False),
    Index("ix_technician_state_log_of", "technician_id", "id"),
)
