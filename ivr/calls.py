"""A call, one turn at a time: load it, advance its flow, keep what happened, answer.

A turn reads without a lock, asks the flow (and through it the help desk) what comes next, and
writes everything in one transaction that is a compare-and-set on the call. A repeated request is
answered from what was stored, byte for byte; of two that overlap, one writes and both get its
answer. Commit first, then answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from callflows.events import Event, Keyed, LeftQueue, MessageTaken, Silence, TransferEnded
from callflows.interpreter import Turn, World, advance, begin
from callflows.model import Ending
from callflows.packing import pack
from callflows.verbs import Enqueue, Hangup, TakeMessage, Transfer, spoken
from ivr import journal, sent_on, throttle
from ivr.acd.handovers import Handover, open_handover
from ivr.acd.offers import Offer
from ivr.acd.paging import page_on_call
from ivr.acd.queue import leave_queue, put_in_queue
from ivr.call_records import (
    Call,
    CallChanged,
    add_call,
    change_call,
    find_call,
    keep_answer,
    latest_answer,
    stored_answer,
)
from ivr.callback_requests import request_in_call
from ivr.conversations import announce
from ivr.documents import Documents, Place
from ivr.endings import close_call
from ivr.journal import Happened
from ivr.publishing import live, load
from ivr.replies import Arrival, Reply
from ivr.services import Services
from ivr.store.calls import CallStage, Disposition
from ivr.store.engine import reading, writing
from ivr.ticket_notes import write_down
from ivr.voicemail import note_recording
from ivr.waiting import exit_queue
from ivr.world import Moment, asked_once, moment_of, needs_of, ticket_of, world_for
from routing.tickets import NotFound, Unavailable

# How often a turn is played again because the call changed while it was being played.
ATTEMPTS = 5


def arrive(services: Services, documents: Documents, arrival: Arrival) -> str:
    """A caller rings: the first document of a call. The same ringing again gets the same one."""
    now, call_sid = services.clock(), arrival.call_sid
    with reading(services.engine) as connection:
        stored = stored_answer(connection, call_sid, "0")
        if stored is not None:
            return stored
        published = live(connection)
        configuration = published.configuration
        throttled = throttle.is_throttled(connection, arrival.ani, configuration.throttle, now)
    line = configuration.line_for(arrival.dnis)
    find_ticket = asked_once(services.desk)
    world = world_for(configuration, line, (arrival.ani, now), now, find_ticket)
    turn = begin(configuration.flow, world)
    if throttled:
        turn = replace(turn, verbs=throttle.farewell(configuration.prompts, line))
    document = documents.turn(turn.verbs, Place(call_sid, 1, caller_id=line.number))
    session = turn.session.to_json()
    with writing(services.engine) as connection:
        if not keep_answer(connection, call_sid, "0", document, now):
            return stored_answer(connection, call_sid, "0") or document
        add_call(connection, _new_call(arrival, line.number, published.revision_id, session, now))
        told = {"dnis": arrival.dnis, "ani": arrival.ani, "line": line.number}
        revision = published.revision_id
        journal.write(connection, call_sid, Happened.ARRIVED, now, **told, revision=revision)
        _write_turn(connection, call_sid, 0, turn, now)
        if throttled:
            close_call(connection, call_sid, now, Disposition.THROTTLED)
    return document


def fall_back(
    connection: Connection, arrival: Arrival, now: datetime, incident: str, cause: str
) -> None:
    """The caller heard our apology. Even a call we never heard of before ends in a disposition."""
    call_sid = arrival.call_sid
    if find_call(connection, call_sid) is None:
        published = live(connection)
        line = published.configuration.line_for(arrival.dnis).number
        add_call(connection, _new_call(arrival, line, published.revision_id, "", now))
    journal.write(connection, call_sid, Happened.FAILED, now, incident=incident, cause=cause)
    close_call(connection, call_sid, now, Disposition.SYSTEM_FALLBACK)


def take_turn(
    services: Services, documents: Documents, call_sid: str, number: int, reply: Reply
) -> str:
    """The answer to turn `number`: the next document of the call.

    A repeated turn gets its stored document, a turn of a call that has ended the end, and one
    that is not this call's next is journalled and led back to where the call stands.
    """
    find_ticket = asked_once(services.desk)
    for _ in range(ATTEMPTS):
        with reading(services.engine) as connection:
            stored = stored_answer(connection, call_sid, str(number))
            if stored is not None:
                return stored
            seen = find_call(connection, call_sid)
            if seen is None or seen.stage is CallStage.ENDED:
                return documents.hangup()
            configuration = load(connection, seen.revision_id)
            handover = open_handover(connection, call_sid)
        if number != seen.turn:
            return _lead_back(services, documents, seen, number)
        moment = moment_of(seen, configuration, find_ticket, services.clock())
        try:
            if seen.stage is CallStage.QUEUED:
                return _leave_queue(services, documents, moment, reply)
            if handover is not None and seen.stage in {CallStage.BRIDGED, CallStage.TRANSFER}:
                return _send_on(services, documents, moment, handover, reply)
            return _go_on(services, documents, moment, reply)
        except CallChanged:
            continue
    raise RuntimeError(f"call {call_sid} changed {ATTEMPTS} times during one turn")


def _go_on(services: Services, documents: Documents, moment: Moment, reply: Reply) -> str:
    """A turn of the flow. The help desk may be asked, so nothing is locked while it plays."""
    call_sid, event = moment.call.call_sid, _event(moment.call.stage, reply)
    turn = advance(moment.configuration.flow, moment.session, event, moment.world)
    with writing(services.engine) as connection:
        if reply.recording_sid is not None:
            seconds = reply.recording_seconds or 0
            note_recording(connection, call_sid, reply.recording_sid, seconds, moment.now)
        return _keep(connection, documents, moment, turn)


def _send_on(
    services: Services, documents: Documents, moment: Moment, handover: Handover, reply: Reply
) -> str:
    """A technician has sent the caller on, or has been lost."""
    call, answered = moment.call, reply.dial_answered
    with writing(services.engine) as connection:
        onward = sent_on.go_on(connection, moment, handover, answered=answered)
        place = Place(call.call_sid, call.turn + 1, caller_id=call.line)
        document = documents.turn(onward.verbs, place)
        _keep_document(connection, moment, document, onward.changes)
        if onward.ending is not None:
            close_call(connection, call.call_sid, moment.now, onward.ending)
        return document


def _leave_queue(services: Services, documents: Documents, moment: Moment, reply: Reply) -> str:
    """The caller comes out of the queue: into a room, back into the queue, or on in the flow."""
    call_sid, now = moment.call.call_sid, moment.now
    with writing(services.engine) as connection:
        match exit_queue(connection, moment, reply.queue_exit):
            case LeftQueue() as event:
                leave_queue(connection, call_sid, now, event.result)
                turn = advance(moment.configuration.flow, moment.session, event, moment.world)
                return _keep(connection, documents, moment, turn)
            case Enqueue() as again:
                document = documents.turn((again,), Place(call_sid, moment.call.turn + 1))
                changes: dict[str, object] = {}
            case Offer() as accepted:
                announced = announce(connection, accepted, now)
                document = documents.room(call_sid, accepted.id, moment.call.turn + 1, announced)
                leave_queue(connection, call_sid, now, "accepted")
                bridged = {"technician": accepted.technician_id, "offer": accepted.id}
                journal.write(connection, call_sid, Happened.BRIDGED, now, **bridged)
                changes = {"stage": CallStage.BRIDGED, "technician_id": accepted.technician_id}
        _keep_document(connection, moment, document, changes)
        return document


def _keep(connection: Connection, documents: Documents, moment: Moment, turn: Turn) -> str:
    """Write down one turn of the flow and everything that follows from it; returns its document."""
    call, now, session = moment.call, moment.now, turn.session
    place = Place(call.call_sid, call.turn + 1, caller_id=call.line)
    document = documents.turn(turn.verbs, place)
    facts = {"session": session.to_json(), **_facts(turn, moment.world)}
    _keep_document(connection, moment, document, facts)
    if isinstance(turn.looked_up, NotFound):
        throttle.count_wrong_number(connection, call.ani, call.call_sid, now)
    _write_turn(connection, call.call_sid, call.turn, turn, now)
    if turn.pages:
        page_on_call(connection, moment.configuration, call, session.keyed or "", now)
    match turn.verbs[-1]:
        case Enqueue(queue):
            needs, rules = needs_of(session, moment.world.line), moment.configuration.matching
            put_in_queue(connection, call.call_sid, queue, needs, rules, now)
        case Hangup():
            if turn.ending is Ending.CALLBACK:
                request_in_call(connection, moment, session)
            ending = None if turn.ending is None else Disposition(turn.ending.value)
            close_call(connection, call.call_sid, now, ending)
        case _:
            pass
    return document


def _keep_document(
    connection: Connection, moment: Moment, document: str, changes: Mapping[str, object]
) -> None:
    """The answer to this turn, and the call one turn further; raises CallChanged if it moved."""
    call = moment.call
    changed = change_call(connection, call, moment.now, turn=call.turn + 1, **changes)
    step = str(call.turn)
    if not (changed and keep_answer(connection, call.call_sid, step, document, moment.now)):
        raise CallChanged


def _facts(turn: Turn, world: World) -> dict[str, object]:
    """The columns of a call that a turn settles."""
    session, ticket = turn.session, ticket_of(turn.session)
    facts: dict[str, object] = {"queue": session.queue}
    match turn.verbs[-1]:
        case Enqueue():
            facts["stage"] = CallStage.QUEUED
        case TakeMessage():
            facts["stage"] = CallStage.MESSAGE
        case Transfer():
            facts["stage"] = CallStage.TRANSFER
        case _:
            facts["stage"] = CallStage.MENU
    if ticket is not None:
        facts["ticket"] = ticket.number
    elif isinstance(session.desk, Unavailable):
        facts["ticket"] = session.keyed
    if session.decision is not None:
        facts |= {"outcome": session.decision.outcome.value, "rule": session.decision.rule}
        facts["severity"] = session.decision.severity
        if session.queue is None:
            facts["queue"] = world.choose_queue(session.decision, ticket)
    return facts


def _event(stage: CallStage, reply: Reply) -> Event:
    """What the reply means where the call stands."""
    match stage:
        case CallStage.MESSAGE:
            return MessageTaken(reply.recording_seconds or 0)
        case CallStage.TRANSFER:
            return TransferEnded(bool(reply.dial_answered))
        case CallStage.BRIDGED:
            return LeftQueue("bridged")
        case _:
            return Silence() if reply.keys is None else Keyed(reply.keys)


def _lead_back(services: Services, documents: Documents, seen: Call, number: int) -> str:
    """A turn that is not this call's next changes nothing; the caller hears where they stand."""
    now = services.clock()
    with writing(services.engine) as connection:
        told = {"turn": number, "expected": seen.turn}
        journal.write(connection, seen.call_sid, Happened.IGNORED, now, **told)
        return latest_answer(connection, seen.call_sid) or documents.hangup()


def _write_turn(
    connection: Connection, call_sid: str, number: int, turn: Turn, now: datetime
) -> None:
    """The journal of one turn: what was heard, what the desk said, what was decided and why."""
    nodes, heard = list(turn.visited), spoken(turn.verbs)
    journal.write(connection, call_sid, Happened.TURN, now, turn=number, nodes=nodes, heard=heard)
    if turn.looked_up is not None:
        answer = type(turn.looked_up).__name__
        keyed = turn.session.keyed
        journal.write(connection, call_sid, Happened.LOOKED_UP, now, keyed=keyed, answer=answer)
    if turn.decided is not None:
        journal.write(connection, call_sid, Happened.DECIDED, now, **pack(turn.decided))
    write_down(connection, call_sid, turn, now)


def _new_call(arrival: Arrival, line: str, revision: int, session: str, now: datetime) -> Call:
    return Call(
        call_sid=arrival.call_sid,
        dnis=arrival.dnis,
        ani=arrival.ani,
        line=line,
        revision_id=revision,
        stage=CallStage.MENU,
        arrived_at=now,
        ended_at=None,
        turn=1,
        version=0,
        session=session,
        ticket=None,
        severity=None,
        outcome=None,
        rule=None,
        queue=None,
        technician_id=None,
    )
