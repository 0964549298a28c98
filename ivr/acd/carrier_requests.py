"""What the outbox asks of the carrier, kind by kind, and what follows from the answer."""

from sqlalchemy import Connection, select

from ivr import journal
from ivr.acd import callbacks, offers
from ivr.acd.callback_records import being_called, leg_of
from ivr.acd.misses import Fault
from ivr.acd.offers import Offer
from ivr.acd.outbox import Request
from ivr.acd.phones import other_legs
from ivr.acd.technicians import technician_by_id
from ivr.alarms import raise_alarm
from ivr.call_records import find_call
from ivr.dialling import Dialler
from ivr.journal import Happened
from ivr.store.acd import OfferState, offer
from ivr.store.calls import CallStage
from ivr.store.engine import reading
from ivr.telephony import CarrierRefused, PhoneCall

# What must never be sent twice: it rings somebody.
RINGING = {offers.RING, callbacks.CALL_CUSTOMER}


class CarrierRequests:
    """Carries out requests of the outbox for the distributor."""

    def __init__(self, dialler: Dialler) -> None:
        self._dialler = dialler

    def send(self, request: Request) -> str | None:
        """Ask the carrier once; raises what the carrier raises."""
        match request.kind:
            case offers.RING | callbacks.CALL_CUSTOMER:
                dialled = self._phone_call(request)
                return None if dialled is None else self._dialler.dial(dialled)
            case offers.TAKE_FROM_QUEUE:
                queue_sid, turn = request.parameters["queue_sid"], self._turn(request)
                self._dialler.telephony.take_from_queue(queue_sid, self._leg(request.subject), turn)
            case offers.REDIRECT:
                turn = self._turn(request)
                self._dialler.telephony.redirect(self._leg(request.subject), turn)
            case callbacks.TELL_TECHNICIAN:
                address = self._dialler.links.offer_in_vain(request.subject)
                self._dialler.telephony.redirect(self._technicians_leg(request.subject), address)
            case offers.HANG_UP:
                self._dialler.telephony.hang_up(request.subject)
            case _:
                raise CarrierRefused(f"no request is called {request.kind!r}")
        return None

    def look_up(self, request: Request) -> str | None:
        """What became of a request of unknown fate; all but a ringing may simply be repeated."""
        if request.kind not in RINGING:
            return self.send(request)
        dialled = self._phone_call(request)
        if dialled is None:
            return None
        sent_at = request.sent_at or self._dialler.now()
        with reading(self._dialler.engine) as connection:
            found = offers.find_offer(connection, request.subject)
            others = other_legs(connection, found.technician_id, found.id) if found else set()
        return self._dialler.telephony.find_call(dialled.to, dialled.caller_id, sent_at, others)

    def settled(
        self, connection: Connection, request: Request, result: str | None, failure: str | None
    ) -> None:
        """Record what a request came to, in its transaction."""
        now = self._dialler.now()
        if request.kind == callbacks.CALL_CUSTOMER:
            if result is not None:
                callbacks.customer_rings(connection, request.subject, result, now)
            else:
                reason = failure or "the carrier knows of no such call"
                counts = not request.too_many_calls
                callbacks.not_reached(connection, request.subject, reason, now, counts=counts)
        if request.kind != offers.RING:
            return
        found = offers.find_offer(connection, request.subject)
        if found is None:
            return
        if result is not None:
            offers.ringing(connection, found, result, now)
            return
        sentence = failure or "the carrier knows of no such call"
        told = {"offer": found.id, "said": sentence}
        journal.write(connection, found.call_sid, Happened.CARRIER, now, **told)
        if failure:
            about, sentence = f"ring:{found.technician_id}", f"A phone could not be rung: {failure}"
            raise_alarm(connection, about, sentence, now)
        if failure is None and not _was_taken_back(connection, found):
            # It rang nobody, so the technician has missed nothing and is offered it again.
            offers.take_back(connection, found, now, sentence)
            return
        fault = Fault.PHONE if request.number_refused else Fault.CARRIER
        offers.miss(connection, found, now, sentence, fault)

    def _phone_call(self, request: Request) -> PhoneCall | None:
        """Whom to ring; None when that is over."""
        offer_id, customer = request.subject, None
        with reading(self._dialler.engine) as connection:
            found = offers.find_offer(connection, offer_id)
            if found is None or not found.live:
                return None
            phone = technician_by_id(connection, found.technician_id).phone
            call = find_call(connection, found.call_sid)
            if request.kind == callbacks.CALL_CUSTOMER:
                customer = being_called(connection, offer_id)
                if customer is None:
                    return None
        if call is None:
            return None
        if customer is not None:
            return PhoneCall(
                to=customer.number,
                caller_id=call.line,
                url=self._dialler.links.customer(offer_id),
                status_url=self._dialler.links.customer_status(offer_id),
                fallback_url=self._dialler.links.leg_fallback(),
                ring_seconds=request.parameters["ring_seconds"],
            )
        return PhoneCall(
            to=phone,
            caller_id=call.line,
            url=self._dialler.links.offer(offer_id),
            status_url=self._dialler.links.offer_status(offer_id),
            fallback_url=self._dialler.links.leg_fallback(),
            ring_seconds=self._dialler.ring_seconds,
        )

    def _leg(self, call_sid: str) -> str:
        with reading(self._dialler.engine) as connection:
            leg_sid = leg_of(connection, call_sid)
        if leg_sid is None:
            raise CarrierRefused("the customer of this callback is on no telephone")
        return leg_sid

    def _technicians_leg(self, offer_id: str) -> str:
        with reading(self._dialler.engine) as connection:
            found = offers.find_offer(connection, offer_id)
        if found is None or not found.live or found.leg_sid is None:
            raise CarrierRefused("the technician has hung up")
        return found.leg_sid

    def _turn(self, request: Request) -> str:
        """Where the caller goes on; refused when the call is over, or has gone on by itself."""
        with reading(self._dialler.engine) as connection:
            seen = find_call(connection, request.subject)
        expected = request.parameters.get("turn")
        if seen is None or seen.stage is CallStage.ENDED or expected not in {None, seen.turn}:
            raise CarrierRefused("the call has gone on by itself")
        return self._dialler.links.turn(seen.call_sid, seen.turn)


def _was_taken_back(connection: Connection, found: Offer) -> bool:
    """Whether an earlier offer of this call to this technician was for nothing, too."""
    query = select(offer.c.id).where(
        offer.c.call_sid == found.call_sid,
        offer.c.technician_id == found.technician_id,
        offer.c.state == OfferState.WITHDRAWN,
        offer.c.id != found.id,
    )
    return connection.execute(query.limit(1)).first() is not None
