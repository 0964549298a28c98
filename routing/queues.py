"""Queues: where a decided call waits, and where it goes when nobody there can take it."""

from dataclasses import dataclass

from routing.decisions import Decision
from routing.tickets import Ticket


@dataclass(frozen=True)
class Queue:
    """One queue and the calls it is for; an empty set means any.

    `label` is spoken to technicians, `overflow` names the queues that help out, in order (A22),
    `notify` are the e-mail addresses told about a voicemail.
    """

    name: str
    products: frozenset[str] = frozenset()
    severities: frozenset[int] = frozenset()
    queue_classes: frozenset[str] = frozenset()
    overflow: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class QueuePlan:
    """All queues, the first that fits wins; `fallback` takes the rest, `triage` the unverified."""

    queues: tuple[Queue, ...]
    fallback: str
    triage: str


def queue_for(plan: QueuePlan, decision: Decision, ticket: Ticket | None) -> str:
    """The name of the queue a decided call waits in, or whose people hear of its voicemail."""
    raise NotImplementedError
