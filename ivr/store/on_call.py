"""Table of what operators agreed besides the rotas of the configuration."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime

on_call_override = Table(
    "on_call_override",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rota", String(40), nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    # E-mail addresses: who is on duty instead, or the two who stand in for each other.
    Column("who", JSON, nullable=False),
    Column("is_swap", Boolean, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_on_call_override_rota", "rota", "ends_at"),
)
