"""What a workspace is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ivr.carrier.scheduler import Timer
from ivr.carrier.taskrouter.expressions import Expression
from ivr.carrier.taskrouter.workflows import Plan, Target


class TaskStatus(StrEnum):
    PENDING = "pending"
    RESERVED = "reserved"
    ASSIGNED = "assigned"
    WRAPPING = "wrapping"
    COMPLETED = "completed"
    CANCELED = "canceled"


class ReservationStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMEOUT = "timeout"
    CANCELED = "canceled"
    RESCINDED = "rescinded"
    WRAPPING = "wrapping"
    COMPLETED = "completed"


@dataclass(eq=False)
class Activity:
    sid: str
    name: str
    available: bool
    created_at: datetime


@dataclass(eq=False)
class Worker:
    """A worker takes one task at a time. `idle_since` is the exchange's second of its last
    change of activity or end of work."""

    sid: str
    name: str
    attributes: dict[str, Any]
    activity: Activity
    created_at: datetime
    updated_at: datetime
    idle_since: float


@dataclass(eq=False)
class TaskQueue:
    sid: str
    name: str
    takes: Expression
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Workflow:
    sid: str
    name: str
    configuration: str
    plan: Plan
    created_at: datetime
    updated_at: datetime
    assignment_url: str = ""
    fallback_url: str = ""
    reservation_seconds: int = 120


@dataclass(eq=False)
class Task:
    """`order` is the second from which it queues: its virtual start. `step` is its target."""

    sid: str
    workflow: Workflow
    attributes: dict[str, Any]
    priority: int
    seconds: int
    order: float
    created: float
    created_at: datetime
    updated_at: datetime
    status: TaskStatus = TaskStatus.PENDING
    steps: tuple[Target, ...] = ()
    step: int = -1
    # The step's time is up, but somebody is being asked.
    step_over: bool = False
    queue: TaskQueue | None = None
    reason: str = ""
    timers: list[Timer] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.status in {TaskStatus.COMPLETED, TaskStatus.CANCELED}


@dataclass(eq=False)
class Reservation:
    sid: str
    task: Task
    worker: Worker
    created_at: datetime
    updated_at: datetime
    status: ReservationStatus = ReservationStatus.PENDING
    timer: Timer | None = None

    @property
    def holds_worker(self) -> bool:
        return self.status in {ReservationStatus.PENDING, ReservationStatus.ACCEPTED}


@dataclass(eq=False)
class Workspace:
    sid: str
    name: str
    created_at: datetime
    updated_at: datetime
    default_activity: Activity
    timeout_activity: Activity
    event_url: str = ""
    events: str = ""
    activities: dict[str, Activity] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    queues: dict[str, TaskQueue] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    assigning: bool = False

    def held(self, worker: Worker) -> bool:
        """Whether the worker has a task, or is being asked to take one."""
        return any(r.worker is worker and r.holds_worker for r in self.reservations.values())

    def reservation_of(self, task: Task) -> Reservation | None:
        """The reservation that is pending or accepted for a task."""
        live = (r for r in self.reservations.values() if r.task is task and r.holds_worker)
        return next(live, None)
