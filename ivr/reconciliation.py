"""Reconciliation: what the carrier did not tell us, or told us in vain, is asked for (A5, F1).

Callbacks that only inform have no fallback: one that was lost is never sent again. So a call that
has been silent for a while is asked after, and one about to be closed is asked for a recording.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from ivr.acd import company, guests, offers, partings
from ivr.acd.callback_records import leg_of
from ivr.configuration import Configuration
from ivr.endings import caller_hung_up, close_call
from ivr.services import Services
from ivr.store.acd import offer
from ivr.store.calls import CallStage, call
from ivr.store.engine import reading, writing
from ivr.store.rooms import guest
from ivr.telephony import CarrierBusy, CarrierRefused, CarrierUnreachable, Telephony
from ivr.voicemail import note_recording

log = structlog.get_logger()

ASK_EVERY = timedelta(seconds=60)
# A carrier that does not answer is asked again after this long.
ASK_AGAIN = timedelta(seconds=30)
BATCH = 10


def close_what_is_due(services: Services, now: datetime) -> int:
    """Close the calls whose grace has run out, once the carrier has no recording of them."""
    due = select(call.c.call_sid).where(call.c.closing_at <= now, call.c.stage != CallStage.ENDED)
    with reading(services.engine) as connection:
        sids = connection.execute(due.limit(BATCH)).scalars().all()
    for sid in sids:
        try:
            recordings = services.telephony.recordings_of(sid)
        except CarrierRefused:
            recordings = []
        except (CarrierUnreachable, CarrierBusy) as silence:
            log.warning("recordings not known", call=sid, cause=str(silence))
            _set_call(services, sid, closing_at=now + ASK_AGAIN)
            continue
        with writing(services.engine) as connection:
            for found in recordings:
                note_recording(connection, sid, found.sid, found.seconds, now)
            close_call(connection, sid, now)
    return len(sids)


def ask_after_live_calls(services: Services, now: datetime) -> int:
    """End the calls and free the technicians whose legs the carrier no longer has up."""
    stale = call.c.checked_at <= now - ASK_EVERY
    query = select(call.c.call_sid).where(stale, call.c.stage != CallStage.ENDED).limit(BATCH)
    with reading(services.engine) as connection:
        sids = connection.execute(query).scalars().all()
    for sid in sids:
        _set_call(services, sid, checked_at=now)
        with reading(services.engine) as connection:
            leg_sid = leg_of(connection, sid)
        if leg_sid is not None and _is_gone(services.telephony, leg_sid):
            with writing(services.engine) as connection:
                caller_hung_up(connection, sid, now)
    return len(sids)


def ask_after_technicians(services: Services, wrap_up_seconds: int, now: datetime) -> int:
    """As `ask_after_live_calls`, for the legs of offers that are still live."""
    query = select(offer.c.id, offer.c.leg_sid).where(
        offer.c.live, offer.c.leg_sid.is_not(None), offer.c.checked_at <= now - ASK_EVERY
    )
    with reading(services.engine) as connection:
        legs = connection.execute(query.limit(BATCH)).all()
    for leg in legs:
        gone = _is_gone(services.telephony, leg.leg_sid)
        with writing(services.engine) as connection:
            connection.execute(update(offer).where(offer.c.id == leg.id).values(checked_at=now))
            found = offers.find_offer(connection, leg.id)
            if gone and found is not None:
                partings.leg_over(connection, found, now, wrap_up_seconds, "the carrier has no leg")
    return len(legs)


def ask_after_guests(services: Services, configuration: Configuration, now: datetime) -> int:
    """As `ask_after_live_calls`, for the legs of guests in rooms."""
    query = select(guest.c.id, guest.c.leg_sid).where(
        guest.c.live, guest.c.leg_sid.is_not(None), guest.c.checked_at <= now - ASK_EVERY
    )
    with reading(services.engine) as connection:
        legs = connection.execute(query.limit(BATCH)).all()
    for leg in legs:
        gone = _is_gone(services.telephony, leg.leg_sid)
        with writing(services.engine) as connection:
            connection.execute(update(guest).where(guest.c.id == leg.id).values(checked_at=now))
            found = guests.find_guest(connection, leg.id)
            if gone and found is not None:
                reason = "the carrier has no leg"
                company.leg_over(connection, configuration, found, now, reason)
    return len(legs)


def _is_gone(telephony: Telephony, sid: str) -> bool:
    """Whether the carrier says the leg is over; whatever else it says is no news.

    Not even "unknown" ends a call: better one that lives too long here than one cut off there.
    """
    try:
        return not telephony.is_live(sid)
    except (CarrierRefused, CarrierBusy, CarrierUnreachable) as answer:
        log.warning("leg not known", leg=sid, cause=str(answer))
        return False


def _set_call(services: Services, sid: str, **values: object) -> None:
    with writing(services.engine) as connection:
        connection.execute(update(call).where(call.c.call_sid == sid).values(**values))
