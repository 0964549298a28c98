"""`ivr technicians`: who takes the calls, and who is taking them now."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import BinaryIO

import click

from ivr.acd.phone_checks import latest_checks
from ivr.acd.pins import new_pin
from ivr.acd.technicians import (
    Asked,
    Technician,
    all_technicians,
    ask_for_state,
    default_until,
    upsert_technician,
)
from ivr.cli.database import database
from ivr.cli.importing import configuration, content_of, refuse, report
from ivr.cli.options import Instant, as_json_option, never_asks_option
from ivr.cli.phone_checks import as_values, check, instant
from ivr.csv_import import CsvRefused
from ivr.dial_policy import policy_for
from ivr.errors import Refusal
from ivr.store.engine import reading, writing
from ivr.store.technicians import LONGEST_REASON, CameBy, TechnicianState
from ivr.technician_import import read_technicians


@click.group()
def technicians() -> None:
    """The technicians: import, list, and set who is available."""


@technicians.command("import")
@click.argument("file", type=click.File("rb"))
@never_asks_option
@as_json_option
def import_technicians(file: BinaryIO, as_json: bool) -> None:
    """Insert and update the technicians of a CSV FILE by their e-mail; all of them or none.

    The header is name,email,phone,products,regions,languages,severities,level. Several values in
    a cell are separated by semicolons, and an empty cell means any. New technicians are offline.
    """
    with database() as engine:
        with reading(engine) as connection:
            known = configuration(connection)
        try:
            rows = read_technicians(
                content_of(file),
                products=list(known.products),
                regions=list(known.regions),
                dialling=policy_for(known.dial_countries, list(known.lines)),
            )
        except CsvRefused as refusal:
            refuse(refusal, file, as_json)
        now = datetime.now(UTC)
        with writing(engine) as connection:
            counts = Counter(upsert_technician(connection, row, now) for row in rows)
    report(counts, as_json)


@technicians.command("list")
@as_json_option
def list_technicians(as_json: bool) -> None:
    """Everybody, with what they are doing; with --json an object a line."""
    with database() as engine, reading(engine) as connection:
        everybody, checks = all_technicians(connection), latest_checks(connection)
    for technician in everybody:
        last = checks.get(technician.id)
        if as_json:
            click.echo(_as_json(technician, phone_check=last and as_values(last)))
        else:
            checked = f"  {last.state} at the last check" if last else ""
            click.echo(_as_line(technician) + checked)


@technicians.command("set")
@click.argument("email")
@click.argument("state", type=click.Choice([state.value for state in TechnicianState]))
@click.option("--until", type=Instant(), help="When being available ends by itself.")
@click.option("--reason", help="What a break is for.")
@never_asks_option
@as_json_option
def set_state(
    email: str, state: str, until: datetime | None, reason: str | None, as_json: bool
) -> None:
    """Make a technician available, on_break or offline.

    During a call this takes effect when the call is over. Being available ends at --until, else
    after the configured hours.
    """
    asked, now = TechnicianState(state), datetime.now(UTC)
    if until is not None and asked is not TechnicianState.AVAILABLE:
        raise click.UsageError("--until goes with available only.")
    if until is not None and until <= now:
        raise click.UsageError("--until is in the past.")
    if reason is not None and asked is not TechnicianState.ON_BREAK:
        raise click.UsageError("--reason goes with on_break only.")
    how = Asked(CameBy.COMMAND, reason and reason[:LONGEST_REASON])
    with database() as engine, writing(engine) as connection:
        ends = until or default_until(now, configuration(connection).timers.technician_hours)
        try:
            technician = ask_for_state(connection, email, asked, now=now, until=ends, how=how)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
    click.echo(_as_json(technician) if as_json else _as_line(technician))


technicians.add_command(check)


@technicians.command("pin")
@click.argument("email")
@never_asks_option
@as_json_option
def make_pin(email: str, as_json: bool) -> None:
    """Make a new PIN for the technicians' line, and show it this once; the old one ends."""
    with database() as engine, writing(engine) as connection:
        try:
            pin = new_pin(connection, email)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
    click.echo(json.dumps({"email": email, "pin": pin}) if as_json else pin)


def _as_line(technician: Technician) -> str:
    until = technician.available_until
    ending = f" until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    why = f" ({technician.state_reason})" if technician.state_reason else ""
    doing = f"{technician.state}{why}{ending}"
    return f"{technician.email}  {technician.name}  {technician.phone}  {doing}"


def _as_json(technician: Technician, **also: object) -> str:
    return json.dumps({**asdict(technician), **also}, default=instant)
