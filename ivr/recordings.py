"""Recordings: whatever was recorded is the carrier's until its bytes are on our disk, and synced.

The steps of a recording, each a row's `due_at`: fetch (to a temporary file, checksum, fsync,
rename, fsync of the folder), then, a day later, read it back and compare the checksum, then delete
the carrier's copy. Whatever fails is tried again; nothing is deleted there before it is certain
here. What is kept for a time only is deleted here when that is over.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, Row, Table, select, update

from ivr.alarms import raise_alarm
from ivr.store.engine import reading, writing
from ivr.store.messages import VoicemailState
from ivr.telephony import CarrierBusy, CarrierRefused, CarrierUnreachable, Telephony

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
ALARM_AFTER = timedelta(minutes=15)
VERIFY_AFTER = timedelta(hours=24)
LEASE = timedelta(minutes=2)
WAV_HEADER_BYTES = 44
BATCH = 5


@dataclass(frozen=True)
class Recording:
    """One recording on its way to us. `file` is below the recordings folder, once stored."""

    id: int
    recording_sid: str
    call_sid: str
    seconds: int
    state: VoicemailState
    recorded_at: datetime
    attempts: int
    file: str | None
    sha256: str | None


@dataclass(frozen=True)
class Shelf:
    """One kind of recording: its table, what it is called, and what follows when it is stored.

    No file of this kind is larger than `most_bytes`. With `erases`, the rows say until when they
    are kept (`keep_until`, `erased_at`).
    """

    table: Table
    name: str
    stored: Callable[[Connection, Recording, datetime], None]
    # A message of five minutes is under 5 MB; anything far above that is not one of ours.
    most_bytes: int = 64 * 1024 * 1024
    erases: bool = False


@dataclass(frozen=True)
class Keeper:
    """Brings the recordings of one shelf from the carrier into a folder, and sees to them there."""

    shelf: Shelf
    engine: Engine
    telephony: Telephony
    folder: Path

    def do_what_is_due(self, now: datetime) -> int:
        """Take the next step of whatever is due; returns how many recordings there were."""
        table = self.shelf.table
        with reading(self.engine) as connection:
            query = select(table).where(table.c.due_at <= now).order_by(table.c.due_at)
            due = [_recording(row) for row in connection.execute(query.limit(BATCH))]
        handled = 0
        for recording in due:
            if not self._claim(recording, now):
                continue
            handled += 1
            match recording.state:
                case VoicemailState.AT_CARRIER:
                    self._fetch(recording, now)
                case VoicemailState.STORED:
                    self._verify(recording, now)
                case VoicemailState.VERIFIED if self.shelf.erases and recording.file is not None:
                    self._erase(recording, now)
                case VoicemailState.VERIFIED | VoicemailState.LOST:
                    self._set(recording, due_at=None)
        return handled

    def _claim(self, recording: Recording, now: datetime) -> bool:
        table = self.shelf.table
        with writing(self.engine) as connection:
            claimed = connection.execute(
                update(table)
                .where(
                    table.c.id == recording.id,
                    table.c.attempts == recording.attempts,
                    table.c.due_at <= now,
                )
                .values(attempts=recording.attempts + 1, due_at=now + LEASE)
            )
            return claimed.rowcount == 1

    def _fetch(self, recording: Recording, now: datetime) -> None:
        name, table = f"{recording.recording_sid}.wav", self.shelf.table
        try:
            sound = self.telephony.recording_sound(recording.recording_sid)
            sha256, size = _write_durably(self.folder / name, sound, self.shelf.most_bytes)
        except (CarrierUnreachable, CarrierRefused, CarrierBusy, OSError) as error:
            self._try_later(recording, str(error), now)
            return
        kept = {
            "state": VoicemailState.STORED,
            "file": name,
            "sha256": sha256,
            "size_bytes": size,
            "stored_at": now,
            "attempts": 0,
            "due_at": now + VERIFY_AFTER,
        }
        with writing(self.engine) as connection:
            connection.execute(update(table).where(table.c.id == recording.id).values(**kept))
            self.shelf.stored(connection, replace(recording, file=name, sha256=sha256), now)

    def _try_later(self, recording: Recording, why: str, now: datetime) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(recording.attempts, 10), LONGEST_PAUSE)
        self._set(recording, due_at=now + pause)
        if now - recording.recorded_at >= ALARM_AFTER:
            self._alarm(recording, f"could not be fetched from the carrier yet: {why}", now)

    def _verify(self, recording: Recording, now: datetime) -> None:
        """Read our copy back; only if it is what was fetched may the carrier delete its own."""
        try:
            with (self.folder / str(recording.file)).open("rb") as kept:
                intact = hashlib.file_digest(kept, "sha256").hexdigest() == recording.sha256
        except OSError:
            intact = False
        if not intact:
            self._set(recording, state=VoicemailState.AT_CARRIER, attempts=0, due_at=now)
            self._alarm(recording, "is damaged on disk and is being fetched again.", now)
            return
        try:
            self.telephony.delete_recording(recording.recording_sid)
        except CarrierRefused:
            pass  # It is gone there already.
        except (CarrierBusy, CarrierUnreachable):
            self._set(recording, due_at=now + LONGEST_PAUSE)
            return
        verified = VoicemailState.VERIFIED
        until = self._keep_until(recording)
        self._set(recording, state=verified, due_at=until, deleted_at_carrier_at=now)

    def _keep_until(self, recording: Recording) -> datetime | None:
        if not self.shelf.erases:
            return None
        table = self.shelf.table
        with reading(self.engine) as connection:
            query = select(table.c.keep_until).where(table.c.id == recording.id)
            until: datetime = connection.execute(query).scalar_one()
        return until

    def _erase(self, recording: Recording, now: datetime) -> None:
        """It has been kept as long as it may be; the row stays and says so."""
        (self.folder / str(recording.file)).unlink(missing_ok=True)
        self._set(recording, file=None, erased_at=now, due_at=None)

    def _alarm(self, recording: Recording, sentence: str, now: datetime) -> None:
        name = self.shelf.name
        with writing(self.engine) as connection:
            about = f"{name.lower()}:{recording.id}"
            raise_alarm(connection, about, f"{name} {recording.id} {sentence}", now)

    def _set(self, recording: Recording, **values: object) -> None:
        table = self.shelf.table
        with writing(self.engine) as connection:
            connection.execute(update(table).where(table.c.id == recording.id).values(**values))


def _write_durably(path: Path, sound: Iterator[bytes], most_bytes: int) -> tuple[str, int]:
    """Write a file that is either whole or not there; returns its SHA-256 and its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    with temporary.open("wb") as file:
        for piece in sound:
            size += len(piece)
            if size > most_bytes:
                raise OSError("the recording is larger than any of ours can be")
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


def _recording(row: Row[tuple[object, ...]]) -> Recording:
    return Recording(**{name: getattr(row, name) for name in Recording.__dataclass_fields__})
