"""Events of the help desk: a ticket was raised that somebody should telephone about, now (R06).

A request is believed for its signature, the HMAC-SHA256 of its time and body with a secret that we
share with the desk, and taken once: the same event again gets the answer it got.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, insert, select

from ivr.alarms import raise_alarm
from ivr.call_records import CallChanged
from ivr.desks.protocol import is_ticket_number
from ivr.errors import BadRequest
from ivr.services import Services
from ivr.store.callbacks import CallbackOrigin, desk_event
from ivr.store.engine import reading, writing
from ivr.ticket_callbacks import Verdict, ask_desk, request_for_ticket

# A request that is older, or newer, than this is a copy of somebody else's.
FRESH_FOR = timedelta(minutes=5)
ATTEMPTS = 3


class DeskEvent(BaseModel):
    """What the desk posts: its own id of the event, and the number of the ticket."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    event: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
    ticket: str


def is_genuine(
    timestamp: str, body: bytes, signature: str, secrets: Sequence[str], now: datetime
) -> bool:
    """Whether the desk has signed this body a moment ago, with one of our secrets."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("1700000000")):
        return False
    signed = timestamp.encode() + b"." + body
    given = signature.encode("utf-8", "replace")
    # Every secret is tried, so the time taken says nothing about which one matched.
    matches = [hmac.compare_digest(_sign(signed, each), given) for each in secrets]
    age = abs(now.timestamp() - int(timestamp))
    return any(matches) and age <= FRESH_FOR.total_seconds()


def _sign(signed: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()


def read_event(body: bytes) -> DeskEvent:
    """The event in a body; raises BadRequest."""
    try:
        found = DeskEvent.model_validate(json.loads(body, object_pairs_hook=_once_each))
    except (ValidationError, ValueError, RecursionError) as error:
        raise BadRequest("The body must be JSON with `event` and `ticket`.") from error
    if not is_ticket_number(found.ticket):
        raise BadRequest("`ticket` must be the digits of a ticket number, in quotes.")
    return found


def take_event(services: Services, event: DeskEvent) -> Verdict:
    """Queue the callback that the event asks for, or say why not. Raises DeskSilent."""
    now = services.clock()
    with reading(services.engine) as connection:
        known = _known(connection, event)
    if known is not None:
        return known
    answer = ask_desk(services.desk, event.ticket)
    for _ in range(ATTEMPTS):
        try:
            with writing(services.engine) as connection:
                known = _known(connection, event)
                if known is not None:
                    return known
                verdict = request_for_ticket(connection, answer, CallbackOrigin.HELP_DESK, now)
                _keep(connection, event, verdict, now)
                return verdict
        except CallChanged:
            continue
    raise RuntimeError(f"event {event.event} met others {ATTEMPTS} times")


def _keep(connection: Connection, event: DeskEvent, verdict: Verdict, now: datetime) -> None:
    connection.execute(
        insert(desk_event).values(
            id=event.event,
            ticket=event.ticket,
            received_at=now,
            callback_id=verdict.callback_id,
            reason=verdict.reason[:500],
        )
    )
    if verdict.callback_id is None:
        sentence = f"No callback for ticket {event.ticket} of the help desk: {verdict.reason}"
        raise_alarm(connection, f"help desk:{event.ticket}", sentence, now)


def _known(connection: Connection, event: DeskEvent) -> Verdict | None:
    row = connection.execute(select(desk_event).where(desk_event.c.id == event.event)).first()
    return None if row is None else Verdict(row.callback_id, row.reason)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
