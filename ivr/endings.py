"""Endings: exactly one disposition per call, whatever ends it and however often it is told (I2)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from ivr import journal
from ivr.acd import guests, offers
from ivr.call_records import Call, change_call, find_call
from ivr.conversations import look_for_recordings
from ivr.journal import Happened
from ivr.publishing import load
from ivr.store.calls import INBOUND, CallStage, Disposition, call, disposition
from ivr.store.messages import voicemail

# A caller who hung up while speaking: their recording may be reported after the hang-up.
MESSAGE_GRACE = timedelta(seconds=60)
ADMITTED = {"connect", "callback"}


def disposition_of(seen: Call, message_seconds: int | None, min_seconds: int) -> Disposition:
    """How a call that ends now has ended. `message_seconds` is None while nothing is recorded.

    A message under `min_seconds` is a caller who said nothing.
    """
    if message_seconds is not None or seen.stage is CallStage.MESSAGE:
        long_enough = (message_seconds or 0) >= min_seconds
        return Disposition.VOICEMAIL if long_enough else Disposition.VOICEMAIL_EMPTY
    if seen.technician_id is not None:
        return Disposition.CONNECTED
    if seen.stage is CallStage.TRANSFER:
        return Disposition.TRANSFERRED
    if seen.stage is CallStage.QUEUED:
        return Disposition.ABANDONED_QUEUE
    if seen.outcome is not None and seen.outcome not in ADMITTED:
        return Disposition.REFUSED
    return Disposition.ABANDONED_MENU


def close_call(
    connection: Connection, call_sid: str, now: datetime, forced: Disposition | None = None
) -> Disposition | None:
    """End a call with its one disposition; None if it has ended before (and nothing changes).

    A callback ends like any call, but is no caller's visit: its disposition is not kept.
    """
    seen = find_call(connection, call_sid)
    if seen is None or seen.stage is CallStage.ENDED:
        return None
    how = forced or _by_the_facts(connection, seen)
    if not change_call(connection, seen, now, stage=CallStage.ENDED, ended_at=now, closing_at=None):
        return None
    if seen.direction == INBOUND:
        connection.execute(insert(disposition).values(call_sid=call_sid, disposition=how, at=now))
    offers.caller_gone(connection, call_sid, now)
    guests.room_closed(connection, call_sid, now)
    look_for_recordings(connection, call_sid, now)
    journal.write(connection, call_sid, Happened.ENDED, now, disposition=how.value)
    return how


def caller_hung_up(connection: Connection, call_sid: str, now: datetime) -> None:
    """The carrier says the call is over. A message being recorded is waited for a little."""
    seen = find_call(connection, call_sid)
    if seen is None or seen.stage is CallStage.ENDED:
        return
    if seen.stage is CallStage.MESSAGE and message_seconds(connection, call_sid) is None:
        connection.execute(
            update(call)
            .where(call.c.call_sid == call_sid, call.c.closing_at.is_(None))
            .values(closing_at=now + MESSAGE_GRACE)
        )
        return
    close_call(connection, call_sid, now)


def _by_the_facts(connection: Connection, seen: Call) -> Disposition:
    min_seconds = load(connection, seen.revision_id).voicemail.min_seconds
    return disposition_of(seen, message_seconds(connection, seen.call_sid), min_seconds)


def message_seconds(connection: Connection, call_sid: str) -> int | None:
    """The length of the longest message left in this call; None if nothing was recorded."""
    query = select(voicemail.c.seconds).where(voicemail.c.call_sid == call_sid)
    return max(connection.execute(query).scalars().all(), default=None)
