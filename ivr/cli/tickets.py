"""`ivr tickets`: the tickets of those who have no other help desk, and our notes on tickets."""

import json
from dataclasses import asdict
from typing import BinaryIO

import click

from ivr.cli.database import database
from ivr.cli.importing import configuration, content_of, refuse, report
from ivr.cli.options import as_json_option, never_asks_option
from ivr.csv_import import CsvRefused
from ivr.store.engine import reading, writing
from ivr.store.tickets import put_tickets
from ivr.ticket_import import read_tickets
from ivr.ticket_notes import TicketNote, notes_of


@click.group()
def tickets() -> None:
    """Tickets kept locally, the embedded help desk; and notes on any help desk's tickets."""


@tickets.command("import")
@click.argument("file", type=click.File("rb"))
@never_asks_option
@as_json_option
def import_tickets(file: BinaryIO, as_json: bool) -> None:
    """Insert and update the tickets of a CSV FILE by their number; all of them or none.

    The header is number,status,severity,product,organisation,requester,requester_phone,
    time_zone,language,entitlement,subject.
    """
    with database() as engine:
        with reading(engine) as connection:
            products = list(configuration(connection).products)
        try:
            read = read_tickets(content_of(file), products)
        except CsvRefused as refusal:
            refuse(refusal, file, as_json)
        with writing(engine) as connection:
            counts = put_tickets(connection, read)
    report(counts, as_json)


@tickets.command()
@click.argument("number")
@as_json_option
def notes(number: str, as_json: bool) -> None:
    """Every note the line was to put on ticket NUMBER; with --json an object a line."""
    with database() as engine, reading(engine) as connection:
        found = notes_of(connection, number)
    for note in found:
        click.echo(json.dumps(asdict(note), default=str) if as_json else _line(note))


def _line(note: TicketNote) -> str:
    if note.delivered_at is not None:
        stands = f"delivered {note.delivered_at:%Y-%m-%d %H:%M} UTC"
    else:
        stands = "given up" if note.due_at is None else "not delivered yet"
    return f"{note.written_at:%Y-%m-%d %H:%M} UTC  {stands}  {note.call_sid}  {note.text}"
