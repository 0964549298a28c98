"""The demonstration: example tickets and technicians, and three calls that always work.

One example ticket belongs to a customer for whom it is night; which customer that is depends on
when the demonstration is started, so its zone is chosen then.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import click
import requests
from sqlalchemy import Connection

from ivr.acd.technicians import all_technicians, ask_for_state, upsert_technician
from ivr.app import make_services
from ivr.configuration import Configuration
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.dial_policy import policy_for
from ivr.errors import NotPublished
from ivr.numbers import plan
from ivr.publishing import live, publish
from ivr.settings import Settings
from ivr.store.engine import open_engine, writing
from ivr.store.migrations import upgrade
from ivr.store.technicians import TechnicianState
from ivr.store.tickets import put_tickets
from ivr.technician_import import read_technicians
from ivr.ticket_import import read_tickets
from ivr.twilio.links import TwilioLinks
from routing.decisions import Case, Outcome
from routing.policy import decide
from routing.tickets import Found, Ticket

EXAMPLES = PROJECT_DIRECTORY.parent / "examples"
NIGHT_TICKET = "100300"
NIGHT_LINE = "+31203010888"
# Zones all around the world: somewhere it is night for a good while yet.
ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "Europe/Amsterdam",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Pacific/Auckland",
)
STILL_CLOSED_FOR = timedelta(hours=3)
# The technician whose telephone rings in the demonstration.
TECHNICIAN = "sam.whitfield@example.com"
REFUSALS = {Outcome.CLOSED, Outcome.WEEKEND_SEV1_ONLY}


@dataclass(frozen=True)
class DemoLine:
    """Where the demonstration runs: the service at `port`, the carrier at the next one."""

    port: int
    settings: Settings

    @property
    def carrier(self) -> str:
        return self.settings.api_base_url

    def carrier_arguments(self) -> list[str]:
        """What `ivr carrier` is started with: our account, our numbers, our technicians' phones."""
        engine = open_engine(self.settings.database_url)
        with writing(engine) as connection:
            configuration = live(connection).configuration
            people = all_technicians(connection)
        engine.dispose()
        arguments = ["--port", str(self.port + 1), "--account-sid", self.settings.account_sid]
        arguments += ["--auth-token", self.settings.auth_tokens[0]]
        for number in (*configuration.lines, configuration.technician_line):
            arguments += ["--number", number] if number else []
        for person in people:
            arguments += ["--phone", f"{person.phone}={person.name}"]
        return [*arguments, "--ledger", str(self.settings.instance / "carrier-ledger.jsonl")]

    def wait_for_carrier(self, seconds: float) -> None:
        _wait_for(f"{self.carrier}/numbers", seconds)

    def wait_for_service(self, seconds: float) -> None:
        _wait_for(f"{self.settings.public_base_url}/readyz", seconds)

    def point_numbers(self) -> None:
        """Tell the carrier where our numbers lead, as `ivr numbers apply` does."""
        services = make_services(self.settings)
        links = TwilioLinks(self.settings.public_base_url)
        addresses = (links.incoming(), links.status(), links.fallback())
        owned = services.telephony.numbers()
        for change in plan([number.number for number in owned], owned, addresses):
            if change.is_needed and change.wants:
                services.telephony.configure_number(change.wants)


def prepare(line: DemoLine) -> None:
    """Tables, the configuration, example tickets and technicians, one of them available."""
    engine = open_engine(line.settings.database_url)
    upgrade(engine)
    now = datetime.now(UTC)
    with writing(engine) as connection:
        try:
            configuration = live(connection).configuration
        except NotPublished:
            publish(connection, read_directory(PROJECT_DIRECTORY), "First edition", "demo", now)
            configuration = live(connection).configuration
        _import_examples(connection, configuration, now)
    engine.dispose()


def welcome(line: DemoLine) -> str:
    """What is printed when everything runs: addresses, and three calls to try."""
    service, carrier = line.settings.public_base_url, line.carrier
    return f"""
  The line is up.

    Telephones (in the browser)   {carrier}/
    A telephone in the terminal   make phone      (PORT={line.port} if you changed it)
    The service                   {service}/readyz
    What happened                 INSTANCE={line.settings.instance} .venv/bin/ivr calls

  Three calls to try:

    1  Dial +1 877 926 0001, press 4, then 100100#
       A Severity 1 ticket is let in at any hour: Sam Whitfield's telephone rings;
       answer it and press 1.
    2  Dial +31 20 301 0888, then {NIGHT_TICKET}#
       Severity 3, and night for that customer: you hear when to call again, and may
       leave a message.
    3  Dial +353 1 526 2938, then 999999# three times
       No such ticket: you are told where to go.

  Ctrl-C stops all of it.
"""


def _import_examples(connection: Connection, configuration: Configuration, now: datetime) -> None:
    tickets = read_tickets((EXAMPLES / "tickets.csv").read_bytes(), list(configuration.products))
    put_tickets(connection, [_asleep(ticket, configuration, now) for ticket in tickets])
    ours = {*configuration.lines, *filter(None, [configuration.technician_line])}
    people = read_technicians(
        (EXAMPLES / "technicians.csv").read_bytes(),
        products=list(configuration.products),
        regions=list(configuration.regions),
        dialling=policy_for(configuration.dial_countries, ours),
    )
    for person in people:
        upsert_technician(connection, person, now)
    until = now + timedelta(hours=configuration.timers.technician_hours)
    ask_for_state(connection, TECHNICIAN, TechnicianState.AVAILABLE, now=now, until=until)


def _asleep(ticket: Ticket, configuration: Configuration, now: datetime) -> Ticket:
    """The one ticket whose requester is where the support hours are over for hours to come."""
    if ticket.number != NIGHT_TICKET:
        return ticket
    line = configuration.line_for(NIGHT_LINE)
    for zone in ZONES:
        candidate = replace(ticket, requester_zone=zone)
        decision = decide(Case(now, line, Found(candidate)), configuration.holidays)
        lasts = decision.next_change is None or decision.next_change - now >= STILL_CLOSED_FOR
        if decision.outcome in REFUSALS and lasts:
            return candidate
    return ticket


def _wait_for(address: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if requests.get(address, timeout=1).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise click.ClickException(f"Nothing answers at {address} after {seconds:g} seconds.")
