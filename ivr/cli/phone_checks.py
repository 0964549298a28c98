"""`ivr technicians check`: whether a technician's phone can be reached, and can press the key."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from sqlalchemy import Engine

from ivr.acd.phone_checks import PhoneCheck, ask_for_check, find_check
from ivr.acd.technicians import all_technicians, technician_by_id
from ivr.cli.database import database
from ivr.cli.importing import configuration
from ivr.cli.options import as_json_option, never_asks_option
from ivr.distribution import WORKER, WORKER_SILENCE, last_beat
from ivr.errors import NotChecked, Refusal
from ivr.store.engine import reading, writing
from ivr.store.phone_checks import CheckState

POLL_SECONDS = 0.5
# A check is over by itself when its time is up; the worker needs a moment to say so.
SLACK = timedelta(seconds=5)


@click.command("check")
@click.argument("email", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody who is not on a call.")
@never_asks_option
@as_json_option
def check(email: str | None, everybody: bool, as_json: bool) -> None:
    """Ring a technician's phone, which has to answer and press 1; say what came of it.

    The worker does the ringing, and the result is kept: `ivr technicians list` shows the last one.
    Ends with 1 unless every phone that was asked about is reachable.
    """
    if everybody == (email is not None):
        raise click.UsageError("Name one technician by e-mail, or --all.")
    with database() as engine:
        asked = _ask(engine, email)
        results = _wait(engine, asked)
        with reading(engine) as connection:
            for each in results:
                person = technician_by_id(connection, each.technician_id)
                told = {"email": person.email, "phone": person.phone, **as_values(each)}
                line = f"{person.email}  {person.phone}  {each.state}  {each.said}".rstrip()
                click.echo(json.dumps(told, default=instant) if as_json else line)
    if any(each.state is not CheckState.REACHABLE for each in results):
        raise SystemExit(1)


def as_values(one: PhoneCheck) -> dict[str, Any]:
    """What a script wants to know of a check."""
    return {"state": one.state, "said": one.said, "asked_at": one.asked_at}


def instant(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()


def _ask(engine: Engine, email: str | None) -> list[PhoneCheck]:
    """Have the phones rung: that of one technician, or all that can be rung now."""
    now, asked = datetime.now(UTC), []
    with writing(engine) as connection:
        known = configuration(connection)
        emails = [email] if email else [each.email for each in all_technicians(connection)]
        for one in emails:
            try:
                asked.append(ask_for_check(connection, one, known, now))
            except NotChecked as refusal:
                if email:
                    raise click.ClickException(str(refusal)) from None
                click.echo(str(refusal), err=True)
            except Refusal as refusal:
                raise click.ClickException(str(refusal)) from None
    return asked


def _wait(engine: Engine, asked: Sequence[PhoneCheck]) -> list[PhoneCheck]:
    """The checks once all have come to something, or as they stand when nobody works on them."""
    until = max((each.expires_at for each in asked), default=datetime.now(UTC)) + SLACK
    while True:
        with reading(engine) as connection:
            found = [find_check(connection, each.id) for each in asked]
        checks = [each for each in found if each is not None]
        now = datetime.now(UTC)
        if all(each.state is not CheckState.PENDING for each in checks) or now > until:
            return checks
        seen = last_beat(engine, WORKER)
        if seen is None or now - seen > WORKER_SILENCE:
            click.echo("No worker is running; the phone is rung when one is.", err=True)
            return checks
        time.sleep(POLL_SECONDS)
