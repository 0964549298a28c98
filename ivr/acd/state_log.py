"""The state log: what every technician was, and from when on.

`note` copies a technician's row as it stands, so it comes last in a transaction that changes one.
"""

from datetime import datetime

from sqlalchemy import Connection, insert, literal, select

from ivr.store.technicians import technician, technician_state_log

COPIED = (
    "state",
    "came_by",
    "idle_since",
    "available_until",
    "phone_busy_until",
    "enabled",
    "products",
    "regions",
    "languages",
    "severities",
    "level",
)


def note(connection: Connection, technician_id: int, now: datetime) -> None:
    """Append what this technician has just become."""
    log = technician_state_log
    copied = [technician.c[name] for name in COPIED]
    as_it_stands = select(
        technician.c.id, literal(now, log.c.at.type), technician.c.state_reason, *copied
    ).where(technician.c.id == technician_id)
    names = ["technician_id", "at", "reason", *COPIED]
    connection.execute(insert(log).from_select(names, as_it_stands))
