"""What the outbox asks of the carrier for a phone check: one ring, and what became of it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from ivr.acd.outbox import Request
from ivr.acd.phone_checks import find_check, legs_of, note_leg, settle
from ivr.acd.phones import free_phone, is_in_use
from ivr.acd.technicians import Technician, technician_by_id
from ivr.dial_policy import DialPolicy
from ivr.dialling import dial
from ivr.errors import NotDialled
from ivr.store.engine import reading
from ivr.store.phone_checks import CheckState
from ivr.telephony import Links, NumberRefused, PhoneCall, Telephony

NOT_RUNG = "The phone was not rung: the technician had a call by then, or a process died over it."


class CheckRequests:
    """Carries out the requests of phone checks."""

    def __init__(
        self,
        engine: Engine,
        telephony: Telephony,
        links: Links,
        dial_policy: DialPolicy,
        ring_seconds: int,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._telephony = telephony
        self._links = links
        self._dial_policy = dial_policy
        self._ring_seconds = ring_seconds
        self._now = now

    def send(self, request: Request) -> str | None:
        """Ring the phone once; raises what the carrier raises."""
        person = self._whom(request)
        if person is None:
            return None
        with reading(self._engine) as connection:
            if is_in_use(connection, person):
                return None
        try:
            self._dial_policy.check(person.phone)
        except NotDialled as refusal:
            raise NumberRefused(str(refusal)) from refusal
        return dial(
            self._engine,
            self._telephony,
            self._dial_policy,
            PhoneCall(
                to=person.phone,
                caller_id=request.parameters["caller_id"],
                url=self._links.check(request.subject),
                status_url=self._links.check_status(request.subject),
                fallback_url=self._links.fallback(),
                ring_seconds=self._ring_seconds,
            ),
            self._now(),
        )

    def look_up(self, request: Request) -> str | None:
        """The leg of a ring of unknown fate; it is never rung again."""
        person = self._whom(request)
        if person is None:
            return None
        sent_at, caller_id = request.sent_at or self._now(), request.parameters["caller_id"]
        with reading(self._engine) as connection:
            others = legs_of(connection, person.id, request.subject)
        return self._telephony.find_call(person.phone, caller_id, sent_at, others)

    def settled(
        self, connection: Connection, request: Request, result: str | None, failure: str | None
    ) -> None:
        """Record what the request came to, in its transaction."""
        now, check = self._now(), find_check(connection, request.subject)
        if check is None:
            return
        if result is not None:
            note_leg(connection, check, result, now)
            return
        state = CheckState.UNREACHABLE if request.number_refused else CheckState.UNKNOWN
        settle(connection, check, state, now, failure or NOT_RUNG)
        free_phone(connection, check.technician_id, now)

    def _whom(self, request: Request) -> Technician | None:
        with reading(self._engine) as connection:
            check = find_check(connection, request.subject)
            if check is None or check.state is not CheckState.PENDING:
                return None
            return technician_by_id(connection, check.technician_id)
