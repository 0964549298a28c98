"""Notes on tickets: written down with the turn that asks for them, delivered to the desk later.

No caller ever waits for a help desk to write. A note that cannot be delivered is tried again, ever
more rarely; after the last attempt an alarm says that somebody has to do it by hand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, select, update

from callflows.world import Turn
from ivr import journal
from ivr.alarms import raise_alarm
from ivr.desks.protocol import NoteNotAdded, TicketDesk
from ivr.journal import Happened
from ivr.store.engine import reading, writing
from ivr.store.notes import note
from ivr.store.statements import insert_once
from ivr.world import ticket_of

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
MOST_ATTEMPTS = 20
LEASE = timedelta(minutes=2)
BATCH = 10


@dataclass(frozen=True)
class TicketNote:
    """A note as people see it; not delivered and not `due_at` any more means given up."""

    note_id: str
    call_sid: str
    number: str
    text: str
    written_at: datetime
    attempts: int
    due_at: datetime | None
    delivered_at: datetime | None


def write_down(connection: Connection, call_sid: str, turn: Turn, now: datetime) -> None:
    """Keep the notes of a turn to be delivered; the same one of the same call only once."""
    ticket = ticket_of(turn.session)
    if ticket is None:
        return
    for wanted in turn.notes:
        values = {
            "note_id": f"{call_sid}:{wanted.name}",
            "call_sid": call_sid,
            "number": ticket.number,
            "text": wanted.text,
            "written_at": now,
            "attempts": 0,
            "due_at": now,
        }
        if insert_once(connection, note, values):
            told = {"ticket": ticket.number, "note": wanted.name}
            journal.write(connection, call_sid, Happened.NOTE_WRITTEN, now, **told)


def notes_of(connection: Connection, number: str) -> list[TicketNote]:
    """Every note we were to put on a ticket, oldest first."""
    query = select(note).where(note.c.number == number).order_by(note.c.id)
    return [_note(row) for row in connection.execute(query)]


def deliver_due_notes(engine: Engine, desk: TicketDesk, now: datetime) -> int:
    """Hand every due note to the help desk; returns how many it took."""
    with reading(engine) as connection:
        query = select(note).where(note.c.due_at <= now).order_by(note.c.due_at).limit(BATCH)
        due = [_note(row) for row in connection.execute(query)]
    return sum(_deliver(engine, desk, each, now) for each in due if _claim(engine, each, now))


def _claim(engine: Engine, one: TicketNote, now: datetime) -> bool:
    with writing(engine) as connection:
        claimed = connection.execute(
            update(note)
            .where(note.c.note_id == one.note_id, note.c.attempts == one.attempts)
            .values(attempts=one.attempts + 1, due_at=now + LEASE)
        )
    return claimed.rowcount == 1


def _deliver(engine: Engine, desk: TicketDesk, one: TicketNote, now: datetime) -> bool:
    failure = None
    try:
        desk.add_note(one.number, one.note_id, one.text)
    except NoteNotAdded as refused:
        failure = str(refused)
    with writing(engine) as connection:
        settled = update(note).where(note.c.note_id == one.note_id)
        if failure is None:
            connection.execute(settled.values(due_at=None, delivered_at=now))
            return True
        is_last = one.attempts + 1 >= MOST_ATTEMPTS
        pause = min(FIRST_PAUSE * 2 ** min(one.attempts, 10), LONGEST_PAUSE)
        connection.execute(settled.values(due_at=None if is_last else now + pause))
        if is_last:
            sentence = (
                f"A note could not be put on ticket {one.number}: {failure}. "
                f"See ivr tickets notes {one.number}"
            )
            raise_alarm(connection, f"note:{one.note_id}", sentence, now)
    return False


def _note(row: Row[tuple[object, ...]]) -> TicketNote:
    return TicketNote(**{name: getattr(row, name) for name in TicketNote.__dataclass_fields__})
