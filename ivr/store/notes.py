"""Tables of notes on tickets: those we are to deliver, and those the embedded help desk has."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime

# Written down in the transaction of what they are about, delivered to the help desk later.
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    # The help desk is told this name, so that a note delivered twice is one note.
    Column("note_id", String(128), nullable=False, unique=True),
    Column("call_sid", ForeignKey("call.call_sid"), nullable=False),
    Column("number", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    # None once it is delivered, or given up.
    Column("due_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Index("ix_note_due", "due_at"),
    Index("ix_note_number", "number"),
)

# The embedded help desk's own. It keeps them for tickets it knows.
ticket_note = Table(
    "ticket_note",
    metadata,
    Column("note_id", String(128), primary_key=True),
    Column("number", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_ticket_note_number", "number"),
)
