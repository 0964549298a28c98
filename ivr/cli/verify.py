"""`ivr verify`: does everything hold that must always hold?"""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime

import click

from ivr.cli.database import database
from ivr.cli.options import as_json_option
from ivr.settings import Settings
from ivr.store.engine import reading
from ivr.verification import violations


@click.command()
@as_json_option
def verify(as_json: bool) -> None:
    """Check every invariant; exit code 1 if one does not hold."""
    recordings = Settings.from_environment(os.environ).instance / "recordings"
    with database() as engine, reading(engine) as connection:
        found = violations(connection, recordings, datetime.now(UTC))
    if as_json:
        items = [asdict(violation) for violation in found]
        click.echo(json.dumps({"ok": not found, "violations": items}))
    elif not found:
        click.echo("Everything holds.")
    for violation in found if not as_json else []:
        click.echo(f"{violation.invariant}  {violation.subject}  {violation.detail}")
    if found:
        raise click.exceptions.Exit(1)
