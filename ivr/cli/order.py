"""`ivr order`: in which order callers were offered to technicians, and whether by the rules."""

import json
from datetime import UTC, datetime

import click

from ivr.acd.replaying import Pass, replay
from ivr.cli.database import database
from ivr.cli.importing import configuration
from ivr.cli.options import Instant, as_json_option
from ivr.store.engine import reading


@click.command()
@click.option("--since", type=Instant(), help="Only offers made at or after this instant.")
@as_json_option
def order(since: datetime | None, as_json: bool) -> None:
    """Match every offer again from the journal; exit code 1 if one should have been another."""
    with database() as engine, reading(engine) as connection:
        passes = list(replay(connection, configuration(connection), since))
    for each in passes:
        click.echo(_json(each) if as_json else _line(each))
    if not all(each.is_same for each in passes):
        raise click.exceptions.Exit(1)


def _json(each: Pass) -> str:
    told = {"at": each.at.isoformat(), "offered": each.offered, "again": each.again}
    return json.dumps({**told, "same": each.is_same})


def _line(each: Pass) -> str:
    at = f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if each.is_same:
        return f"{at}  {_pairs(each.offered)}"
    return f"{at}  {_pairs(each.offered)}, but the rules say {_pairs(each.again)}"


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{call} to technician {who}" for call, who in pairs) or "nothing"
