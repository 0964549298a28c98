"""What importing tickets and importing technicians have in common."""

import json
from collections import Counter
from dataclasses import asdict
from typing import BinaryIO, NoReturn

import click
from sqlalchemy import Connection

from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.configuration.loader import load_configuration
from ivr.configuration.model import Configuration
from ivr.csv_import import MAX_BYTES, CsvRefused
from ivr.errors import NotPublished
from ivr.publishing import live


def configuration(connection: Connection) -> Configuration:
    """The live configuration; before anything is published, the one in the project's folder."""
    try:
        return live(connection).configuration
    except NotPublished:
        return load_configuration(read_directory(PROJECT_DIRECTORY))


def content_of(file: BinaryIO) -> bytes:
    """All of a file, or of one that is too large enough to be refused."""
    return file.read(MAX_BYTES + 1)


def report(counts: Counter[str], as_json: bool) -> None:
    words = {word: counts[word] for word in ("inserted", "updated", "unchanged")}
    if as_json:
        click.echo(json.dumps(words))
    else:
        click.echo(", ".join(f"{count} {word}" for word, count in words.items()))


def refuse(refusal: CsvRefused, file: BinaryIO, as_json: bool) -> NoReturn:
    """Say every mistake and end with exit code 1; nothing was imported."""
    if as_json:
        click.echo(json.dumps({"refused": [asdict(mistake) for mistake in refusal.mistakes]}))
    else:
        for mistake in refusal.mistakes:
            click.echo(f"{file.name}: {mistake}", err=True)
        click.echo("Nothing was imported.", err=True)
    raise click.exceptions.Exit(1)
