"""`ivr calls` and `ivr story`: what the line did, and why."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from ivr.call_list import CallLine, list_calls
from ivr.cli.database import database
from ivr.cli.options import Instant, as_json_option
from ivr.journal import Entry, entries
from ivr.store.engine import reading
from ivr.stories import sentence


@click.command()
@click.option("--sid", help="Only this call.")
@click.option("--since", type=Instant(), help="Only calls that arrived at or after this instant.")
@as_json_option
def calls(sid: str | None, since: datetime | None, as_json: bool) -> None:
    """A line a call, the oldest first; with --json an object a line."""
    with database() as engine, reading(engine) as connection:
        found = list_calls(connection, sid, since)
    for call in found:
        click.echo(json.dumps(asdict(call), default=_instant) if as_json else _line(call))


@click.command()
@click.argument("call")
@as_json_option
def story(call: str, as_json: bool) -> None:
    """Everything that happened to one CALL, in order, with the reasons."""
    with database() as engine, reading(engine) as connection:
        told = entries(connection, call)
    if not told:
        raise click.ClickException(f"No call {call} is in the journal.")
    for entry in told:
        click.echo(_entry_json(entry) if as_json else _entry_line(entry))


def _line(call: CallLine) -> str:
    shown = (
        call.call_sid,
        f"{call.arrived_at:%Y-%m-%d %H:%M:%S}",
        call.dnis,
        call.ticket,
        call.outcome,
        call.rule,
        call.disposition or "live",
        call.technician,
        call.voicemail_id and f"voicemail {call.voicemail_id}",
    )
    return "  ".join(str(word or "-") for word in shown)


def _entry_line(entry: Entry) -> str:
    return f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}  {sentence(entry)}"


def _entry_json(entry: Entry) -> str:
    told = {"at": entry.at.isoformat(), "what": entry.what.value, "detail": entry.detail}
    return json.dumps({**told, "sentence": sentence(entry)}, ensure_ascii=False)


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
