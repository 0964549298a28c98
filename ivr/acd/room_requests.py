"""What the outbox asks of the carrier about rooms: guests to ring, music, and announcements."""

from sqlalchemy import Connection

from ivr.acd import company, guests, offers, rooms
from ivr.acd.callback_records import leg_of
from ivr.acd.offers import Offer
from ivr.acd.outbox import Request
from ivr.acd.phones import other_legs
from ivr.acd.technicians import technician_by_id
from ivr.alarms import raise_alarm
from ivr.call_records import find_call
from ivr.configuration import Configuration
from ivr.conversations import FIND_RECORDINGS, note_what_is_there
from ivr.dialling import Dialler
from ivr.store.engine import reading
from ivr.telephony import CarrierRefused, PhoneCall

KINDS = {
    guests.RING_GUEST,
    guests.HOLD,
    offers.TELL_CALLER_GONE,
    company.TELL_MANAGER_MISSED,
    FIND_RECORDINGS,
}


class RoomRequests:
    """Carries out the requests of KINDS."""

    def __init__(self, dialler: Dialler, configuration: Configuration) -> None:
        self._dialler = dialler
        self._configuration = configuration

    def send(self, request: Request) -> str | None:
        """Ask the carrier once; raises what the carrier raises."""
        match request.kind:
            case guests.RING_GUEST:
                dialled = self._phone_call(request.subject)
                return None if dialled is None else self._dialler.dial(dialled)
            case guests.HOLD:
                self._hold(self._offer(request))
            case offers.TELL_CALLER_GONE:
                found = self._offer(request)
                if found.live and found.leg_sid is not None:
                    self._dialler.telephony.redirect(
                        found.leg_sid, self._dialler.links.caller_gone(found.id)
                    )
            case company.TELL_MANAGER_MISSED:
                found = self._offer(request)
                if found.live and found.leg_sid is not None:
                    url = self._dialler.links.manager_missed(found.id)
                    self._dialler.telephony.announce(rooms.room_name(found.id), found.leg_sid, url)
            case _:
                note_what_is_there(
                    self._dialler.engine,
                    self._dialler.telephony,
                    request.subject,
                    self._dialler.now(),
                )
        return None

    def look_up(self, request: Request) -> str | None:
        """What became of a request of unknown fate; all but a ringing may simply be repeated."""
        if request.kind != guests.RING_GUEST:
            return self.send(request)
        dialled = self._phone_call(request.subject)
        if dialled is None:
            return None
        sent_at = request.sent_at or self._dialler.now()
        with reading(self._dialler.engine) as connection:
            found = guests.find_guest(connection, request.subject)
            others = other_legs(connection, found.technician_id, found.id) if found else set()
        return self._dialler.telephony.find_call(dialled.to, dialled.caller_id, sent_at, others)

    def settled(
        self, connection: Connection, request: Request, result: str | None, failure: str | None
    ) -> None:
        """Record what a ringing came to, in its transaction."""
        found = guests.find_guest(connection, request.subject)
        if request.kind != guests.RING_GUEST or found is None:
            return
        now = self._dialler.now()
        if result is not None:
            guests.ringing(connection, found, result, now)
            return
        sentence = failure or "the carrier knows of no such call"
        if failure:
            about = f"ring:{found.technician_id}"
            raise_alarm(connection, about, f"A phone could not be rung: {failure}", now)
        company.missed(connection, self._configuration, found, now, sentence)

    def _hold(self, found: Offer) -> None:
        """Music for the caller in this room, or none: whatever is right by now."""
        with reading(self._dialler.engine) as connection:
            wanted = rooms.wants_hold(connection, found)
            leg_sid = leg_of(connection, found.call_sid)
        room = rooms.room_name(found.id)
        if leg_sid is None or wanted is None:
            return
        if wanted:
            self._dialler.telephony.hold(room, leg_sid, self._dialler.links.room_music(found.id, 0))
        else:
            self._dialler.telephony.end_hold(room, leg_sid)

    def _offer(self, request: Request) -> Offer:
        with reading(self._dialler.engine) as connection:
            found = offers.find_offer(connection, request.subject)
        if found is None:
            raise CarrierRefused(f"there is no offer {request.subject}")
        return found

    def _phone_call(self, guest_id: str) -> PhoneCall | None:
        """Whom to ring; None when they are not wanted any more."""
        with reading(self._dialler.engine) as connection:
            found = guests.find_guest(connection, guest_id)
            if found is None or not found.live:
                return None
            phone = technician_by_id(connection, found.technician_id).phone
            call = find_call(connection, found.call_sid)
        if call is None:
            return None
        return PhoneCall(
            to=phone,
            caller_id=call.line,
            url=self._dialler.links.guest(guest_id),
            status_url=self._dialler.links.guest_status(guest_id),
            fallback_url=self._dialler.links.leg_fallback(),
            ring_seconds=self._dialler.ring_seconds,
        )
