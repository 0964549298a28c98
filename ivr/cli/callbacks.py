"""`ivr callbacks`: the customers who are to be telephoned."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime

import click

from ivr.acd.callback_list import CallbackLine, list_callbacks
from ivr.callback_requests import cancel
from ivr.cli.database import database
from ivr.cli.options import as_json_option, never_asks_option
from ivr.desks.embedded import EmbeddedDesk
from ivr.errors import Refusal
from ivr.store.callbacks import CallbackOrigin
from ivr.store.engine import reading, writing
from ivr.ticket_callbacks import DeskSilent, ask_desk, request_for_ticket


@click.group()
def callbacks() -> None:
    """The customers who are to be telephoned."""


@callbacks.command("list")
@as_json_option
def list_all(as_json: bool) -> None:
    """Every callback, the oldest first; with --json an object a line."""
    with database() as engine, reading(engine) as connection:
        found = list_callbacks(connection)
    for each in found:
        click.echo(json.dumps(asdict(each), default=_instant) if as_json else _line(each))


@callbacks.command("cancel")
@click.argument("callback_id", metavar="ID", type=int)
@never_asks_option
@as_json_option
def cancel_one(callback_id: int, as_json: bool) -> None:
    """Telephone this customer no more."""
    who = os.environ.get("USER") or "an operator"
    with database() as engine, writing(engine) as connection:
        try:
            changed = cancel(connection, callback_id, datetime.now(UTC), who)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
    said = "is cancelled" if changed else "was settled before"
    told = json.dumps({"id": callback_id, "changed": changed})
    click.echo(told if as_json else f"Callback {callback_id} {said}.")


@callbacks.command("request")
@click.option("--ticket", required=True, help="The ticket it is about.")
@never_asks_option
@as_json_option
def request_one(ticket: str, as_json: bool) -> None:
    """Have the requester of a ticket telephoned, if the rules would let them in now."""
    with database() as engine:
        try:
            answer = ask_desk(EmbeddedDesk(engine), ticket)
        except DeskSilent as silent:
            raise click.ClickException(str(silent)) from None
        with writing(engine) as connection:
            now, origin = datetime.now(UTC), CallbackOrigin.OPERATOR
            verdict = request_for_ticket(connection, answer, origin, now)
    if verdict.callback_id is None:
        raise click.ClickException(f"Nobody will be telephoned. {verdict.reason}")
    told = json.dumps({"id": verdict.callback_id, "reason": verdict.reason})
    click.echo(told if as_json else f"Callback {verdict.callback_id}. {verdict.reason}")


def _line(each: CallbackLine) -> str:
    shown = (
        each.id,
        f"{each.requested_at:%Y-%m-%d %H:%M}",
        f"ticket {each.ticket}",
        each.number,
        each.queue,
        f"by {each.origin}",
        each.state,
        f"{each.attempts} attempts",
        each.waits_until and f"waits until {each.waits_until:%Y-%m-%d %H:%M} UTC",
        each.technician,
        each.reason,
    )
    return "  ".join(str(word) for word in shown if word)


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
