"""`ivr explain`: who would be let in, when, and by which rule, without making a call."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
import pytz

from callflows.problems import ConfigurationProblems
from ivr.cli.database import database
from ivr.configuration import Configuration
from ivr.configuration.directory import read_directory
from ivr.configuration.loader import load_configuration
from ivr.csv_cells import phone
from ivr.csv_import import CsvRefused
from ivr.errors import Refusal
from ivr.explaining import (
    Question,
    Status,
    explain_case,
    in_reach,
    supposed_answer,
    with_settings,
)
from ivr.explaining_csv import read_questions
from ivr.publishing import live
from ivr.store.engine import reading
from ivr.store.tickets import find_ticket
from routing.calendars import check_zone
from routing.switches import SettingRefused
from routing.tickets import Found, NotFound

DIGITS_OF_DIGEST = 12


def _settings(
    _context: click.Context, _parameter: click.Parameter, given: Sequence[str]
) -> list[tuple[str, str]]:
    settings = [setting.partition("=") for setting in given]
    for key, equals, _ in settings:
        if not equals:
            raise click.BadParameter(f"{key!r} is not KEY=VALUE, like precedence=weekend_window.")
    return [(key.strip(), value.strip()) for key, _, value in settings]


def _zone(_context: click.Context, _parameter: click.Parameter, zone: str | None) -> str | None:
    try:
        if zone is not None:
            check_zone(zone)
    except ValueError as refused:
        raise click.BadParameter(str(refused)) from None
    return zone


def _number(_context: click.Context, _parameter: click.Parameter, cell: str | None) -> str | None:
    try:
        return cell and phone(cell)
    except ValueError as refused:
        raise click.BadParameter(str(refused)) from None


@click.command()
@click.option("--dialed", callback=_number, help="The number called, like +18779260001.")
@click.option("--at", help="When, in ISO; without an offset on the caller's clock. Default: now.")
@click.option("--zone", callback=_zone, help="Where the ticket says the caller is: Europe/Dublin.")
@click.option("--severity", type=click.IntRange(1, 4), help="The ticket's; without it, none.")
@click.option("--status", type=click.Choice(list(Status)), default=Status.OPEN, show_default=True)
@click.option("--ani", help="The number of the caller.")
@click.option("--ticket", help="A ticket kept locally, instead of a supposed one.")
@click.option("--csv", "file", type=click.File("rb"), help="Many cases; the header is above.")
@click.option(
    "--config",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Files instead of the live revision; needs no database.",
)
@click.option("--set", "settings", multiple=True, callback=_settings, help="KEY=VALUE: a switch.")
@click.option("--json", is_flag=True, expose_value=False, help="JSON, as is always printed.")
def explain(
    file: BinaryIO | None, directory: Path | None, settings: list[tuple[str, str]], **case: Any
) -> None:
    """Say what callers would get, by which rule and on whose clock: one JSON object a line.

    Give one case as options, or many as a CSV file with the columns
    instant_utc,dialed_number,caller_tz,severity,ticket_status (others are ignored). --set flips
    a policy switch for this run, over what numbers and products override as well.
    """
    try:
        configuration, revision = _configuration(directory)
        configuration = with_settings(configuration, settings)
        questions = read_questions(file.read()) if file else [_question(configuration, case)]
    except SettingRefused as refused:
        raise click.UsageError(str(refused)) from None
    except CsvRefused as refused:
        for mistake in refused.mistakes:
            click.echo(f"{file and file.name}, {mistake}", err=True)
        raise click.exceptions.Exit(2) from None
    except (ConfigurationProblems, Refusal) as refused:
        raise click.ClickException(str(refused)) from None
    for question in questions:
        answer = explain_case(configuration, question)
        click.echo(json.dumps({**answer, "revision": revision}, ensure_ascii=False))


def _configuration(directory: Path | None) -> tuple[Configuration, int | str]:
    """What to decide by, and the revision it is; files are named by the digest's beginning."""
    if directory is not None:
        read = load_configuration(read_directory(directory))
        return read, read.digest[:DIGITS_OF_DIGEST]
    with database() as engine, reading(engine) as connection:
        published = live(connection)
    return published.configuration, published.revision_id


def _question(configuration: Configuration, case: dict[str, Any]) -> Question:
    if case["dialed"] is None:
        raise click.UsageError("Say which number is called, with --dialed, or give a --csv file.")
    line = configuration.line_for(case["dialed"])
    if case["ticket"] is None:
        zone = case["zone"]
        desk = supposed_answer(Status(case["status"]), case["severity"], zone)
    else:
        desk = _kept_ticket(case["ticket"])
        zone = desk.ticket.requester_zone if isinstance(desk, Found) else None
    instant = _instant(case["at"], zone or line.region.zone)
    return Question(instant, case["dialed"], desk, zone, case["ani"])


def _kept_ticket(number: str) -> Found | NotFound:
    with database() as engine, reading(engine) as connection:
        ticket = find_ticket(connection, number)
    return NotFound(number) if ticket is None else Found(ticket)


def _instant(at: str | None, zone: str) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise click.UsageError(f"{at!r} is no time; write it like 2026-01-14T12:00:00Z.") from None
    try:
        moment = in_reach(moment)
        if moment.tzinfo is None:
            moment = pytz.timezone(zone).localize(moment, is_dst=None)
    except pytz.InvalidTimeError:
        sentence = f"The clock in {zone} does not show {at} exactly once; give the offset from UTC."
        raise click.UsageError(sentence) from None
    except ValueError as refused:
        raise click.UsageError(str(refused)) from None
    return moment.astimezone(UTC)
