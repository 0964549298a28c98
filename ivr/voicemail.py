"""Voicemail: a message is the carrier's until its bytes are on our disk (see recordings.py)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from ivr import journal
from ivr.call_records import Call, find_call
from ivr.journal import Happened
from ivr.mail import post_mail
from ivr.publishing import load
from ivr.recordings import Recording, Shelf
from ivr.store.messages import VoicemailState, voicemail
from ivr.store.statements import insert_once


@dataclass(frozen=True)
class Voicemail:
    """A message as people see it. `file` is below the instance's recordings folder, once stored."""

    id: int
    recording_sid: str
    call_sid: str
    ticket: str | None
    queue: str | None
    seconds: int
    state: VoicemailState
    recorded_at: datetime
    attempts: int
    file: str | None
    sha256: str | None
    size_bytes: int | None


def note_recording(
    connection: Connection, call_sid: str, recording_sid: str, seconds: int, now: datetime
) -> bool:
    """A recording exists at the carrier: ours to fetch from now on. False if it is known.

    One without any sound is no message.
    """
    call = find_call(connection, call_sid)
    if call is None or seconds <= 0:
        return False
    new = insert_once(
        connection,
        voicemail,
        {
            "recording_sid": recording_sid,
            "call_sid": call_sid,
            "ticket": call.ticket,
            "queue": call.queue,
            "seconds": seconds,
            "state": VoicemailState.AT_CARRIER,
            "recorded_at": now,
            "attempts": 0,
            "due_at": now,
        },
    )
    if new:
        journal.write(
            connection, call_sid, Happened.RECORDED, now, recording=recording_sid, seconds=seconds
        )
        return True
    # The first word of a recording may come before its final length is known.
    connection.execute(
        update(voicemail)
        .where(voicemail.c.recording_sid == recording_sid, voicemail.c.seconds < seconds)
        .values(seconds=seconds)
    )
    return False


def list_voicemail(connection: Connection) -> list[Voicemail]:
    """Every message, newest first."""
    query = select(voicemail).order_by(voicemail.c.recorded_at.desc(), voicemail.c.id.desc())
    return [_voicemail(row) for row in connection.execute(query)]


def find_voicemail(connection: Connection, voicemail_id: int) -> Voicemail | None:
    row = connection.execute(select(voicemail).where(voicemail.c.id == voicemail_id)).first()
    return None if row is None else _voicemail(row)


def _stored(connection: Connection, message: Recording, now: datetime) -> None:
    """The message is ours: the journal says so, and the people of its queue are told."""
    told = {"voicemail": message.id, "sha256": message.sha256}
    journal.write(connection, message.call_sid, Happened.STORED, now, **told)
    call = find_call(connection, message.call_sid)
    if call is None or call.queue is None:
        return
    configuration = load(connection, call.revision_id)
    if message.seconds < configuration.voicemail.min_seconds:
        return
    post_mail(
        connection,
        f"voicemail:{message.id}",
        configuration.plan.notify(call.queue),
        f"Voicemail for ticket {call.ticket or 'unknown'} (severity {call.severity or 'unknown'})",
        _letter(call, message),
        now,
    )


def _letter(call: Call, message: Recording) -> str:
    return (
        f"A caller left a message of {message.seconds} seconds.\n\n"
        f"Ticket:   {call.ticket or 'unknown'}\n"
        f"Severity: {call.severity or 'unknown'}\n"
        f"Queue:    {call.queue}\n"
        f"Received: {message.recorded_at:%Y-%m-%d %H:%M:%S} UTC\n"
        f"Caller:   {f'…{call.ani[-4:]}' if call.ani else 'number withheld'}\n\n"
        f"Listen:   ivr voicemail fetch {message.id} message-{message.id}.wav\n"
        f"Story:    ivr story {call.call_sid}\n"
    )


def _voicemail(row: Row[tuple[object, ...]]) -> Voicemail:
    return Voicemail(**{name: getattr(row, name) for name in Voicemail.__dataclass_fields__})


VOICEMAIL = Shelf(table=voicemail, name="Voicemail", stored=_stored)
