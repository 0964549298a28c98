"""The built-in distributor: pairs waiting calls with free technicians and lets time pass.

`distribute` and `let_time_pass` are one transaction each, safe from any process at any moment:
every move is a compare-and-set, and two partial unique indexes forbid a second live offer.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from ivr.acd import callbacks, company, guests, offers, outbox, rooms
from ivr.acd.callback_records import KEY_PREFIX
from ivr.acd.misses import Fault
from ivr.acd.oncall import ring_on_call
from ivr.acd.phone_checks import end_checks
from ivr.acd.presence import send_off_unseen
from ivr.acd.queue import QueuedCall, waiting_calls
from ivr.acd.technicians import end_states_that_are_over, idle_technicians
from ivr.configuration import Configuration
from ivr.store.acd import QueuedState, queued_call
from ivr.store.statements import is_alone
from routing.matching import IdleTechnician, Match, Tried, WaitingCall, match
from routing.queues import only_on_call_queues

# A caller past the longest wait is taken out by the hold loop; this long after, by force.
HOLD_LOOP_SLACK_SECONDS = 30
# The name of the work of which one pass runs at a time, everywhere.
DISTRIBUTION = 7_101


def distribute(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """Offer waiting calls to free technicians, and those nobody free can take to whoever is on
    call; returns how many offers were made.

    One pass at a time, so that each sees what the one before it did.
    """
    if not is_alone(connection, DISTRIBUTION):
        return 0
    made = _offer_to_free(connection, configuration, now)
    return made + ring_on_call(connection, configuration, now)


def _offer_to_free(connection: Connection, configuration: Configuration, now: datetime) -> int:
    idle = {each.technician_id: each for each in idle_technicians(connection, now)}
    if not idle:
        return 0
    made = 0
    rules, only_on_call = configuration.matching, only_on_call_queues(configuration.plan)
    for waiting in waiting_calls(connection, idle.values(), rules, now, only_on_call):
        by_call = {queued.call_sid: queued for queued in waiting}
        for pair in _pairs(connection, configuration, waiting, idle.values(), now):
            del idle[pair.technician_id]
            made += _offer(connection, configuration, by_call[pair.call_id], pair, now)
        if not idle:
            break
    return made


def _pairs(
    connection: Connection,
    configuration: Configuration,
    waiting: Iterable[QueuedCall],
    idle: Iterable[IdleTechnician],
    now: datetime,
) -> tuple[Match, ...]:
    """What matching says of these calls and technicians."""
    tried = offers.tried_before(connection, [queued.call_sid for queued in waiting])
    pause = timedelta(seconds=configuration.timers.offer_pause_seconds)
    calls = [
        WaitingCall(
            queued.call_sid,
            queued.queue,
            queued.severity,
            queued.since,
            queued.needs,
            _not_before(queued.call_sid, tried, pause),
        )
        for queued in waiting
    ]
    return match(calls, idle, tried, configuration.matching, now)


def _offer(
    connection: Connection,
    configuration: Configuration,
    queued: QueuedCall,
    pair: Match,
    now: datetime,
) -> bool:
    technician_id, ring_seconds = int(pair.technician_id), configuration.timers.ring_seconds
    offer_id = offers.make_offer(connection, queued, technician_id, pair.why, ring_seconds, now)
    return offer_id is not None


def _not_before(call_sid: str, tried: Sequence[Tried], pause: timedelta) -> datetime | None:
    """After an offer that came to nothing, the next one waits for the configured pause."""
    last = max((one.last_at for one in tried if one.call_id == call_sid), default=None)
    return None if last is None else last + pause


def let_time_pass(connection: Connection, configuration: Configuration, now: datetime) -> None:
    """Do everything of the distributor that is due: run-out offers, wrap-ups, longest waits."""
    for expired in offers.expired_offers(connection, now):
        # Without a leg nothing is known to have rung, and nobody has missed anything.
        fault = Fault.CARRIER if expired.leg_sid is None else Fault.TECHNICIAN
        offers.miss(connection, expired, now, "no key was pressed in time", fault)
    for guest in guests.expired_guests(connection, now):
        company.missed(connection, configuration, guest, now, "no key was pressed in time")
    end_states_that_are_over(connection, now)
    send_off_unseen(connection, configuration, now)
    callbacks.do_what_is_due(connection, configuration, now)
    end_checks(connection, now)
    _take_out_forgotten_callers(connection, configuration, now)
    rooms.fetch_those_left_alone(connection, now)


def _take_out_forgotten_callers(
    connection: Connection, configuration: Configuration, now: datetime
) -> None:
    """Callers whose hold loop has stopped asking are sent on to where its next turn leads."""
    queues = [queue.name for queue in configuration.plan.queues]
    longest = max(map(configuration.longest_wait_seconds, queues)) + HOLD_LOOP_SLACK_SECONDS
    overdue = select(queued_call.c.call_sid).where(
        queued_call.c.state.in_([QueuedState.WAITING, QueuedState.OFFERED]),
        func.coalesce(queued_call.c.entered_at, queued_call.c.since)
        <= now - timedelta(seconds=longest),
        queued_call.c.call_sid.not_like(f"{KEY_PREFIX}%"),
    )
    lately = now - timedelta(seconds=HOLD_LOOP_SLACK_SECONDS)
    for row in connection.execute(overdue).all():
        if not outbox.was_posted(connection, offers.REDIRECT, row.call_sid, lately):
            outbox.post(connection, offers.REDIRECT, row.call_sid, now)
