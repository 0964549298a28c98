"""The built-in distributor: pairs waiting calls with free technicians and lets time pass.

`distribute` and `let_time_pass` are one transaction each, safe from any process at any moment:
every move is a compare-and-set, and two partial unique indexes forbid a second live offer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ivr.acd import offers, outbox
from ivr.acd.queue import waiting_calls
from ivr.acd.technicians import end_states_that_are_over, idle_technicians
from ivr.configuration import Configuration
from ivr.store.acd import QueuedState, queued_call
from routing.matching import Tried, WaitingCall, match

# A caller past the longest wait is taken out by the hold loop; this long after, by force.
HOLD_LOOP_SLACK_SECONDS = 30


def distribute(connection: Connection, configuration: Configuration, now: datetime) -> int:
    """Offer waiting calls to free technicians; returns how many offers were made."""
    waiting = waiting_calls(connection)
    if not waiting:
        return 0
    idle = idle_technicians(connection, now)
    if not idle:
        return 0
    by_call = {queued.call_sid: queued for queued in waiting}
    tried = offers.tried_before(connection, by_call)
    pause = timedelta(seconds=configuration.timers.offer_pause_seconds)
    made = 0
    for pair in match(
        [
            WaitingCall(
                queued.call_sid,
                queued.queue,
                queued.severity,
                queued.since,
                queued.needs,
                _not_before(queued.call_sid, tried, pause),
            )
            for queued in waiting
        ],
        idle,
        tried,
        configuration.matching,
        now,
    ):
        offer_id = offers.make_offer(
            connection,
            by_call[pair.call_id],
            int(pair.technician_id),
            pair.why,
            configuration.timers.ring_seconds,
            now,
        )
        made += offer_id is not None
    return made


def _not_before(call_sid: str, tried: Sequence[Tried], pause: timedelta) -> datetime | None:
    """After an offer that came to nothing, the next one waits for the configured pause."""
    last = max((one.last_at for one in tried if one.call_id == call_sid), default=None)
    return None if last is None else last + pause


def let_time_pass(connection: Connection, configuration: Configuration, now: datetime) -> None:
    """Do everything of the distributor that is due: run-out offers, wrap-ups, longest waits."""
    for expired in offers.expired_offers(connection, now):
        offers.miss(connection, expired, now, "no key was pressed in time")
    end_states_that_are_over(connection, now)
    _take_out_forgotten_callers(connection, configuration, now)


def _take_out_forgotten_callers(
    connection: Connection, configuration: Configuration, now: datetime
) -> None:
    """Callers whose hold loop has stopped asking are sent on to where its next turn leads."""
    longest = configuration.timers.longest_wait_seconds + HOLD_LOOP_SLACK_SECONDS
    overdue = select(queued_call.c.call_sid).where(
        queued_call.c.state.in_([QueuedState.WAITING, QueuedState.OFFERED]),
        queued_call.c.since <= now - timedelta(seconds=longest),
    )
    for row in connection.execute(overdue).all():
        if not outbox.was_posted(connection, offers.REDIRECT, row.call_sid):
            outbox.post(connection, offers.REDIRECT, row.call_sid, now)
