"""The parts of a running service, made once and handed down as arguments by the edges."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from ivr.desks.protocol import TicketDesk
from ivr.mail import Mailer
from ivr.settings import Settings
from ivr.task_routing import TaskRouter
from ivr.telephony import Links, Telephony

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Services:
    """What the edges need of the world. `clock` gives the present instant in UTC.

    `turns` runs the work of a webhook, so that the caller can be answered when it takes too
    long; `patience_seconds` is how long that is.
    """

    settings: Settings
    engine: Engine
    desk: TicketDesk
    telephony: Telephony
    task_router: TaskRouter
    links: Links
    mailer: Mailer
    clock: Clock
    turns: Executor
    patience_seconds: float = 4.0
