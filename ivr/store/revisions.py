"""Tables of the published configuration: immutable revisions, and the one that is live."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from ivr.store.metadata import metadata
from ivr.store.types import UtcDateTime

# `files` maps a file's name ("line.yaml", "callflows/flows/support.yaml") to its text, comments
# and all. A row is written once; only damage is written over, by the content its digest names.
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("files", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# One row, so that publishing and rolling back are the update of one pointer.
live_revision = Table(
    "live_revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision_id", ForeignKey("revision.id"), nullable=False),
    Column("previous_id", ForeignKey("revision.id")),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
