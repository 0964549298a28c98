"""Voicemail: a message is the carrier's until its bytes are on our disk, checked and synced.

The steps of a message, each a row's `due_at`: fetch (to a temporary file, checksum, fsync, rename,
fsync of the folder), then, a day later, read it back and compare the checksum, then delete the
carrier's copy. Whatever fails is tried again; nothing is deleted there before it is certain here.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, Row, select, update

from ivr import journal
from ivr.alarms import raise_alarm
from ivr.call_records import Call, find_call
from ivr.journal import Happened
from ivr.mail import post_mail
from ivr.publishing import load
from ivr.store.engine import reading, writing
from ivr.store.messages import VoicemailState, voicemail
from ivr.store.statements import insert_once
from ivr.telephony import CarrierBusy, CarrierRefused, CarrierUnreachable, Telephony
from routing.queues import QueuePlan

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
ALARM_AFTER = timedelta(minutes=15)
VERIFY_AFTER = timedelta(hours=24)
LEASE = timedelta(minutes=2)
# A message of five minutes is under 5 MB; anything far above that is not one of our recordings.
MAX_BYTES = 64 * 1024 * 1024
WAV_HEADER_BYTES = 44
BATCH = 5


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


def keep_due_voicemail(engine: Engine, telephony: Telephony, folder: Path, now: datetime) -> int:
    """Take the next step of every message whose time has come; returns how many were handled."""
    with reading(engine) as connection:
        query = select(voicemail).where(voicemail.c.due_at <= now).order_by(voicemail.c.due_at)
        due = [_voicemail(row) for row in connection.execute(query.limit(BATCH))]
    handled = 0
    for message in due:
        if not _claim(engine, message, now):
            continue
        handled += 1
        match message.state:
            case VoicemailState.AT_CARRIER:
                _fetch(engine, telephony, folder, message, now)
            case VoicemailState.STORED:
                _verify(engine, telephony, folder, message, now)
            case VoicemailState.VERIFIED | VoicemailState.LOST:
                _set(engine, message, due_at=None)
    return handled


def _claim(engine: Engine, message: Voicemail, now: datetime) -> bool:
    with writing(engine) as connection:
        claimed = connection.execute(
            update(voicemail)
            .where(
                voicemail.c.id == message.id,
                voicemail.c.attempts == message.attempts,
                voicemail.c.due_at <= now,
            )
            .values(attempts=message.attempts + 1, due_at=now + LEASE)
        )
        return claimed.rowcount == 1


def _fetch(
    engine: Engine, telephony: Telephony, folder: Path, message: Voicemail, now: datetime
) -> None:
    name = f"{message.recording_sid}.wav"
    try:
        sha256, size = _write_durably(
            folder / name, telephony.recording_sound(message.recording_sid)
        )
    except (CarrierUnreachable, CarrierRefused, CarrierBusy, OSError) as error:
        _try_later(engine, message, str(error), now)
        return
    with writing(engine) as connection:
        connection.execute(
            update(voicemail)
            .where(voicemail.c.id == message.id)
            .values(
                state=VoicemailState.STORED,
                file=name,
                sha256=sha256,
                size_bytes=size,
                stored_at=now,
                attempts=0,
                due_at=now + VERIFY_AFTER,
            )
        )
        journal.write(
            connection, message.call_sid, Happened.STORED, now, voicemail=message.id, sha256=sha256
        )
        _tell_the_queue(connection, message, now)


def _try_later(engine: Engine, message: Voicemail, why: str, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts, 10), LONGEST_PAUSE)
    _set(engine, message, due_at=now + pause)
    if now - message.recorded_at >= ALARM_AFTER:
        sentence = f"Voicemail {message.id} could not be fetched from the carrier yet: {why}"
        with writing(engine) as connection:
            raise_alarm(connection, f"voicemail:{message.id}", sentence, now)


def _verify(
    engine: Engine, telephony: Telephony, folder: Path, message: Voicemail, now: datetime
) -> None:
    """Read our copy back; only if it is what was fetched may the carrier delete its own."""
    try:
        with (folder / str(message.file)).open("rb") as kept:
            intact = hashlib.file_digest(kept, "sha256").hexdigest() == message.sha256
    except OSError:
        intact = False
    if not intact:
        _set(engine, message, state=VoicemailState.AT_CARRIER, attempts=0, due_at=now)
        with writing(engine) as connection:
            sentence = f"Voicemail {message.id} is damaged on disk and is being fetched again."
            raise_alarm(connection, f"voicemail:{message.id}", sentence, now)
        return
    try:
        telephony.delete_recording(message.recording_sid)
    except CarrierRefused:
        pass  # It is gone there already.
    except (CarrierBusy, CarrierUnreachable):
        _set(engine, message, due_at=now + LONGEST_PAUSE)
        return
    _set(engine, message, state=VoicemailState.VERIFIED, due_at=None, deleted_at_carrier_at=now)


def _set(engine: Engine, message: Voicemail, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(update(voicemail).where(voicemail.c.id == message.id).values(**values))


def _write_durably(path: Path, sound: Iterator[bytes]) -> tuple[str, int]:
    """Write a file that is either whole or not there; returns its SHA-256 and its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    with temporary.open("wb") as file:
        for piece in sound:
            size += len(piece)
            if size > MAX_BYTES:
                raise OSError("the recording is larger than any message can be")
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if size <= WAV_HEADER_BYTES or not _is_whole_wav(temporary, size):
        raise OSError("the recording came incomplete")
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest.hexdigest(), size


def _is_whole_wav(path: Path, size: int) -> bool:
    """A WAV says its own length in its first bytes; a short body does not reach it."""
    with path.open("rb") as file:
        head = file.read(8)
    if not head.startswith(b"RIFF"):
        return False
    return size >= int.from_bytes(head[4:8], "little") + 8


def _tell_the_queue(connection: Connection, message: Voicemail, now: datetime) -> None:
    call = find_call(connection, message.call_sid)
    if call is None or call.queue is None:
        return
    configuration = load(connection, call.revision_id)
    if message.seconds < configuration.voicemail.min_seconds:
        return
    post_mail(
        connection,
        f"voicemail:{message.id}",
        _people_of(configuration.plan, call.queue),
        f"Voicemail for ticket {call.ticket or 'unknown'} (severity {call.severity or 'unknown'})",
        _letter(call, message),
        now,
    )


def _people_of(plan: QueuePlan, name: str) -> tuple[str, ...]:
    return next((queue.notify for queue in plan.queues if queue.name == name), ())


def _letter(call: Call, message: Voicemail) -> str:
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
