"""Letting time pass: everything that is due, safe from any process at any time.

`ivr worker` calls `tick` twice a second. Where no worker runs, the callers' hold loop does, so a
waiting caller is never stuck for want of one.
"""

from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from threading import Lock

import structlog
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ivr.acd import room_requests, taskrouter
from ivr.acd.builtin import let_time_pass
from ivr.acd.carrier_requests import CarrierRequests
from ivr.acd.check_requests import CheckRequests
from ivr.acd.distributor import DISTRIBUTORS
from ivr.acd.outbox import Request, send_due
from ivr.acd.phone_checks import CHECK
from ivr.acd.room_requests import RoomRequests
from ivr.acd.router_requests import RouterRequests
from ivr.configuration import Configuration
from ivr.conversations import CONVERSATIONS
from ivr.dial_policy import policy_of
from ivr.dialling import Dialler
from ivr.mail import send_due_mail
from ivr.publishing import live
from ivr.reconciliation import (
    ask_after_guests,
    ask_after_live_calls,
    ask_after_technicians,
    close_what_is_due,
)
from ivr.recordings import Keeper
from ivr.services import Services
from ivr.store.engine import reading, writing
from ivr.store.messages import heartbeat
from ivr.store.statements import insert_once
from ivr.ticket_notes import deliver_due_notes
from ivr.voicemail import VOICEMAIL

log = structlog.get_logger()

WORKER = "worker"
# A worker that has not been heard of for this long is taken for dead, and the hold loop steps in.
WORKER_SILENCE = timedelta(seconds=5)
# How often the safety net ticks in a row, while there is something to do: what one tick brings
# about (a lost ring, say) the next one goes on with, long before the next caller's round.
MOST_TICKS = 20


def tick(services: Services) -> int:
    """Do all that is due now; returns how much was done (0: nothing left to do)."""
    now = services.clock()
    with writing(services.engine) as connection:
        configuration = live(connection).configuration
        let_time_pass(connection, configuration, now)
        distributor = DISTRIBUTORS[configuration.distribution.distributor]
        done = distributor.distribute(connection, configuration, now)
    done += close_what_is_due(services, now) + ask_after_live_calls(services, now)
    done += ask_after_technicians(services, configuration.timers.wrap_up_seconds, now)
    done += ask_after_guests(services, configuration, now)
    done += _send_requests(services, configuration, now)
    done += deliver_due_notes(services.engine, services.desk, now)
    recordings = services.settings.instance / "recordings"
    for shelf in (VOICEMAIL, CONVERSATIONS):
        keeper = Keeper(shelf, services.engine, services.telephony, recordings)
        done += keeper.do_what_is_due(now)
    sender = configuration.mail_sender
    return done + send_due_mail(services.engine, services.mailer, sender, now)


def _send_requests(services: Services, configuration: Configuration, now: datetime) -> int:
    """Send what is due in the outbox: to the task router, and to the carrier all the rest."""
    dialler = Dialler(
        services.engine,
        services.telephony,
        services.links,
        policy_of(configuration),
        configuration.timers.ring_seconds,
        services.clock,
    )
    to_carrier, to_check = CarrierRequests(dialler), CheckRequests(dialler)
    to_router = RouterRequests(services.engine, services.task_router, configuration, services.clock)
    about_rooms = RoomRequests(dialler, configuration)

    def whose(request: Request) -> CarrierRequests | CheckRequests | RouterRequests | RoomRequests:
        if request.kind in room_requests.KINDS:
            return about_rooms
        if request.kind == CHECK:
            return to_check
        return to_router if request.kind in taskrouter.KINDS else to_carrier

    return send_due(
        services.engine,
        lambda request: whose(request).send(request),
        lambda request: whose(request).look_up(request),
        lambda connection, request, result, failure: whose(request).settled(
            connection, request, result, failure
        ),
        now,
    )


def beat(services: Services, job: str) -> None:
    """A sign of life of a job, for whoever watches over it."""
    now = services.clock()
    with writing(services.engine) as connection:
        alive = connection.execute(update(heartbeat).where(heartbeat.c.job == job).values(at=now))
        if not alive.rowcount:
            insert_once(connection, heartbeat, {"job": job, "at": now})


def last_beat(engine: Engine, job: str) -> datetime | None:
    with reading(engine) as connection:
        query = select(heartbeat.c.at).where(heartbeat.c.job == job)
        return connection.execute(query).scalar_one_or_none()


class SafetyNet:
    """Runs `tick` beside a web process whenever no worker is about; one tick at a time."""

    def __init__(self, services: Services, runner: Executor) -> None:
        self._services = services
        self._runner = runner
        self._lock = Lock()
        self._running: Future[None] | None = None

    def wake(self) -> None:
        """Something may be due. Returns at once."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = self._runner.submit(self._run)

    def _run(self) -> None:
        try:
            seen = last_beat(self._services.engine, WORKER)
            if seen is None or self._services.clock() - seen > WORKER_SILENCE:
                for _ in range(MOST_TICKS):
                    if not tick(self._services):
                        break
        except (DBAPIError, PoolExhausted) as error:
            log.warning("tick failed", cause=type(error).__name__)
