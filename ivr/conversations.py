"""Conversations: recorded only where it is configured, and only once the caller has heard it (I13).

The caller's document for the room says so and then records, in one; a room that is recorded does
not start before that document brings the caller in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, Row, select

from callflows.session import Session
from callflows.verbs import Say
from ivr import journal
from ivr.acd import outbox
from ivr.acd.offers import Offer, find_offer
from ivr.acd.partings import queue_of
from ivr.acd.rooms import room_name
from ivr.call_records import Call, find_call
from ivr.configuration import Configuration
from ivr.journal import Happened
from ivr.publishing import load
from ivr.recordings import Recording, Shelf
from ivr.store.calls import journal as journal_table
from ivr.store.engine import reading, writing
from ivr.store.messages import VoicemailState, conversation
from ivr.store.statements import insert_once
from ivr.telephony import Telephony
from ivr.violations import Violation

ANNOUNCEMENT = "conversation_recorded"
FIND_RECORDINGS = "find_recordings"
ASK_AFTER = timedelta(seconds=60)
# Between the carrier's seconds, which are whole ones, and ours.
CLOCK_SLACK = timedelta(seconds=2)
FETCH_WITHIN = timedelta(minutes=15)
# Two hours of sound, with room to spare.
MOST_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Conversation:
    """A recorded conversation as people see it. Once erased it has no `file` any more."""

    id: int
    recording_sid: str
    call_sid: str
    seconds: int
    state: VoicemailState
    recorded_at: datetime
    keep_until: datetime
    erased_at: datetime | None
    file: str | None
    sha256: str | None
    size_bytes: int | None


def is_recorded(connection: Connection, found: Offer) -> bool:
    """Whether the room of this offer is recorded, by the revision its call began with."""
    call = find_call(connection, found.call_sid)
    return call is not None and _covers(connection, call, found)


def announce(connection: Connection, found: Offer, now: datetime) -> list[Say]:
    """What the caller must hear before this room is recorded; nothing where it is not.

    The journal says that it was said.
    """
    call = find_call(connection, found.call_sid)
    if call is None or not _covers(connection, call, found):
        return []
    configuration = load(connection, call.revision_id)
    journal.write(connection, call.call_sid, Happened.RECORDING_ANNOUNCED, now, offer=found.id)
    return [_announcement(call, configuration)]


def note(
    connection: Connection, found: Offer, recording_sid: str, seconds: int, now: datetime
) -> None:
    """A recording of this room exists at the carrier: ours to fetch from now on."""
    call = find_call(connection, found.call_sid)
    if call is None or seconds <= 0:
        return
    days = load(connection, call.revision_id).conversation_recording.keep_days
    values = {
        "recording_sid": recording_sid,
        "call_sid": found.call_sid,
        "offer_id": found.id,
        "seconds": seconds,
        "state": VoicemailState.AT_CARRIER,
        "recorded_at": now,
        "attempts": 0,
        "due_at": now,
        "keep_until": now + timedelta(days=days),
    }
    if insert_once(connection, conversation, values):
        told = {"recording": recording_sid, "seconds": seconds, "offer": found.id}
        journal.write(connection, found.call_sid, Happened.CONVERSATION_RECORDED, now, **told)


def look_for_recordings(connection: Connection, call_sid: str, now: datetime) -> None:
    """A call is over: should the carrier not tell of its recordings, it is asked for them."""
    if _announced(connection, call_sid):
        after = ASK_AFTER.total_seconds()
        outbox.post(connection, FIND_RECORDINGS, call_sid, now, after_seconds=after)


def note_what_is_there(engine: Engine, telephony: Telephony, call_sid: str, now: datetime) -> None:
    """Ask the carrier for the recordings of a call's rooms; raises what the carrier raises."""
    with reading(engine) as connection:
        rooms = list(_announced(connection, call_sid))
    for offer_id in rooms:
        recordings = telephony.recordings_of_room(room_name(offer_id))
        with writing(engine) as connection:
            found = find_offer(connection, offer_id)
            for each in recordings if found is not None else []:
                assert found is not None
                note(connection, found, each.sid, each.seconds, now)


def _announced(connection: Connection, call_sid: str) -> dict[str, datetime]:
    """The rooms (offers) of a call for which it was announced, and when."""
    told = select(journal_table.c.at, journal_table.c.detail).where(
        journal_table.c.call_sid == call_sid,
        journal_table.c.what == Happened.RECORDING_ANNOUNCED.value,
    )
    return {str(row.detail["offer"]): row.at for row in connection.execute(told)}


def list_conversations(connection: Connection) -> list[Conversation]:
    """Every recorded conversation, newest first."""
    query = select(conversation).order_by(
        conversation.c.recorded_at.desc(), conversation.c.id.desc()
    )
    return [_conversation(row) for row in connection.execute(query)]


def find_conversation(connection: Connection, conversation_id: int) -> Conversation | None:
    query = select(conversation).where(conversation.c.id == conversation_id)
    row = connection.execute(query).first()
    return None if row is None else _conversation(row)


def conversation_violations(
    connection: Connection, recordings: Path, now: datetime
) -> Iterator[Violation]:
    """Recordings whose caller had not heard of it (I13), or that we did not get, or lost (I5)."""
    for row in connection.execute(select(conversation)).all():
        began = row.recorded_at - timedelta(seconds=row.seconds)
        heard = _announced(connection, row.call_sid).get(row.offer_id)
        if heard is None or heard > began + CLOCK_SLACK:
            yield Violation("I13", row.recording_sid, "Recorded before it was announced.")
        if row.state is VoicemailState.AT_CARRIER and now - row.recorded_at > FETCH_WITHIN:
            yield Violation("I5", row.recording_sid, "The conversation has not been fetched.")
        if row.file is not None and not (recordings / row.file).is_file():
            yield Violation("I5", row.recording_sid, f"The file {row.file} is not there.")


def _covers(connection: Connection, call: Call, found: Offer) -> bool:
    configuration = load(connection, call.revision_id)
    region = configuration.line_for(call.dnis).region.name
    return configuration.conversation_recording.covers(queue_of(connection, found), region)


def _announcement(call: Call, configuration: Configuration) -> Say:
    region, prompts = configuration.line_for(call.dnis).region, configuration.prompts
    wanted = Session.from_json(call.session).language if call.session else region.language
    language = prompts.language_of(wanted, ANNOUNCEMENT)
    own = language == region.language
    voice = region.voice if own else configuration.voices.get(language, "")
    return Say(prompts.text(language, ANNOUNCEMENT), language, voice)


def _stored(connection: Connection, kept: Recording, now: datetime) -> None:
    told = {"conversation": kept.id, "sha256": kept.sha256}
    journal.write(connection, kept.call_sid, Happened.CONVERSATION_STORED, now, **told)


def _conversation(row: Row[tuple[object, ...]]) -> Conversation:
    return Conversation(**{name: getattr(row, name) for name in Conversation.__dataclass_fields__})


CONVERSATIONS = Shelf(conversation, "Conversation", _stored, MOST_BYTES, erases=True)
