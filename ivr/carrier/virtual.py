"""Virtual time: a number that is advanced; requests are carried inline, between two events."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from ivr.carrier.scheduler import Action, Scheduler, Timer
from ivr.carrier.transport import Reply, Request, Transport

T = TypeVar("T")


class VirtualTime:
    """Single-threaded: what the service asks for while it answers is put in the queue."""

    def __init__(self, transport: Transport, starts_at: datetime) -> None:
        if starts_at.tzinfo is None:
            raise ValueError(
                "naive datetime: pass an aware one, e.g. datetime(2026, 3, 4, tzinfo=UTC)"
            )
        self._transport = transport
        self._starts_at = starts_at.astimezone(UTC)
        self._scheduler = Scheduler()

    def now(self) -> float:
        return self._scheduler.now

    def clock(self) -> datetime:
        return self._starts_at + timedelta(seconds=self._scheduler.now)

    def after(self, seconds: float, action: Action) -> Timer:
        return self._scheduler.after(seconds, action)

    def send(self, request: Request, done: Callable[[Reply], None]) -> None:
        self.after(0, lambda: self._carry(request, done))

    def do(self, action: Callable[[], T]) -> T:
        """Run `action` where the exchange's state may be touched: here, at once."""
        return action()

    def run_until(self, predicate: Callable[[], bool], within: float) -> bool:
        """Do things until the predicate holds (True) or `within` seconds have passed (False)."""
        until = self._scheduler.now + within
        while not predicate():
            due = self._scheduler.next_due()
            if due is None or due > until:
                self._scheduler.now = until
                return False
            self._scheduler.run_next()
        return True

    def _carry(self, request: Request, done: Callable[[Reply], None]) -> None:
        reply = self._transport.send(request)
        # What the service asked for meanwhile is in the queue already and comes first, as it does
        # on a real line.
        self.after(0, lambda: done(reply))
