"""The outbox: requests to the carrier, committed before they are sent, and sent once.

A request is a row first. Whoever sends it marks it `sending` in a transaction of its own, so a
process that dies in between leaves a row of unknown fate, which is looked up at the carrier and
never blindly repeated (I4).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from ivr.store.acd import RequestState, outbox
from ivr.store.engine import reading, writing
from ivr.telephony import (
    CarrierBusy,
    CarrierRefused,
    CarrierUnreachable,
    NumberRefused,
    TooManyCalls,
)

# Asked of a leg: to end.
HANG_UP = "hang_up"

BUSY_ATTEMPTS = 4
BUSY_PAUSE = timedelta(seconds=1)
# A sender that has not reported after this long is dead.
SENDING_LEASE = timedelta(seconds=15)
# How long a request of unknown fate is given to show up in the carrier's own list.
SETTLING = timedelta(seconds=2)
BATCH = 20


@dataclass(frozen=True)
class Request:
    """One request to the carrier. `subject` is the offer or call it is about."""

    id: int
    kind: str
    subject: str
    parameters: dict[str, Any]
    attempts: int
    sent_at: datetime | None
    # It failed, and the number it was to ring is why.
    number_refused: bool = False
    too_many_calls: bool = False


# Carries out one request; returns what to remember of it (a leg's SID, say).
Send = Callable[[Request], str | None]


def post(
    connection: Connection,
    kind: str,
    subject: str,
    now: datetime,
    *,
    after_seconds: float = 0,
    **parameters: object,
) -> None:
    """Write down a request; it is sent after this transaction, when due."""
    connection.execute(
        insert(outbox).values(
            kind=kind,
            subject=subject,
            parameters=parameters,
            state=RequestState.WAITING,
            attempts=0,
            due_at=now + timedelta(seconds=after_seconds),
        )
    )


def call_off(connection: Connection, kind: str, subject: str) -> None:
    """Requests of this kind that were not sent yet are not sent."""
    connection.execute(
        update(outbox)
        .where(
            outbox.c.kind == kind,
            outbox.c.subject == subject,
            outbox.c.state == RequestState.WAITING,
        )
        .values(state=RequestState.FAILED, result="called off")
    )


def was_posted(connection: Connection, kind: str, subject: str, since: datetime) -> bool:
    """Whether such a request was due, or tried, since then."""
    query = select(outbox.c.id).where(
        outbox.c.kind == kind, outbox.c.subject == subject, outbox.c.due_at > since
    )
    return connection.execute(query.limit(1)).first() is not None


def send_due(
    engine: Engine, send: Send, look_up: Send, settled: Callable[..., None], now: datetime
) -> int:
    """Send what is due and look up what is of unknown fate; returns how many were handled.

    `settled(connection, request, result, failure)` is told in the transaction that records it.
    """
    handled = 0
    for request in _due(engine, now):
        if not _claim(engine, request, now):
            continue
        fresh = request.sent_at is None
        _carry_out(engine, request, send if fresh else look_up, settled, now, fresh=fresh)
        handled += 1
    return handled


def _carry_out(
    engine: Engine,
    request: Request,
    ask: Send,
    settled: Callable[..., None],
    now: datetime,
    *,
    fresh: bool,
) -> None:
    result, failure = None, None
    try:
        result = ask(request)
    except CarrierBusy as refusal:
        # Not taken, so it is as if it had never been sent.
        if request.attempts + 1 < BUSY_ATTEMPTS:
            _try_again(
                engine, request, now + BUSY_PAUSE * 2**request.attempts, sent_at=request.sent_at
            )
            return
        failure = str(refusal)
    except CarrierRefused as refusal:
        failure = str(refusal)
        request = _with_reason(request, refusal)
    except CarrierUnreachable as silence:
        if fresh or request.attempts + 1 < BUSY_ATTEMPTS:
            _try_again(engine, request, now + SETTLING, sent_at=request.sent_at or now)
            return
        failure = str(silence)
    with writing(engine) as connection:
        connection.execute(
            update(outbox)
            .where(outbox.c.id == request.id)
            .values(
                state=RequestState.FAILED if failure else RequestState.DONE,
                result=(failure or result or "")[:200],
            )
        )
        settled(connection, request, result, failure)


def _with_reason(request: Request, refusal: CarrierRefused) -> Request:
    return replace(
        request,
        number_refused=isinstance(refusal, NumberRefused),
        too_many_calls=isinstance(refusal, TooManyCalls),
    )


def _try_again(
    engine: Engine, request: Request, due_at: datetime, sent_at: datetime | None
) -> None:
    state = RequestState.WAITING if sent_at is None else RequestState.UNKNOWN
    with writing(engine) as connection:
        connection.execute(
            update(outbox)
            .where(outbox.c.id == request.id)
            .values(state=state, due_at=due_at, sent_at=sent_at)
        )


def _due(engine: Engine, now: datetime) -> list[Request]:
    """Requests whose time has come, and those a dead sender left behind."""
    due = outbox.c.state.in_([RequestState.WAITING, RequestState.UNKNOWN]) & (
        outbox.c.due_at <= now
    )
    left_behind = (outbox.c.state == RequestState.SENDING) & (outbox.c.due_at <= now)
    query = (
        select(outbox).where(due | left_behind).order_by(outbox.c.due_at, outbox.c.id).limit(BATCH)
    )
    with reading(engine) as connection:
        return [
            Request(
                row.id,
                row.kind,
                row.subject,
                row.parameters,
                row.attempts,
                # A sender died over it: it may have been sent.
                row.sent_at or (row.due_at if row.state is RequestState.SENDING else None),
            )
            for row in connection.execute(query)
        ]


def _claim(engine: Engine, request: Request, now: datetime) -> bool:
    """Mark it as being sent by us, until the lease runs out; False if somebody else did."""
    with writing(engine) as connection:
        claimed = connection.execute(
            update(outbox)
            .where(
                outbox.c.id == request.id,
                outbox.c.attempts == request.attempts,
                outbox.c.due_at <= now,
                outbox.c.state.in_(
                    [RequestState.WAITING, RequestState.UNKNOWN, RequestState.SENDING]
                ),
            )
            .values(
                state=RequestState.SENDING,
                attempts=request.attempts + 1,
                due_at=now + SENDING_LEASE,
            )
        )
        return claimed.rowcount == 1
