"""`ivr on-call`: who is rung when nobody is available, now, later and for a time."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from ivr.acd.oncall import agree, rota_at
from ivr.cli.database import database
from ivr.cli.importing import configuration
from ivr.cli.options import Instant, as_json_option, never_asks_option
from ivr.errors import Refusal
from ivr.store.engine import reading, writing
from routing import rotas
from routing.calendars import local_time
from routing.rotas import Change, Override, Rota, Swap

# How far ahead the next hand-over is looked for.
AHEAD = timedelta(days=8)


def _period(command: Callable[..., Any]) -> Callable[..., Any]:
    begins = click.option("--from", "begins", type=Instant(), required=True, help="When it begins.")
    until = click.option("--until", type=Instant(), required=True, help="When it ends.")
    reason = click.option("--reason", default="", help="Why, for the record.")
    return begins(until(reason(never_asks_option(as_json_option(command)))))


@click.group("on-call")
def on_call() -> None:
    """Rotas: who is on call, and changes for a time without publishing."""


@on_call.command("show")
@click.option("--at", type=Instant(), help="At this instant instead of now.")
@as_json_option
def show(at: datetime | None, as_json: bool) -> None:
    """Who is on duty by each rota, and when others take over; with --json an object a line."""
    instant = at or datetime.now(UTC)
    with database() as engine, reading(engine) as connection:
        known = configuration(connection)
        shown = [rota_at(connection, known, name, instant) for name in known.on_call]
    for rota in shown:
        click.echo(json.dumps(_told(rota, instant)) if as_json else _line(rota, instant))


@on_call.command("override")
@click.argument("rota")
@click.option("--who", multiple=True, required=True, help="On duty instead; may be repeated.")
@_period
def override(
    rota: str, who: Sequence[str], begins: datetime, until: datetime, reason: str, as_json: bool
) -> None:
    """Put others on duty by ROTA for a time."""
    _agree(rota, Override(begins, until, _addresses(who), reason), as_json)


@on_call.command("swap")
@click.argument("rota")
@click.argument("people", nargs=2, metavar="EMAIL EMAIL")
@_period
def swap(
    rota: str,
    people: tuple[str, str],
    begins: datetime,
    until: datetime,
    reason: str,
    as_json: bool,
) -> None:
    """Let two people of ROTA stand in for each other for a time."""
    one, other = _addresses(people)
    _agree(rota, Swap(begins, until, one, other, reason), as_json)


def _agree(name: str, agreed: Change, as_json: bool) -> None:
    now = datetime.now(UTC)
    if agreed.ends <= max(agreed.begins, now):
        raise click.UsageError("--until must be later than --from, and not past.")
    with database() as engine, writing(engine) as connection:
        known = configuration(connection)
        try:
            agree(connection, known, name, agreed, now)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
        rota = rota_at(connection, known, name, now)
    click.echo(json.dumps(_told(rota, agreed.begins)) if as_json else _line(rota, agreed.begins))


def _told(rota: Rota, instant: datetime) -> dict[str, object]:
    changes = rotas.changes_at(rota, instant)
    return {
        "rota": rota.name,
        "at": instant.isoformat(),
        "on_duty": list(rotas.on_duty(rota, instant)),
        "until": _until(rota, instant).isoformat(),
        "reasons": [change.reason for change in changes],
    }


def _line(rota: Rota, instant: datetime) -> str:
    people = ", ".join(rotas.on_duty(rota, instant)) or "nobody"
    local = local_time(_until(rota, instant), rota.zone)
    reasons = "".join(f" ({change.reason})" for change in rotas.changes_at(rota, instant))
    return f"{rota.name}: {people} until {local:%a %Y-%m-%d %H:%M} {rota.zone}{reasons}"


def _until(rota: Rota, instant: datetime) -> datetime:
    """When others come on duty, or as far ahead as is looked."""
    return next(rotas.stretches(rota, instant, instant + AHEAD)).ends


def _addresses(emails: Sequence[str]) -> tuple[str, ...]:
    return tuple(email.strip().lower() for email in emails)
