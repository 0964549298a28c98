"""The database of a command: the one that the environment names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from ivr.settings import Settings, SettingsRefused
from ivr.store.engine import open_engine


@contextmanager
def database() -> Iterator[Engine]:
    """The engine, for as long as the command takes; refused settings end it with a sentence."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    engine = open_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
