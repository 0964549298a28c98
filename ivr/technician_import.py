"""Technicians from a CSV file: `ivr technicians import`."""

from collections.abc import Collection
from dataclasses import dataclass

from ivr import csv_cells as cells
from ivr.csv_import import Read, read_csv
from ivr.dial_policy import DialPolicy
from ivr.errors import NotDialled

LONGEST_NAME = 200


@dataclass(frozen=True)
class TechnicianRow:
    """One technician as imported; an empty set means any."""

    name: str
    email: str
    phone: str
    products: frozenset[str]
    regions: frozenset[str]
    languages: frozenset[str]
    severities: frozenset[int]
    level: int


def read_technicians(
    content: bytes, *, products: Collection[str], regions: Collection[str], dialling: DialPolicy
) -> list[TechnicianRow]:
    """The technicians of a CSV file, each e-mail address once. Their phones may be rung.

    Raises CsvRefused with every mistake.
    """
    columns: dict[str, Read] = {
        "name": cells.required(cells.text(LONGEST_NAME)),
        "email": cells.required(cells.email),
        "phone": cells.required(lambda cell: _telephone(cell, dialling)),
        "products": cells.several(cells.one_of(products)),
        "regions": cells.several(cells.one_of(regions)),
        "languages": cells.several(cells.language),
        "severities": cells.several(cells.whole_number(1, 4)),
        "level": cells.optional(cells.whole_number(1, 9), empty=1),
    }
    return [TechnicianRow(**row) for row in read_csv(content, columns, key="email")]


def _telephone(cell: str, dialling: DialPolicy) -> str:
    number = cells.phone(cell)
    try:
        dialling.check(number)
    except NotDialled as refusal:
        raise ValueError(str(refusal)) from None
    return number
