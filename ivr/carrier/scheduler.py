"""Things to do, ordered by time and then by the order they were asked for."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

Action = Callable[[], object]


@dataclass(order=True, slots=True)
class Timer:
    """One thing to do. Cancelling it leaves it in the heap, where it is passed over."""

    due: float
    order: int
    action: Action | None = field(compare=False)

    def cancel(self) -> None:
        self.action = None


class Scheduler:
    """A heap of timers and the time of the last one that ran, in seconds since the opening."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[Timer] = []
        self._asked = 0

    def after(self, seconds: float, action: Action) -> Timer:
        self._asked += 1
        timer = Timer(self.now + max(seconds, 0.0), self._asked, action)
        heapq.heappush(self._timers, timer)
        return timer

    def next_due(self) -> float | None:
        """When the next timer that was not cancelled is due."""
        while self._timers and self._timers[0].action is None:
            heapq.heappop(self._timers)
        return self._timers[0].due if self._timers else None

    def run_next(self) -> None:
        """Do the next thing; the time becomes its time, and never goes back."""
        timer = heapq.heappop(self._timers)
        self.now = max(self.now, timer.due)
        if timer.action is not None:
            timer.action()
