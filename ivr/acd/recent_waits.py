"""Recent waits: what can honestly be said about waiting, which is what it has been."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from sqlalchemy import Connection, exists, select

from ivr.acd.queue import QueuedCall
from ivr.store.acd import OfferState, offer, queued_call
from ivr.store.calls import INBOUND, call
from ivr.store.technicians import TechnicianState, technician

OF_LATE = timedelta(hours=1)
FEWEST = 5
MOST = 200
AT_WORK = (
    TechnicianState.AVAILABLE,
    TechnicianState.RESERVED,
    TechnicianState.ON_CALL,
    TechnicianState.WRAP_UP,
)


def recent_wait_minutes(connection: Connection, queued: QueuedCall, now: datetime) -> int | None:
    """How long callers of this queue and severity who were answered in the last hour had waited.

    The median, in whole minutes, rounded up. None where that would be a guess (fewer than five of
    them, or nobody at work to answer the next one) and where it is not worth saying (a minute or
    less).

    It is not reckoned forward, from the length of a call and the place in line, as is often done:
    such a number takes technicians for alike, callers for patient, and the line for one in which
    nobody is passed. It would be a promise, and none is made (R25).
    """
    somebody = select(exists().where(technician.c.state.in_(AT_WORK)))
    if not connection.execute(somebody).scalar_one():
        return None
    return _in_minutes(_waits(connection, queued, now))


def _waits(connection: Connection, queued: QueuedCall, now: datetime) -> list[float]:
    since = now - OF_LATE
    query = (
        select(queued_call.c.since, offer.c.settled_at)
        .join(offer, offer.c.queued_call_id == queued_call.c.id)
        .join(call, call.c.call_sid == queued_call.c.call_sid)
        .where(
            offer.c.state == OfferState.ACCEPTED,
            offer.c.expires_at >= since,  # No offer is accepted after that; this is indexed.
            offer.c.settled_at >= since,
            queued_call.c.queue == queued.queue,
            queued_call.c.severity == queued.severity,
            queued_call.c.entered_at.is_(None),  # Not those who came back from a technician.
            call.c.direction == INBOUND,  # Who is called back does not wait on the telephone.
        )
        .order_by(offer.c.settled_at.desc())
        .limit(MOST)
    )
    return [(row.settled_at - row.since).total_seconds() for row in connection.execute(query).all()]


def _in_minutes(waits: Collection[float]) -> int | None:
    if len(waits) < FEWEST:
        return None
    minutes = ceil(median(waits) / 60)
    return minutes if minutes > 1 else None
