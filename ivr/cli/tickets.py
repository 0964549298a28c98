"""`ivr tickets`: the tickets of those who have no other help desk."""

from typing import BinaryIO

import click

from ivr.cli.database import database
from ivr.cli.importing import configuration, content_of, refuse, report
from ivr.cli.options import as_json_option, never_asks_option
from ivr.csv_import import CsvRefused
from ivr.store.engine import reading, writing
from ivr.store.tickets import put_tickets
from ivr.ticket_import import read_tickets


@click.group()
def tickets() -> None:
    """Tickets kept locally, the embedded help desk."""


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
