"""Verification: the invariants of the service, asked of its own database.

Each check is one question with the violations as its answer; `ivr verify` asks them all, and so
does the test suite after every call.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from sqlalchemy import Connection, func, select

from callflows.session import Session
from ivr.acd.guests import RING_GUEST
from ivr.acd.offers import RING
from ivr.acd.phone_checks import CHECK
from ivr.callback_verification import callback_violations
from ivr.configuration import Configuration
from ivr.conversations import conversation_violations
from ivr.publishing import load
from ivr.store.acd import OfferState, QueuedState, offer, outbox, queued_call
from ivr.store.calls import INBOUND, CallStage, answer, call, disposition
from ivr.store.messages import VoicemailState, voicemail
from ivr.store.phone_checks import phone_check
from ivr.store.rooms import guest
from ivr.store.technicians import TechnicianState, technician
from ivr.violations import Violation
from routing.calendars import wall_time
from routing.tickets import Found, Unavailable

LONGEST_CALL = timedelta(hours=4, minutes=30)
LARGEST_DOCUMENT = 16 * 1024
FETCH_WITHIN = timedelta(minutes=15)


def violations(connection: Connection, recordings: Path, now: datetime) -> list[Violation]:
    """Every violation there is; an empty list is what should be seen."""
    return [
        *_one_disposition_per_call(connection, now),
        *_one_live_offer(connection),
        *_one_ringing_per_offer(connection),
        *callback_violations(connection),
        *_messages_are_kept(connection, recordings, now),
        *conversation_violations(connection, recordings, now),
        *_admitted_by_the_rules(connection),
        *_states_agree(connection),
        *_documents_are_sound(connection),
    ]


def _one_disposition_per_call(connection: Connection, now: datetime) -> Iterator[Violation]:
    ended = select(call.c.call_sid, call.c.stage, call.c.arrived_at, disposition.c.disposition)
    ended = ended.where(call.c.direction == INBOUND)
    for row in connection.execute(ended.outerjoin(disposition)):
        is_over = row.stage is CallStage.ENDED
        if is_over and row.disposition is None:
            yield Violation("I2", row.call_sid, "The call has ended without a disposition.")
        if not is_over and row.disposition is not None:
            yield Violation("I2", row.call_sid, "The call has a disposition but has not ended.")
        if not is_over and now - row.arrived_at > LONGEST_CALL:
            yield Violation("I2", row.call_sid, f"The call has been live since {row.arrived_at}.")


def _one_live_offer(connection: Connection) -> Iterator[Violation]:
    for column, whose in ((offer.c.technician_id, "technician"), (offer.c.call_sid, "call")):
        query = select(column, func.count()).where(offer.c.live).group_by(column)
        for subject, count in connection.execute(query.having(func.count() > 1)):
            yield Violation("I3", str(subject), f"This {whose} has {count} live offers.")


def _one_ringing_per_offer(connection: Connection) -> Iterator[Violation]:
    """An offer rings one telephone once, and so do a guest and a check."""
    for kind, rung, whose in (
        (RING, offer.c.id, "offer"),
        (RING_GUEST, guest.c.id, "guest"),
        (CHECK, phone_check.c.id, "check"),
    ):
        rings = (
            select(outbox.c.subject, func.count().label("rings"))
            .where(outbox.c.kind == kind)
            .group_by(outbox.c.subject)
            .subquery()
        )
        query = select(rung.label("id"), rings.c.rings)
        query = query.outerjoin(rings, rings.c.subject == rung)
        for row in connection.execute(query.where(func.coalesce(rings.c.rings, 0) != 1)):
            detail = f"The {whose} has {row.rings or 0} requests to ring, not one."
            yield Violation("I4", row.id, detail)


def _messages_are_kept(
    connection: Connection, recordings: Path, now: datetime
) -> Iterator[Violation]:
    for row in connection.execute(select(voicemail)):
        subject = str(row.recording_sid)
        if row.state is VoicemailState.AT_CARRIER and now - row.recorded_at > FETCH_WITHIN:
            yield Violation("I5", subject, "The message has not been fetched from the carrier.")
        if row.file is not None and not (recordings / row.file).is_file():
            yield Violation("I5", subject, f"The message's file {row.file} is not there.")


def _admitted_by_the_rules(connection: Connection) -> Iterator[Violation]:
    queued = select(call).where(
        call.c.call_sid.in_(select(queued_call.c.call_sid)) | call.c.technician_id.is_not(None)
    )
    for row in connection.execute(queued).all():
        session = Session.from_json(row.session)
        if not isinstance(session.desk, Found | Unavailable):
            yield Violation("I7", row.call_sid, "Queued without a ticket from the help desk.")
            continue
        configuration = load(connection, row.revision_id)
        if _needs_severity_1(configuration, session, row.line, row.arrived_at):
            confirmed = isinstance(session.desk, Found)
            if not confirmed or row.severity != 1:
                detail = "Queued in the weekend window, outside local hours, without Severity 1."
                yield Violation("I6", row.call_sid, detail)


def _needs_severity_1(
    configuration: Configuration, session: Session, line: str, arrived_at: datetime
) -> bool:
    """Whether the caller came in the weekend window and outside their own support hours."""
    decision = session.decision
    if decision is None:
        return True
    rules = configuration.line_for(line).rules
    in_hours = rules.hours.timetable().covers(wall_time(arrived_at, decision.zone))
    window = rules.weekend.timetable().covers(wall_time(arrived_at, rules.weekend.zone))
    return window and not in_hours


def _states_agree(connection: Connection) -> Iterator[Violation]:
    live = select(offer.c.technician_id, offer.c.state).where(offer.c.live)
    held = {row.technician_id: row.state for row in connection.execute(live)}
    wanted = {
        OfferState.PENDING: TechnicianState.RESERVED,
        OfferState.ACCEPTED: TechnicianState.ON_CALL,
    }
    for row in connection.execute(select(technician.c.id, technician.c.email, technician.c.state)):
        state = held.get(row.id)
        busy = row.state in {TechnicianState.RESERVED, TechnicianState.ON_CALL}
        if busy and state is None:
            yield Violation("I3", row.email, f"The technician is {row.state} without an offer.")
        if state is not None and row.state is not wanted.get(state):
            detail = f"The technician is {row.state} with an offer that is {state}."
            yield Violation("I3", row.email, detail)
    left = (
        select(queued_call.c.call_sid)
        .join(call)
        .where(queued_call.c.state != QueuedState.LEFT, call.c.stage == CallStage.ENDED)
    )
    for (call_sid,) in connection.execute(left):
        yield Violation("I2", call_sid, "The call has ended but still waits in a queue.")


def _documents_are_sound(connection: Connection) -> Iterator[Violation]:
    for row in connection.execute(select(answer.c.leg_sid, answer.c.step, answer.c.document)):
        subject = f"{row.leg_sid}/{row.step}"
        if len(row.document.encode()) > LARGEST_DOCUMENT:
            yield Violation("I11", subject, "The document is larger than 16 kB.")
        try:
            root = ElementTree.fromstring(row.document)
        except ElementTree.ParseError as error:
            yield Violation("I11", subject, f"The document is not XML: {error}.")
            continue
        if root.tag != "Response" or len(root) == 0:
            yield Violation("I11", subject, "The document tells the carrier nothing.")
