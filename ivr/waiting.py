"""Waiting: the hold loop of a queued caller, and every way out of the queue.

Each round of the wait document is answered once, like a turn, and numbered within it. The rounds
are also the safety net of a lost request: a caller whose technician has accepted, or who has
waited as long as anybody may, leaves the queue at the next round by themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from callflows.events import HoldKey, HoldTick, LeftQueue
from callflows.interpreter import advance
from callflows.verbs import Enqueue, LeaveQueue
from ivr.acd.offers import Offer, live_offer_of_call, withdraw
from ivr.acd.queue import (
    QueuedCall,
    leave_queue,
    live_queued_call,
    note_carrier_queue,
    position,
)
from ivr.acd.recent_waits import recent_wait_minutes
from ivr.acd.unanswered import nobody_answered
from ivr.call_records import (
    CallChanged,
    change_call,
    find_call,
    keep_answer,
    stored_answer,
)
from ivr.documents import Documents, Place
from ivr.publishing import load
from ivr.replies import QueueExit
from ivr.services import Services
from ivr.store.acd import QueuedState
from ivr.store.calls import CallStage
from ivr.store.engine import reading, writing
from ivr.world import Moment, asked_once, moment_of

# How often a round is answered again because the call changed meanwhile.
ATTEMPTS = 5
# The least time left of the longest wait that is worth another round.
SHORTEST_ROUND_SECONDS = 1


@dataclass(frozen=True)
class Round:
    """The carrier asks what to play: round `tick` of the turn that waits, and a key if pressed."""

    turn: int
    tick: int
    keys: str | None
    carrier_queue_sid: str | None

    @property
    def step(self) -> str:
        return f"{self.turn}.{self.tick}"


def hold(services: Services, documents: Documents, call_sid: str, round_: Round) -> str:
    """One round of waiting: what is heard until the next one, or the way out of the queue."""
    for _ in range(ATTEMPTS):
        with reading(services.engine) as connection:
            stored = stored_answer(connection, call_sid, round_.step)
            if stored is not None:
                return stored
            seen = find_call(connection, call_sid)
            if seen is None or seen.stage is CallStage.ENDED:
                return documents.hangup()
            configuration = load(connection, seen.revision_id)
        if seen.stage is not CallStage.QUEUED or seen.turn != round_.turn:
            return _leave(documents, call_sid, round_)
        try:
            find_ticket = asked_once(services.desk)
            moment = moment_of(seen, configuration, find_ticket, services.clock())
            return _answer_round(services, documents, moment, round_)
        except CallChanged:
            continue
    raise RuntimeError(f"call {call_sid} changed {ATTEMPTS} times during one round of waiting")


def _answer_round(services: Services, documents: Documents, moment: Moment, round_: Round) -> str:
    call_sid, now = moment.call.call_sid, moment.now
    with writing(services.engine) as connection:
        queued = live_queued_call(connection, call_sid)
        if queued is None or queued.state is QueuedState.ACCEPTED:
            return _leave(documents, call_sid, round_)
        note_carrier_queue(connection, queued, round_.carrier_queue_sid)
        if _seconds_left(queued, moment) < SHORTEST_ROUND_SECONDS:
            _give_up(connection, moment, queued)
            document = _leave(documents, call_sid, round_)
        else:
            document = _play_round(connection, documents, moment, queued, round_)
        if not keep_answer(connection, call_sid, round_.step, document, now):
            raise CallChanged
    return document


def _play_round(
    connection: Connection,
    documents: Documents,
    moment: Moment,
    queued: QueuedCall,
    round_: Round,
) -> str:
    call, now = moment.call, moment.now
    waited, place = int((now - queued.since).total_seconds()), position(connection, queued)
    minutes = None
    if not moment.session.position_said:
        minutes = recent_wait_minutes(connection, queued, now)
    event: HoldTick | HoldKey = HoldTick(place, waited, minutes)
    if round_.keys is not None:
        event = HoldKey(round_.keys, place, waited, minutes)
    turn = advance(moment.configuration.flow, moment.session, event, moment.world)
    if isinstance(turn.verbs[-1], LeaveQueue):
        _go(connection, call.call_sid, now, f"pressed {round_.keys}")
    if not change_call(connection, call, now, session=turn.session.to_json()):
        raise CallChanged
    chunk = moment.configuration.timers.hold_chunk_seconds
    music = min(chunk, _seconds_left(queued, moment))
    return documents.turn(
        turn.verbs, Place(call.call_sid, call.turn, tick=round_.tick, music_seconds=music)
    )


def _leave(documents: Documents, call_sid: str, round_: Round) -> str:
    return documents.turn((LeaveQueue(),), Place(call_sid, round_.turn))


def exit_queue(
    connection: Connection, moment: Moment, how: QueueExit | None
) -> LeftQueue | Enqueue | Offer:
    """What leaving the carrier's queue means: an accepted offer, more waiting, or an exit.

    `how` is None when the carrier was told to fetch the turn directly.
    """
    call_sid = moment.call.call_sid
    match how:
        case QueueExit.ABANDONED:
            return LeftQueue("abandoned")
        case QueueExit.FULL:
            return LeftQueue("full")
        case QueueExit.ERROR:
            return LeftQueue("error")
        case _:
            pass
    queued = live_queued_call(connection, call_sid)
    if queued is None:
        return LeftQueue("message" if moment.session.leaving else "overflow")
    accepted = live_offer_of_call(connection, call_sid)
    if queued.state is QueuedState.ACCEPTED and accepted is not None:
        return accepted
    if _seconds_left(queued, moment) < SHORTEST_ROUND_SECONDS:
        _give_up(connection, moment, queued)
        return LeftQueue("overflow")
    return Enqueue(queued.queue)


def _go(connection: Connection, call_sid: str, now: datetime, why: str) -> None:
    """The caller stops waiting: a ringing technician's phone falls silent."""
    withdraw(connection, call_sid, now, why)
    leave_queue(connection, call_sid, now, why)


def _give_up(connection: Connection, moment: Moment, queued: QueuedCall) -> None:
    """The caller has waited as long as anybody may: people hear of it, and a message is asked."""
    call, now = moment.call, moment.now
    _go(connection, call.call_sid, now, "waited as long as anybody may")
    nobody_answered(connection, moment.configuration, call, queued, now)


def _seconds_left(queued: QueuedCall, moment: Moment) -> int:
    """How long this caller may still wait: the longest wait, and the grace when hours end (A7)."""
    timers, decision = moment.configuration.timers, moment.session.decision
    longest = moment.configuration.longest_wait_seconds(queued.queue)
    until = queued.entered + timedelta(seconds=longest)
    if decision is not None and decision.next_change is not None:
        # One who comes back from a room after hours has ended has the whole grace, too.
        closing = max(decision.next_change, queued.entered)
        until = min(until, closing + timedelta(seconds=timers.grace_seconds))
    return int((until - moment.now).total_seconds())
