"""Real time: a loop that does things when they are due, and requests carried by other threads."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from ivr.carrier.scheduler import Action, Scheduler, Timer
from ivr.carrier.transport import Reply, Request, Transport

T = TypeVar("T")

REQUESTS_AT_ONCE = 64
LONGEST_NAP = 0.25


class RealTime:
    """Everything that touches the exchange holds one lock; a request is carried without it.

    So a service may call the REST API from within a webhook: that only takes the lock for a moment.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._scheduler = Scheduler()
        self._began = time.monotonic()
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._requests = ThreadPoolExecutor(REQUESTS_AT_ONCE, "request")
        self._stopping = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="exchange", daemon=True).start()

    def stop(self) -> None:
        with self._news:
            self._stopping = True
            self._news.notify_all()
        self._requests.shutdown(wait=False, cancel_futures=True)

    def now(self) -> float:
        return time.monotonic() - self._began

    def clock(self) -> datetime:
        return datetime.now(UTC)

    def after(self, seconds: float, action: Action) -> Timer:
        with self._news:
            self._scheduler.now = self.now()
            timer = self._scheduler.after(seconds, action)
            self._news.notify_all()
            return timer

    def send(self, request: Request, done: Callable[[Reply], None]) -> None:
        if not self._stopping:
            self._requests.submit(self._carry, request, done)

    def do(self, action: Callable[[], T]) -> T:
        """Run `action` where the exchange's state may be touched, from any thread."""
        with self._lock:
            return action()

    def run_until(self, predicate: Callable[[], bool], within: float) -> bool:
        """Wait in another thread than the loop's until the predicate holds."""
        until = time.monotonic() + within
        with self._news:
            while not predicate():
                left = until - time.monotonic()
                if left <= 0 or self._stopping:
                    return False
                self._news.wait(min(left, LONGEST_NAP))
            return True

    def _carry(self, request: Request, done: Callable[[Reply], None]) -> None:
        reply = self._transport.send(request)
        self.after(0, lambda: done(reply))

    def _run(self) -> None:
        with self._news:
            while not self._stopping:
                due = self._scheduler.next_due()
                if due is not None and due <= self.now():
                    self._run_next()
                    self._news.notify_all()
                    continue
                nap = LONGEST_NAP if due is None else due - self.now()
                self._news.wait(max(0.0, min(nap, LONGEST_NAP)))

    def _run_next(self) -> None:
        """A mistake of ours in one call must not silence all the others."""
        try:
            self._scheduler.run_next()
        except Exception:
            logging.getLogger("ivr.carrier").exception("the carrier itself failed")
