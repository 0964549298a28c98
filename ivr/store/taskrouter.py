"""Tables of the TaskRouter distributor: what it was told, and what it asked of us.

Each row of a task, a worker or a reservation is `asking` while a request about it is in the
outbox; so there is never more than one, and what changed meanwhile is told afterwards.
"""

from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from ivr.store.metadata import metadata
from ivr.store.technicians import TechnicianState
from ivr.store.types import UtcDateTime, words


class TaskState(StrEnum):
    """A task is open until it was completed or cancelled, by whomever."""

    OPEN = "open"
    ENDED = "ended"


class ReservationState(StrEnum):
    """A reservation waits for its offer, is offered, was accepted (or too late), and ends."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    TOO_LATE = "too_late"
    ENDED = "ended"


# The parts of the workspace, by kind and name, as `ivr taskrouter apply` found or made them.
router_part = Table(
    "router_part",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("name", String(254), nullable=False),
    Column("sid", String(34), nullable=False),
    PrimaryKeyConstraint("kind", "name"),
)

router_worker = Table(
    "router_worker",
    metadata,
    Column("technician_id", ForeignKey("technician.id"), primary_key=True),
    Column("sid", String(34), nullable=False, unique=True),
    # The state TaskRouter has of this technician, as far as we know.
    Column("state", words(TechnicianState)),
    Column("asking", Boolean, nullable=False),
    Column("told_at", UtcDateTime),
)

router_task = Table(
    "router_task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("queued_call_id", ForeignKey("queued_call.id"), nullable=False),
    Column("call_sid", String(64), nullable=False),
    Column("sid", String(34), unique=True),
    Column("state", words(TaskState), nullable=False),
    Column("asking", Boolean, nullable=False),
    # What it was told: the queue and the technicians who let the call pass.
    Column("queue", String(64), nullable=False),
    Column("tried", JSON, nullable=False),
    Index("ix_router_task_queued_call_id", "queued_call_id", "state"),
    Index(
        "uq_router_task_open",
        "queued_call_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_router_task_state", "state", "id"),
)

router_reservation = Table(
    "router_reservation",
    metadata,
    Column("sid", String(34), primary_key=True),
    Column("task_id", ForeignKey("router_task.id"), nullable=False),
    Column("technician_id", ForeignKey("technician.id"), nullable=False),
    Column("offer_id", ForeignKey("offer.id")),
    Column("state", words(ReservationState), nullable=False),
    Column("asking", Boolean, nullable=False),
    # What the assignment callback was answered; the same again for the same request.
    Column("answer", String(200), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Index("ix_router_reservation_state", "state"),
    Index("ix_router_reservation_task_id", "task_id"),
)
