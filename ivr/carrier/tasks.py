"""Tasks: scripts that say what they wait for, and go on when it has happened."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ivr.carrier.scheduler import Action, Timer
from ivr.carrier.transport import Reply, Request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so long, whatever happens."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait until poked (True) or, when `seconds` is given, until they are over (False)."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Have one request carried and wait for the reply, at most so long."""

    request: Request
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """Have a script run as its own task, which outlives my interruption; wait for its result."""

    script: "Script[Any]"


Effect = Sleep | Listen | Send | Run
Script = Generator[Effect, Any, T]


class Driver(Protocol):
    """What makes time pass and carries requests: virtual time in tests, else real time."""

    def now(self) -> float: ...
    def after(self, seconds: float, action: Action) -> Timer: ...
    def send(self, request: Request, done: Callable[[Reply], None]) -> None: ...


class Task:
    """One running script.

    Every wait has a ticket; what arrives with an old ticket (a late reply, a timer that lost) is
    dropped. All that wakes a task goes through the driver, so a script never runs inside another
    one.
    """

    def __init__(self, driver: Driver, script: "Script[Any]") -> None:
        self.result: Any = None
        self.over = False
        self._driver = driver
        self._script = script
        self._ticket = 0
        self._timer: Timer | None = None
        self._listening = False
        self._started = False
        self._ended: list[Callable[[Any], None]] = []
        self._wake(None)

    def poke(self) -> None:
        """Something changed: a listening task looks again; others will see it when they look."""
        if self._listening:
            self._listening = False
            self._wake(True)

    def interrupt(self, error: Exception) -> None:
        """Raise `error` where the script waits."""
        if self.over:
            return
        if self._started:  # else its first step, which is in the queue, comes first
            self._new_ticket()
        self._driver.after(0, lambda: self._advance(lambda: self._script.throw(error)))

    def cancel(self) -> None:
        """Stop without a word."""
        if not self.over:
            self._new_ticket()
            self.over = True
            self._script.close()

    def when_over(self, action: Callable[[Any], None]) -> None:
        if self.over:
            action(self.result)
        else:
            self._ended.append(action)

    def _new_ticket(self) -> int:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._listening = False
        self._ticket += 1
        return self._ticket

    def _wake(self, value: object) -> None:
        ticket = self._new_ticket()
        self._driver.after(0, lambda: self._resume(ticket, value))

    def _resume(self, ticket: int, value: object) -> None:
        if ticket == self._ticket:
            self._advance(lambda: self._script.send(value))

    def _advance(self, step: Callable[[], Effect]) -> None:
        if self.over:
            return
        self._started = True
        ticket = self._new_ticket()
        try:
            effect = step()
        except StopIteration as stop:
            self._finish(stop.value)
            return
        except BaseException:
            self.over = True
            raise
        match effect:
            case Sleep(seconds):
                self._arm(ticket, seconds, None)
            case Listen(seconds):
                self._listening = True
                if seconds is not None:
                    self._arm(ticket, seconds, False)
            case Send(request, seconds):
                self._arm(ticket, seconds, Reply(failure="read"))
                self._driver.send(request, lambda reply: self._resume(ticket, reply))
            case Run(script):
                Task(self._driver, script).when_over(lambda result: self._resume(ticket, result))

    def _arm(self, ticket: int, seconds: float, value: object) -> None:
        self._timer = self._driver.after(seconds, lambda: self._resume(ticket, value))

    def _finish(self, result: object) -> None:
        self.over = True
        self.result = result
        for action in self._ended:
            action(result)
