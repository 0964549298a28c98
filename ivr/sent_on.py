"""Sent on: the turns of a caller whom a technician has sent elsewhere, or has left by accident."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from callflows.verbs import Enqueue, Hangup, Transfer, Verb
from callflows.visit import said
from ivr import journal
from ivr.acd import handovers, offers, partings
from ivr.acd.handovers import Handover
from ivr.acd.queue import queue_again
from ivr.configuration.model import Transfer as Target
from ivr.dial_policy import policy_of
from ivr.dialling import count_call
from ivr.errors import NotDialled
from ivr.journal import Happened
from ivr.publishing import live
from ivr.store.calls import CallStage, Disposition
from ivr.store.rooms import HandoverKind
from ivr.world import Moment

SAID = {HandoverKind.QUEUE: "sent_to_queue", HandoverKind.LOST: "technician_lost"}


@dataclass(frozen=True)
class Onward:
    """What the caller hears next, what it changes of the call, and how the call ends if it does."""

    verbs: tuple[Verb, ...]
    changes: Mapping[str, object]
    ending: Disposition | None = None


def go_on(
    connection: Connection, moment: Moment, found: Handover, *, answered: bool | None
) -> Onward:
    """The next turn of a caller with an open handover. `answered`: a target was, or was not."""
    if found.taken:
        return _after_target(connection, moment, found, answered=bool(answered))
    handovers.take(connection, found, moment.now)
    if found.kind is HandoverKind.TARGET:
        return _to_target(connection, moment, found)
    return _to_queue(connection, moment, found, found.name, SAID[found.kind])


def _to_queue(
    connection: Connection, moment: Moment, found: Handover, queue: str, prompt: str
) -> Onward:
    """Back to waiting, at the place the caller had before they were taken out of the queue."""
    stay = offers.find_offer(connection, found.offer_id)
    assert stay is not None
    queue_again(connection, stay.queued_call_id, queue, moment.now)
    session = replace(
        moment.session, queue=queue, position_said=False, hold_menu_at=moment.now, leaving=None
    )
    changes = {
        "stage": CallStage.QUEUED,
        "queue": queue,
        "technician_id": None,
        "session": session.to_json(),
    }
    return Onward((*said(prompt, session, moment.world), Enqueue(queue)), changes)


def _to_target(connection: Connection, moment: Moment, found: Handover) -> Onward:
    """Ring the target; its number is that of the live configuration, or it is not rung (I8)."""
    target = _target(connection, found.name, moment.now)
    if target is None:
        return _after_target(connection, moment, found, answered=False)
    told = {"target": target.label, "offer": found.offer_id}
    journal.write(connection, found.call_sid, Happened.TARGET_RUNG, moment.now, **told)
    ring = Transfer(target.number, moment.configuration.flow_limits.transfer_seconds)
    changes = {"stage": CallStage.TRANSFER, "technician_id": None}
    return Onward((*said("sent_to_target", moment.session, moment.world), ring), changes)


def _target(connection: Connection, name: str, now: datetime) -> Target | None:
    """The target, if it may be rung; it is counted like every call we place."""
    configuration = live(connection).configuration
    target = next((one for one in configuration.transfers if one.name == name), None)
    if target is None:
        return None
    policy = policy_of(configuration)
    try:
        policy.check(target.number)
    except NotDialled:
        return None
    return target if count_call(connection, policy, target.number, now) is None else None


def _after_target(
    connection: Connection, moment: Moment, found: Handover, *, answered: bool
) -> Onward:
    """The target has hung up, which ends the call, or never answered."""
    handovers.end(connection, found, moment.now)
    told = {"target": found.name, "said": "has hung up" if answered else "not answered"}
    journal.write(connection, found.call_sid, Happened.TARGET_ENDED, moment.now, **told)
    if answered:
        return Onward((Hangup(),), {}, Disposition.TRANSFERRED)
    stay = offers.find_offer(connection, found.offer_id)
    assert stay is not None
    queue = partings.queue_of(connection, stay)
    return _to_queue(connection, moment, found, queue, "target_not_answered")
