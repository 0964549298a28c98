"""`ivr db`: the database's tables."""

import json
from datetime import UTC, datetime

import click

from ivr.cli.database import database
from ivr.cli.options import as_json_option, never_asks_option
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.errors import NotPublished
from ivr.publishing import NothingReadable, live, publish
from ivr.store.engine import writing
from ivr.store.migrations import upgrade as upgrade_tables

FIRST_EDITION = "The first edition, as it came"


@click.group()
def db() -> None:
    """The database's tables."""


@db.command()
@never_asks_option
@as_json_option
def upgrade(as_json: bool) -> None:
    """Bring the tables to the newest migration.

    A database without any configuration gets the project's own, so that the line answers.
    """
    with database() as engine:
        upgrade_tables(engine)
        with writing(engine) as connection:
            try:
                revision, first = live(connection).revision_id, False
            except NothingReadable as refused:  # Not empty: somebody's line is in there.
                raise click.ClickException(str(refused)) from None
            except NotPublished:
                files, now = read_directory(PROJECT_DIRECTORY), datetime.now(UTC)
                made = publish(connection, files, FIRST_EDITION, "ivr db upgrade", now)
                revision, first = made.revision, True
    if as_json:
        click.echo(json.dumps({"upgraded": True, "revision": revision, "first_edition": first}))
        return
    click.echo("The tables are at the newest migration.")
    if first:
        click.echo(f"Revision {revision} is live: the configuration as it came with the project.")
