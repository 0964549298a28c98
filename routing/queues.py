"""Queues: where a decided call waits, and where it goes when nobody there can take it."""

from dataclasses import dataclass
from typing import TypeVar

from routing.decisions import Decision
from routing.escalation import Step
from routing.tickets import Ticket

Wanted = TypeVar("Wanted", str, int)


@dataclass(frozen=True)
class Queue:
    """One queue and the calls it is for; an empty set means any.

    `label` is spoken to technicians, `overflow` names the queues that help out, in order (A22),
    `notify` are the e-mail addresses told about a voicemail. `escalation` is who is rung, step by
    step, for a call that nobody of them all is free for; `only_on_call` means that nobody else is.
    `longest_wait_seconds` is how long a caller may wait here, where it differs from elsewhere.
    """

    name: str
    products: frozenset[str] = frozenset()
    severities: frozenset[int] = frozenset()
    queue_classes: frozenset[str] = frozenset()
    overflow: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    label: str = ""
    escalation: tuple[Step, ...] = ()
    longest_wait_seconds: int | None = None
    only_on_call: bool = False


@dataclass(frozen=True)
class QueuePlan:
    """All queues, the first that fits wins; `fallback` takes the rest, `triage` the unverified."""

    queues: tuple[Queue, ...]
    fallback: str
    triage: str

    def __post_init__(self) -> None:
        names = [queue.name for queue in self.queues]
        named = {self.fallback, self.triage}.union(*(queue.overflow for queue in self.queues))
        if len(set(names)) < len(names):
            raise ValueError(f"Two queues have the same name: {', '.join(sorted(names))}.")
        if unknown := sorted(named.difference(names)):
            raise ValueError(f"There is no queue {unknown[0]!r}; there are {', '.join(names)}.")

    def notify(self, name: str) -> tuple[str, ...]:
        """Who is told of what becomes of a queue's calls; nobody for a queue there is not."""
        return next((queue.notify for queue in self.queues if queue.name == name), ())


def queue_for(plan: QueuePlan, decision: Decision, ticket: Ticket | None) -> str:
    """The name of the queue a decided call waits in, or whose people hear of its voicemail.

    A product nobody configured goes to the fallback (A15), a call that could not be verified to
    triage (A20).
    """
    if not decision.verified:
        return plan.triage
    product = ticket.product if ticket else None
    for queue in plan.queues:
        if (
            _admits(queue.products, product)
            and _admits(queue.severities, decision.severity)
            and _admits(queue.queue_classes, decision.queue_class)
        ):
            return queue.name
    return plan.fallback


def only_on_call_queues(plan: QueuePlan) -> frozenset[str]:
    """The queues whose callers are put to nobody but people on call."""
    return frozenset(queue.name for queue in plan.queues if queue.only_on_call)


def overflow_chain(plan: QueuePlan, name: str) -> tuple[str, ...]:
    """The queues whose people may take a call of queue `name`: its own, then those that help
    it out, then those that help these out (A22). Each comes once."""
    by_name = {queue.name: queue for queue in plan.queues}
    chain = [name]
    for each in chain:  # It grows while it is walked.
        for other in by_name[each].overflow:
            if other not in chain:
                chain.append(other)
    return tuple(chain)


def _admits(wanted: frozenset[Wanted], got: Wanted | None) -> bool:
    return not wanted or got in wanted
