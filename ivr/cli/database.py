"""The database of a command: the one that the environment names."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ivr.settings import Settings, SettingsRefused
from ivr.store.engine import open_engine

# How SQLite and PostgreSQL say that a table or a column is not there.
_OLD_TABLES = re.compile(
    r"no such (table|column)|has no column|(relation|column) .* does not exist"
)


@contextmanager
def database() -> Iterator[Engine]:
    """The engine, for as long as the command takes.

    Refused settings, a database that does not answer and one without our tables end the command
    with a sentence.
    """
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    try:
        engine = open_engine(settings.database_url)
    except OSError as refused:
        sentence = f"The folder of the database cannot be made: {refused.strerror}."
        raise click.ClickException(sentence) from refused
    try:
        yield engine
    except DBAPIError as refused:
        raise click.ClickException(_sentence(refused)) from refused
    finally:
        engine.dispose()


def _sentence(refused: DBAPIError) -> str:
    cause = str(refused.orig).strip().partition("\n")[0]
    if _OLD_TABLES.search(cause):
        return f"The database's tables are missing or old ({cause}); run: ivr db upgrade"
    return f"The database cannot be used: {cause}"
