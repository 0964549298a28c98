"""Technicians from a file: what they can do is known to the line, and their phones may be rung."""

import re
from pathlib import Path

import pytest

from ivr.csv_import import CsvRefused
from ivr.dial_policy import policy_for
from ivr.technician_import import TechnicianRow, read_technicians

EXAMPLES = Path(__file__).parents[2] / "examples" / "technicians.csv"
HEADER = "name,email,phone,products,regions,languages,severities,level"
OUR_NUMBER = "+14156945700"
RIGHT = {
    "name": "Maya Torres",
    "email": "Maya.Torres@example.com",
    "phone": "+14155550101",
    "products": "vsa;365-command",
    "regions": "north-america",
    "languages": "en;es",
    "severities": "1;2",
    "level": "2",
}


def read(content: bytes) -> list[TechnicianRow]:
    return read_technicians(
        content,
        products=["vsa", "traverse", "emm", "365-command"],
        regions=["north-america", "ireland", "netherlands", "united-kingdom", "new-zealand"],
        dialling=policy_for(["US", "CA", "IE", "NL", "GB", "NZ"], [OUR_NUMBER]),
    )


def a_file(**cells: str) -> bytes:
    return f"{HEADER}\n{','.join((RIGHT | cells).values())}\n".encode()


def test_every_cell_becomes_what_a_technician_can_do() -> None:
    assert read(a_file()) == [
        TechnicianRow(
            name="Maya Torres",
            email="maya.torres@example.com",
            phone="+14155550101",
            products=frozenset({"vsa", "365-command"}),
            regions=frozenset({"north-america"}),
            languages=frozenset({"en", "es"}),
            severities=frozenset({1, 2}),
            level=2,
        )
    ]


def test_an_empty_cell_means_any() -> None:
    (anyone,) = read(a_file(products="", regions="", languages="", severities="", level=""))

    assert not anyone.products | anyone.regions | anyone.languages
    assert (anyone.severities, anyone.level) == (frozenset(), 1)


REFUSED = [
    ("name", "", "This must not be empty."),
    ("email", "maya", "'maya' is not an e-mail address."),
    ("phone", "", "This must not be empty."),
    ("phone", "415 555 0101", "'415 555 0101' must be + and the digits of the whole number"),
    ("phone", "+15550001", "…0001 is not a telephone number of any country."),
    ("phone", OUR_NUMBER, "…5700 is one of our own numbers"),
    ("phone", "+112", "'+112' must be + and the digits of the whole number"),
    ("phone", "+61255501234", "…1234 is in AU, which is not on the list of countries we dial."),
    ("phone", "+19005550123", "…0123 is "),
    ("phone", "+881612345678", "…5678 is not a telephone number of any country."),
    ("products", "vsa;windows", "'windows' is not known; write one of vsa, traverse, emm"),
    ("products", "vsa,", "There are 9 cells where the header has 8 columns."),
    ("regions", "mars", "'mars' is not known; write one of north-america, ireland"),
    ("languages", "en;EN", "'EN' is not a language; write two small letters, like en."),
    ("severities", "1;5", "'5' must be a whole number from 1 to 4."),
    ("level", "0", "'0' must be a whole number from 1 to 9."),
]


@pytest.mark.parametrize(("column", "cell", "why"), REFUSED)
def test_a_wrong_cell_is_refused(column: str, cell: str, why: str) -> None:
    with pytest.raises(CsvRefused) as refused:
        read(a_file(**{column: cell}))

    (mistake,) = refused.value.mistakes
    assert mistake.line == 2
    assert mistake.column in (column, None)
    assert mistake.why.startswith(why)


def test_an_address_may_come_only_once_however_it_is_written() -> None:
    twice = a_file() + a_file(email="MAYA.TORRES@EXAMPLE.COM").splitlines(keepends=True)[1]

    with pytest.raises(CsvRefused, match="line 3, column email: maya.torres@example.com is alread"):
        read(twice)


def test_the_examples_ring_nobody() -> None:
    """Their telephones are from the ranges that are kept free for stories."""
    for_stories = re.compile(r"\+1\d{3}55501\d\d|\+44(2079460|1\d\d4960|2896496)\d{3}")
    examples = read(EXAMPLES.read_bytes())

    assert len(examples) == 8
    assert [each.phone for each in examples if not for_stories.fullmatch(each.phone)] == []
    assert {region for each in examples for region in each.regions} == {
        "north-america",
        "ireland",
        "netherlands",
        "united-kingdom",
        "new-zealand",
    }
