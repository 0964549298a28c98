"""What the outbox asks of the carrier for a phone check: one ring, and what became of it."""

from sqlalchemy import Connection

from ivr.acd.outbox import Request
from ivr.acd.phone_checks import find_check, note_leg, settle
from ivr.acd.phones import free_phone, is_in_use, other_legs
from ivr.acd.technicians import Technician, technician_by_id
from ivr.dialling import Dialler
from ivr.store.engine import reading
from ivr.store.phone_checks import CheckState
from ivr.telephony import PhoneCall

NOT_RUNG = "The phone was not rung: the technician had a call by then, or a process died over it."


class CheckRequests:
    """Carries out the requests of phone checks."""

    def __init__(self, dialler: Dialler) -> None:
        self._dialler = dialler

    def send(self, request: Request) -> str | None:
        """Ring the phone once; raises what the carrier raises."""
        person = self._whom(request)
        if person is None:
            return None
        with reading(self._dialler.engine) as connection:
            if is_in_use(connection, person):
                return None
        return self._dialler.dial(
            PhoneCall(
                to=person.phone,
                caller_id=request.parameters["caller_id"],
                url=self._dialler.links.check(request.subject),
                status_url=self._dialler.links.check_status(request.subject),
                fallback_url=self._dialler.links.leg_fallback(),
                ring_seconds=self._dialler.ring_seconds,
            )
        )

    def look_up(self, request: Request) -> str | None:
        """The leg of a ring of unknown fate; it is never rung again."""
        person = self._whom(request)
        if person is None:
            return None
        sent_at, caller_id = request.sent_at or self._dialler.now(), request.parameters["caller_id"]
        with reading(self._dialler.engine) as connection:
            others = other_legs(connection, person.id, request.subject)
        return self._dialler.telephony.find_call(person.phone, caller_id, sent_at, others)

    def settled(
        self, connection: Connection, request: Request, result: str | None, failure: str | None
    ) -> None:
        """Record what the request came to, in its transaction."""
        now, check = self._dialler.now(), find_check(connection, request.subject)
        if check is None:
            return
        if result is not None:
            note_leg(connection, check, result, now)
            return
        state = CheckState.UNREACHABLE if request.number_refused else CheckState.UNKNOWN
        settle(connection, check, state, now, failure or NOT_RUNG)
        free_phone(connection, check.technician_id, now)

    def _whom(self, request: Request) -> Technician | None:
        with reading(self._dialler.engine) as connection:
            check = find_check(connection, request.subject)
            if check is None or check.state is not CheckState.PENDING:
                return None
            return technician_by_id(connection, check.technician_id)
