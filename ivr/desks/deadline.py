"""Asking something slow within the deadline, away from the thread that must answer the carrier."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ivr.desks.protocol import DEADLINE_SECONDS, Answer
from routing.tickets import Unavailable

THREADS = 8


class Bulkhead:
    """A few threads that may get stuck on a help desk, so that nothing else does (D1).

    `ask` gives what `question` gives, or `Unavailable` when it raises or is late. A question that
    is late goes on in its thread to the end of its own time limits; nobody waits for it. When all
    threads are stuck, questions that never began are dropped.
    """

    def __init__(self, seconds: float = DEADLINE_SECONDS, threads: int = THREADS) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="desk")

    def ask(self, number: str, question: Callable[[str], Answer]) -> Answer:
        asked = self._threads.submit(question, number)
        try:
            return asked.result(timeout=self._seconds)
        except TimeoutError:
            asked.cancel()
            return Unavailable(number, f"no answer within {self._seconds:g} s")
        # The contract is never to raise, and the reason goes into the journal with the answer.
        except Exception as fault:
            return Unavailable(number, f"{type(fault).__name__}: {fault}")

    def close(self) -> None:
        """Wait for the questions under way, and take no more."""
        self._threads.shutdown(cancel_futures=True)
