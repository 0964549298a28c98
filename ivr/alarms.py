"""Alarms: what a person has to see. One row per thing that is wrong, however often noticed."""

from datetime import datetime

import structlog
from sqlalchemy import Connection, insert, select, update

from ivr.store.messages import alarm

log = structlog.get_logger()


def raise_alarm(connection: Connection, about: str, sentence: str, now: datetime) -> None:
    """Raise an alarm, or count it once more if it stands already."""
    log.warning("alarm", about=about, sentence=sentence)
    again = connection.execute(
        update(alarm)
        .where(alarm.c.about == about[:100])
        .values(sentence=sentence, last_seen_at=now, times=alarm.c.times + 1)
    )
    if not again.rowcount:
        connection.execute(
            insert(alarm).values(
                about=about[:100], sentence=sentence, raised_at=now, last_seen_at=now, times=1
            )
        )


def is_recent(connection: Connection, about: str, since: datetime) -> bool:
    """Whether this alarm was raised, or counted once more, since then."""
    query = select(alarm.c.id).where(alarm.c.about == about[:100], alarm.c.last_seen_at > since)
    return connection.execute(query).first() is not None
