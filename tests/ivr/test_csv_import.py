"""A CSV file is read whole or refused whole, with every mistake in its place."""

import pytest

from ivr.csv_cells import optional, required, several, text, whole_number
from ivr.csv_import import MAX_BYTES, CsvRefused, read_csv

COLUMNS = {
    "name": required(text(20)),
    "size": optional(whole_number(1, 9)),
    "colours": several(text(10)),
}
HEADER = "name,size,colours\n"


def read(content: str | bytes) -> list[dict[str, object]]:
    return read_csv(content.encode() if isinstance(content, str) else content, COLUMNS, key="name")


def mistakes(content: str | bytes) -> list[str]:
    with pytest.raises(CsvRefused) as refused:
        read(content)
    return [str(mistake) for mistake in refused.value.mistakes]


ANN = {"name": "ann", "size": 3, "colours": frozenset({"red", "blue"})}
BOB: dict[str, object] = {"name": "bob", "size": None, "colours": frozenset()}

ACCEPTED = {
    "line feeds": HEADER + "ann,3,red;blue\nbob,,\n",
    "carriage returns and line feeds": (HEADER + "ann,3,red;blue\nbob,,\n").replace("\n", "\r\n"),
    "no last line end": HEADER + "ann,3,red;blue\nbob,,",
    "a byte order mark": "\ufeff" + HEADER + "ann,3,red;blue\nbob,,\n",
    "columns in another order": "colours,name,size\nred;blue,ann,3\n,bob,\n",
    "quotes": HEADER + '"ann","3","red;blue"\n"bob","",""\n',
    "outer spaces": "name , size,colours\n ann ,3 , red; blue \nbob, ,\n",
    "empty lines": HEADER + "\nann,3,red;blue\n\n\nbob,,\n\n",
}


@pytest.mark.parametrize("content", ACCEPTED.values(), ids=ACCEPTED)
def test_a_file_is_read_as_people_and_programs_write_it(content: str) -> None:
    assert read(content) == [ANN, BOB]


def test_a_header_alone_is_a_file_without_rows() -> None:
    assert read(HEADER) == []


def test_what_looks_like_a_formula_is_text() -> None:
    assert read(HEADER + '"=1+1,""x""",1,@a;-b;+c\n') == [
        {"name": '=1+1,"x"', "size": 1, "colours": frozenset({"@a", "-b", "+c"})}
    ]


REFUSED = {
    "": "line 1: The file is empty; it must begin with a header.",
    "name,size": "line 1, column colours: This column is missing.",
    "name,size,colours,weight": "line 1, column weight: There is no column 'weight'; "
    "the header is name,size,colours",
    "name,size,colours,size": "line 1, column size: This column is there twice.",
    "name;size;colours": "line 1: Columns are separated by commas, not semicolons; "
    "the header is name,size,colours",
    "ann,3,red": "line 1, column name: This column is missing.",
    HEADER + "ann,3": "line 2: There are 2 cells where the header has 3 columns.",
    HEADER + "ann,3,red,": "line 2: There are 4 cells where the header has 3 columns.",
    HEADER + ",3,red": "line 2, column name: This must not be empty.",
    HEADER + "ann,10,red": "line 2, column size: '10' must be a whole number from 1 to 9.",
    HEADER + "ann,³,red": "line 2, column size: '³' must be a whole number from 1 to 9.",
    HEADER + "ann,3,red;": "line 2, column colours: 'red;' has a semicolon too many.",
    HEADER + "abcdefghijklmnopqrstu,3,": "line 2, column name: This has 21 characters; "
    "20 is the most.",
    HEADER + '"an\nn",3,\n': "line 2, column name: This must be on one line, "
    "without tabs and control characters.",
    HEADER + "an\0n,3,": "line 2, column name: This must be on one line, "
    "without tabs and control characters.",
    HEADER + '"ann,3,red\nbob,,\n': "line 2: From here on this is not CSV: unexpected end of data.",
    HEADER + '"ann"x,3,red': "line 2: From here on this is not CSV: ',' expected after '\"'.",
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.items(), ids=REFUSED.values())
def test_a_mistake_is_told_with_its_place(content: str, sentence: str) -> None:
    assert mistakes(content)[0] == sentence


def test_every_mistake_is_told_at_once() -> None:
    content = HEADER + ',x,\n"two\nlines",1,a;;b\nann,1,\nann,2,\n"open'

    assert mistakes(content) == [
        "line 2, column name: This must not be empty.",
        "line 2, column size: 'x' must be a whole number from 1 to 9.",
        "line 3, column name: This must be on one line, without tabs and control characters.",
        "line 3, column colours: 'a;;b' has a semicolon too many.",
        "line 6, column name: ann is already on line 5; keep one of them.",
        "line 7: From here on this is not CSV: unexpected end of data.",
    ]


def test_another_encoding_is_named() -> None:
    assert mistakes(HEADER.encode("utf-16")) == [
        "line 1: The file is UTF-16; save it as CSV in UTF-8."
    ]
    assert mistakes(HEADER.encode() + b"ann,1,\nren\xe9,2,\n") == [
        "line 3: The byte 0xe9 is not UTF-8; save the file as CSV in UTF-8."
    ]


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert mistakes(b"x" * (MAX_BYTES + 1)) == [
        "line 1: The file is larger than 10 MB; import it in parts."
    ]
