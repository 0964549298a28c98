"""Table of the calls technicians make to change their state by telephone."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime

staff_call = Table(
    "staff_call",
    metadata,
    Column("call_sid", String(64), primary_key=True),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # Whether the next key is a break's reason.
    Column("asks_reason", Boolean, nullable=False, server_default=false()),
)
