"""Patience: a caller is answered within four seconds, whatever the work behind takes.

The work of a webhook runs on another thread. When it is late, or the database is out for a
moment, the caller hears "one moment please" and the carrier asks again, three times at most;
what they pressed is kept meanwhile, in memory and in the database, never in an address.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import asdict
from threading import Lock

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ivr.call_records import keep_late_input, late_input_of
from ivr.replies import QueueExit, Reply
from ivr.services import Services
from ivr.store.engine import reading, writing

log = structlog.get_logger()

MOST_MOMENTS = 3
MEMORY = 1000

Step = tuple[str, str]


class TooLate(Exception):
    """The answer did not come in time, or the database could not be reached."""


class Patience:
    """Runs the work of webhooks with a deadline and remembers what is still under way."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = Lock()
        self._under_way: dict[Step, Future[str]] = {}
        self._replies: OrderedDict[Step, Reply] = OrderedDict()

    def answer(
        self, step: Step, reply: Reply, work: Callable[[Reply], str], *, asked_again: bool
    ) -> str:
        """The document `work` makes of `reply`; raises TooLate when it has to be asked again.

        Work that is under way for the same step is waited for instead of being done twice. When
        the carrier was told to ask again, what the caller did the first time is remembered.
        """
        if asked_again and reply.is_empty:
            reply = self._remembered(step) or reply
        with self._lock:
            future = self._under_way.get(step)
            if future is None:
                future = self._services.turns.submit(work, reply)
                self._under_way[step] = future
        # Outside the lock: work that is done already is forgotten at once, by this thread.
        future.add_done_callback(lambda _done: self._forget(step))
        try:
            return future.result(timeout=self._services.patience_seconds)
        except (LateError, DBAPIError, PoolExhausted) as error:
            log.warning("late", leg=step[0], step=step[1], cause=type(error).__name__)
            self._remember(step, reply)
            raise TooLate from error

    def _forget(self, step: Step) -> None:
        with self._lock:
            self._under_way.pop(step, None)

    def _remember(self, step: Step, reply: Reply) -> None:
        if reply.is_empty:
            return
        with self._lock:
            self._replies[step] = reply
            while len(self._replies) > MEMORY:
                self._replies.popitem(last=False)
        self._services.turns.submit(self._store, step, reply)

    def _store(self, step: Step, reply: Reply) -> None:
        try:
            with writing(self._services.engine) as connection:
                keep_late_input(connection, *step, asdict(reply), self._services.clock())
        except (DBAPIError, PoolExhausted) as error:
            log.warning("late input not stored", leg=step[0], cause=type(error).__name__)

    def _remembered(self, step: Step) -> Reply | None:
        with self._lock:
            reply = self._replies.get(step)
        if reply is not None:
            return reply
        try:
            with reading(self._services.engine) as connection:
                kept = late_input_of(connection, *step)
        except (DBAPIError, PoolExhausted):
            return None
        if kept is None:
            return None
        exit_word = kept.pop("queue_exit")
        return Reply(**kept, queue_exit=exit_word and QueueExit(exit_word))
