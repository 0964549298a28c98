"""Presence: a technician who came by the console is here while the console says so.

Technicians who came by telephone or by command have nothing that beats; they stay until the end
they gave, or for the configured hours. A heartbeat keeps somebody here and brings nobody back:
whoever is on a break or offline comes back by their own wish alone.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from ivr.acd.misses import LAST_ON_SHIFT, nobody_left, others_on_shift
from ivr.acd.notices import Notice, tell
from ivr.acd.technicians import move, technician_by_id
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.store.technicians import CameBy, TechnicianState, technician

UNSEEN = "the console was not seen any more"
# During an offer or a call nobody is sent off; the next look after it does that.
SENT_OFF_FROM = (TechnicianState.AVAILABLE, TechnicianState.WRAP_UP)


def beat(connection: Connection, technician_id: int, now: datetime) -> None:
    """The technician's console is open. Changes no state, and never goes back in time."""
    person = technician.c.id == technician_id
    earlier = technician.c.seen_at.is_(None) | (technician.c.seen_at < now)
    connection.execute(update(technician).where(person, earlier).values(seen_at=now))


def send_off_unseen(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """Those whose console has been silent for too long are offline. Returns how many."""
    silent_since = now - timedelta(seconds=configuration.timers.presence_seconds)
    last_seen = func.coalesce(technician.c.seen_at, technician.c.state_since)
    unseen = select(technician.c.id, technician.c.state).where(
        technician.c.state.in_(SENT_OFF_FROM),
        technician.c.came_by == CameBy.CONSOLE,
        last_seen <= silent_since,
    )
    sent_off = 0
    for row in connection.execute(unseen.with_for_update(skip_locked=True)).all():
        off = {"state_reason": UNSEEN, "available_until": None}
        if not move(connection, row.id, row.state, TechnicianState.OFFLINE, now, **off):
            continue
        sent_off += 1
        person = technician_by_id(connection, row.id)
        happened = (
            f"Your console has not been seen since {person.seen_at or silent_since:%H:%M:%S} UTC: "
            "the browser was closed, the machine sleeps, or the network is gone."
        )
        about = f"unseen:{person.id}:{now.isoformat()}"
        notice = Notice(about, "You are offline: your console was not seen", happened)
        tell(connection, person, notice, configuration, now)
        if not others_on_shift(connection, person.id):
            raise_alarm(connection, LAST_ON_SHIFT, nobody_left(person), now)
    return sent_off
