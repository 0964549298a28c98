"""`ivr config`: check the configuration, publish it, take it back, write it out."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from callflows.problems import ConfigurationProblems
from ivr.cli.database import database
from ivr.configuration.directory import (
    PROJECT_DIRECTORY,
    path_of,
    path_to_write,
    read_directory,
    write_directory,
)
from ivr.configuration.loader import load_configuration
from ivr.configuration.model import Files
from ivr.differences import difference
from ivr.errors import NotPublished, Refusal
from ivr.publishing import Live, Published, history, live, load, publish, rollback
from ivr.store.engine import reading, writing

_FOLDER = click.Path(file_okay=False, path_type=Path)
_directory = click.argument(
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=PROJECT_DIRECTORY,
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_yes = click.option("--yes", is_flag=True, help="Do it without asking.")
_revision = click.argument("revision", type=int, required=False)


def _me() -> str:
    """Who is at the keyboard; a container may not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ivr"


_author = click.option("--author", default=_me, help="Whose doing this is; by default, yours.")


@click.group()
def config() -> None:
    """The configuration: line.yaml, call flows and prompts, as files and as revisions.

    DIRECTORY is the project's config/, with the callflows/ beside it, unless another is named.
    """


@config.command()
@_directory
@_json
def check(directory: Path, as_json: bool) -> None:
    """Say everything that is wrong with the files, or OK."""
    with _refusals(directory, as_json):
        load_configuration(read_directory(directory))
    click.echo(json.dumps({"ok": True, "problems": []}) if as_json else "OK")


@config.command()
@_directory
@_json
def diff(directory: Path, as_json: bool) -> None:
    """Show what publishing the files would change."""
    with _refusals(directory, as_json), database() as engine, reading(engine) as connection:
        changes = difference(_live_files(connection), read_directory(directory))
    if as_json:
        click.echo(json.dumps({"changed": bool(changes), "diff": changes}))
    else:
        click.echo(changes or "Nothing would change.", nl=not changes)


@config.command("publish")
@_directory
@click.option("--note", default="", help="Why, for the history.")
@_author
@_yes
@_json
def publish_command(directory: Path, note: str, author: str, yes: bool, as_json: bool) -> None:
    """Put the files live; calls under way keep what they began with."""
    with _refusals(directory, as_json), database() as engine:
        files = read_directory(directory)
        load_configuration(files)
        with reading(engine) as connection:
            seen = _live_or_none(connection)
        changes = difference(seen.configuration.files if seen else {}, files)
        if changes and not yes:
            click.echo(changes, err=True)
            click.confirm("Put this live?", abort=True, err=True)
        with writing(engine) as connection:
            based_on = seen.revision_id if seen and not yes else None
            done = publish(connection, files, note, author, datetime.now(UTC), based_on)
    _say(done, as_json)


@config.command("rollback")
@_revision
@_author
@_yes
@_json
def rollback_command(revision: int | None, author: str, yes: bool, as_json: bool) -> None:
    """Make an older REVISION live again; without a number, the one that was live before."""
    with _refusals(PROJECT_DIRECTORY, as_json), database() as engine:
        if not yes:
            which = f"revision {revision}" if revision else "the revision before the live one"
            click.confirm(f"Make {which} live again?", abort=True, err=True)
        with writing(engine) as connection:
            done = rollback(connection, revision, author, datetime.now(UTC))
    _say(done, as_json)


@config.command()
@click.argument("directory", type=_FOLDER, default=PROJECT_DIRECTORY)
@click.option("--revision", type=int, help="Which; by default, the live one.")
@_yes
@_json
def export(directory: Path, revision: int | None, yes: bool, as_json: bool) -> None:
    """Write a revision's files out as they were published, byte for byte."""
    with _refusals(directory, as_json), database() as engine, reading(engine) as connection:
        chosen = load(connection, revision) if revision else live(connection).configuration
    changed = [name for name, text in chosen.files.items() if _differs(directory, name, text)]
    if changed and not yes:
        click.echo("These files would be overwritten:", err=True)
        click.echo("\n".join(f"  {path_to_write(directory, name)}" for name in changed), err=True)
        click.confirm("Overwrite them?", abort=True, err=True)
    write_directory(directory, chosen.files)
    written = [str(path_to_write(directory, name)) for name in chosen.files]
    click.echo(json.dumps({"files": written}) if as_json else "\n".join(written))


@config.command("list")
@_json
def list_command(as_json: bool) -> None:
    """List the revisions, the newest first; a star marks the live one."""
    with database() as engine, reading(engine) as connection:
        revisions = history(connection)
    if as_json:
        rows = [{**asdict(each), "created_at": each.created_at.isoformat()} for each in revisions]
        click.echo(json.dumps(rows))
        return
    for each in revisions:
        mark = "*" if each.live else " "
        when = f"{each.created_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{mark} {each.id:>4}  {when}  {each.digest[:12]}  {each.author}  {each.note}")


@config.command()
@click.argument("country")
@click.argument("year", type=click.IntRange(2000, 2100))
@_directory
@_json
def holidays(country: str, year: int, directory: Path, as_json: bool) -> None:
    """List the public holidays of a COUNTRY, like NL, as the files have them."""
    with _refusals(directory, as_json):
        calendars = load_configuration(read_directory(directory)).holidays
    country = country.upper()
    calendar = calendars.calendar_of(country)
    days = calendar.days(year) if calendar else {}
    if as_json:
        click.echo(json.dumps({day.isoformat(): name for day, name in days.items()}))
        return
    for day, name in days.items():
        click.echo(f"{day:%a %Y-%m-%d}  {name}")
    if not days:
        click.echo(f"There are no holidays of {country} in {year}.")


@contextmanager
def _refusals(directory: Path, as_json: bool) -> Iterator[None]:
    """Says what is refused and ends with exit code 1."""
    try:
        yield
    except ConfigurationProblems as refused:
        problems = [
            {**asdict(problem), "file": str(path_of(directory, problem.file))}
            for problem in refused.problems
        ]
        if as_json:
            click.echo(json.dumps({"ok": False, "problems": problems}))
        else:
            for problem in problems:
                click.echo("{file}:{line}: {sentence}".format(**problem))
        raise click.exceptions.Exit(1) from None
    except Refusal as refused:
        raise click.ClickException(str(refused)) from None


def _live_or_none(connection: Connection) -> Live | None:
    try:
        return live(connection)
    except NotPublished:
        return None


def _live_files(connection: Connection) -> Files:
    published = _live_or_none(connection)
    return published.configuration.files if published else {}


def _differs(directory: Path, name: str, text: str) -> bool:
    path = path_to_write(directory, name)
    return path.exists() and path.read_bytes() != text.encode()


def _say(done: Published, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(done)))
    elif done.changed:
        click.echo(f"Revision {done.revision} is live.")
    else:
        click.echo(f"Nothing changes: revision {done.revision} is live already.")
