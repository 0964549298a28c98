"""A whole line in one process: service, worker and simulated carrier, on virtual time."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from sqlalchemy import Connection, Engine, select

from ivr.acd.callback_list import CallbackLine, list_callbacks
from ivr.acd.company import DUTY_MANAGER_ROTA
from ivr.acd.oncall import agree
from ivr.acd.replaying import replay
from ivr.acd.router_plan import Addresses
from ivr.acd.router_setup import apply
from ivr.acd.technicians import all_technicians, ask_for_state, upsert_technician
from ivr.app import create_app
from ivr.call_list import CallLine, list_calls
from ivr.carrier.exchange import Exchange
from ivr.carrier.phones import Phone
from ivr.carrier.transport import WsgiTransport
from ivr.carrier.wsgi import WsgiAdapter
from ivr.configuration.directory import LINE_FILE, PROJECT_DIRECTORY, read_directory
from ivr.desks.memory import DeskInMemory
from ivr.distribution import SafetyNet, tick
from ivr.logs import configure_logs
from ivr.publishing import history, live, publish
from ivr.services import Services
from ivr.settings import Role, Settings
from ivr.store.engine import reading, writing
from ivr.store.messages import alarm
from ivr.store.technicians import TechnicianState
from ivr.technician_import import TechnicianRow
from ivr.twilio.links import TwilioLinks
from ivr.twilio.rest import TwilioTelephony
from ivr.twilio.taskrouter_rest import TwilioTaskRouter
from ivr.verification import violations
from ivr.violations import Violation
from routing.rotas import Override

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "token-of-the-tests"
HELP_DESK_SECRET = "secret-of-the-help-desk"
SERVICE = "http://127.0.0.1:8080"
CARRIER = "http://127.0.0.1:8081"
WORKER_SECONDS = 1.0


class InlineExecutor(Executor):
    """Runs what it is given at once: in virtual time nothing is late."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class MailInMemory:
    """Keeps the mail it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[str], str, str]] = []

    def send(self, sender: str, recipients: Any, subject: str, body: str) -> None:
        assert sender == "supportline@support.example.com"
        self.sent.append((list(recipients), subject, body))


def nobody_wakes() -> None:
    """No safety net: the worker of the test does what is due."""


class LineUnderTest:
    """The service on `engine`, dialled through a simulated carrier."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        starts_at: datetime,
        worker_seconds: float = WORKER_SECONDS,
        distributor: str = "builtin",
    ) -> None:
        configure_logs()
        self.engine = engine
        self.desk = DeskInMemory()
        self.mail = MailInMemory()
        self.app: Flask
        apps: dict[str, Any] = {SERVICE: self.serve}
        self.exchange = Exchange(ACCOUNT, TOKEN, WsgiTransport(apps), starts_at)
        self.settings = settings(folder, engine)
        session = requests.Session()
        session.mount(CARRIER, WsgiAdapter(self.exchange.rest_app))
        self.services = Services(
            settings=self.settings,
            engine=engine,
            desk=self.desk,
            telephony=TwilioTelephony(self.settings, session),
            task_router=TwilioTaskRouter(self.settings, session),
            links=TwilioLinks(SERVICE),
            mailer=self.mail,
            clock=self.exchange.clock,
            turns=InlineExecutor(),
        )
        self.app = create_app(self.services, nobody_wakes)
        with writing(engine) as connection:
            files = dict(read_directory(PROJECT_DIRECTORY))
            named = files[LINE_FILE].replace("distributor: builtin", f"distributor: {distributor}")
            files[LINE_FILE] = named
            publish(connection, files, "first edition", "tests", starts_at)
            self.configuration = live(connection).configuration
        links = TwilioLinks(SERVICE)
        for number in (*self.configuration.lines, self.configuration.technician_line):
            if number:
                self.exchange.add_number(number, links.incoming(), links.status(), links.fallback())
        self.exchange.every(worker_seconds, self.work)

    def set_up_task_router(self) -> None:
        """What `ivr taskrouter apply` does, where TaskRouter distributes the calls."""
        if self.configuration.distribution.distributor == "taskrouter":
            links = TwilioLinks(SERVICE)
            addresses = Addresses(links.assignment(), links.router_events())
            apply(self.engine, self.services.task_router, addresses)

    def drive_by_hold_loop(self) -> None:
        """Let the service itself do what is due, as it does where no worker runs."""
        net = SafetyNet(self.services, InlineExecutor())

        # After the request, as on a thread of its own: never within the webhook itself.
        def wake() -> None:
            self.exchange.timekeeper.after(0, net.wake)

        self.app = create_app(self.services, wake)

    def serve(self, environ: Any, start_response: Any) -> Any:
        """The service as the carrier reaches it."""
        return self.app(environ, start_response)

    def work(self) -> None:
        """What the worker does twice a second."""
        while tick(self.services):
            pass

    def off_shift(self, name: str, number: str, **skills: Any) -> Phone:
        """A technician who is offline, and their telephone."""
        with writing(self.engine) as connection:
            row = a_technician_row(name, number, **skills)
            upsert_technician(connection, row, self.exchange.clock())
        return self.exchange.phone(number, name)

    def technician(self, name: str, number: str, **skills: Any) -> Phone:
        """An available technician, and the telephone that will ring."""
        row = a_technician_row(name, number, **skills)
        now = self.exchange.clock()
        with writing(self.engine) as connection:
            upsert_technician(connection, row, now)
            until = now + timedelta(hours=12)
            state = TechnicianState.AVAILABLE
            ask_for_state(connection, row.email, state, now=now, until=until)
        self.set_up_task_router()
        return self.exchange.phone(number, name)

    def duty_managers(self, *people: tuple[str, str]) -> list[Phone]:
        """Who is on duty for the next day, by name and number; they take no calls themselves."""
        now = self.exchange.clock()
        with writing(self.engine) as connection:
            rows = [a_technician_row(name, number) for name, number in people]
            for row in rows:
                upsert_technician(connection, row, now)
            who = tuple(row.email for row in rows)
            change = Override(now, now + timedelta(days=1), who, "test")
            agree(connection, self.configuration, DUTY_MANAGER_ROTA, change, now)
        return [self.exchange.phone(number, name) for name, number in people]

    def caller(self, number: str = "+12125550177") -> Phone:
        return self.exchange.phone(number, "caller")

    def calls(self) -> list[CallLine]:
        with reading(self.engine) as connection:
            return list_calls(connection)

    def callbacks(self) -> list[CallbackLine]:
        with reading(self.engine) as connection:
            return list_callbacks(connection)

    def the_call(self) -> CallLine:
        (only,) = self.calls()
        return only

    def technician_states(self) -> dict[str, str]:
        with reading(self.engine) as connection:
            return {one.email: one.state.value for one in all_technicians(connection)}

    def alarms(self) -> dict[str, str]:
        """What stands, by what it is about."""
        with reading(self.engine) as connection:
            return {row.about: row.sentence for row in connection.execute(select(alarm))}

    def violations(self) -> list[Violation]:
        with reading(self.engine) as connection:
            recordings = self.settings.instance / "recordings"
            return [
                *violations(connection, recordings, self.exchange.clock()),
                *self._unfair_offers(connection),
            ]

    def _unfair_offers(self, connection: Connection) -> Iterator[Violation]:
        """Every offer made under the present rules is the one the journal leads to (R10)."""
        published = live(connection)
        since = history(connection)[0].created_at
        if published.configuration.distribution.distributor == "builtin":
            for each in replay(connection, published.configuration, since):
                if not each.is_same:
                    detail = f"offered {each.offered}, and the rules say {each.again}"
                    yield Violation("R10", str(each.at), detail)


def settings(folder: Path, engine: Engine) -> Settings:
    return Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        instance=folder,
        public_base_url=SERVICE,
        account_sid=ACCOUNT,
        auth_tokens=(TOKEN,),
        api_key_sid="",
        api_key_secret="",
        api_base_url=CARRIER,
        secret_key="secret-of-the-tests",
        role=Role.ALL,
        smtp_url="",
        help_desk_secrets=(HELP_DESK_SECRET,),
    )


def a_technician_row(name: str, number: str, **skills: Any) -> TechnicianRow:
    values: dict[str, Any] = {
        "products": frozenset(),
        "regions": frozenset(),
        "languages": frozenset(),
        "severities": frozenset(),
        "level": 1,
        **skills,
    }
    return TechnicianRow(name=name, email=f"{name}@example.com", phone=number, **values)
