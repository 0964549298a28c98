"""A CSV file that people fill in, read strictly: all of it is right, or every mistake is told.

Whatever a cell says is text. What looks like a formula is not one, here or in the database.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.errors import Refusal

MAX_BYTES = 10_000_000

# Gives what a cell means, or raises ValueError with a sentence.
Read = Callable[[str], Any]

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class CsvMistake:
    """What is wrong, and where; `column` is None when a whole line, or the file, is wrong."""

    line: int
    column: str | None
    why: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.why}"


class CsvRefused(Refusal):
    """Nothing of the file is taken; `mistakes` lists every reason, in the order of the lines."""

    def __init__(self, mistakes: list[CsvMistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True)
class _Record:
    line: int
    cells: list[str]


def read_csv(content: bytes, columns: Mapping[str, Read], key: str) -> list[dict[str, Any]]:
    """The rows as what their cells mean, by column; spaces around a value do not count.

    The header names exactly `columns`, in any order, and no two rows have the same `key`.
    Empty lines are passed over. Raises CsvRefused.
    """
    records = _records(_text(content))
    header = next(records, None)
    match header:
        case None:
            why = "The file is empty; it must begin with a header."
            raise CsvRefused([CsvMistake(1, None, why)])
        case CsvMistake():
            raise CsvRefused([header])
    _check_header(header, list(columns))

    mistakes: list[CsvMistake] = []
    rows: list[dict[str, Any]] = []
    line_of: dict[Any, int] = {}
    for record in records:
        if isinstance(record, CsvMistake):
            mistakes.append(record)
            break
        row, wrong = _row(record, header.cells, columns)
        mistakes += wrong
        rows.append(row)
        if key in row and (first := line_of.setdefault(row[key], record.line)) != record.line:
            why = f"{row[key]} is already on line {first}; keep one of them."
            mistakes.append(CsvMistake(record.line, key, why))
    if mistakes:
        raise CsvRefused(mistakes)
    return rows


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        why = f"The file is larger than {MAX_BYTES // 1_000_000} MB; import it in parts."
        raise CsvRefused([CsvMistake(1, None, why)])
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise CsvRefused([CsvMistake(1, None, "The file is UTF-16; save it as CSV in UTF-8.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        why = f"The byte 0x{content[wrong.start]:02x} is not UTF-8; save the file as CSV in UTF-8."
        raise CsvRefused([CsvMistake(line, None, why)]) from None


def _records(text: str) -> Iterator[_Record | CsvMistake]:
    """Every line with something on it, up to the first that is not CSV.

    Where a record takes several lines, its number is that of the first.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield CsvMistake(line, None, f"From here on this is not CSV: {wrong}.")
            return
        if cells:
            yield _Record(line, [cell.strip() for cell in cells])


def _check_header(header: _Record, columns: list[str]) -> None:
    named, wanted = header.cells, ",".join(columns)
    if len(named) == 1 and ";" in named[0]:
        why = f"Columns are separated by commas, not semicolons; the header is {wanted}"
        raise CsvRefused([CsvMistake(header.line, None, why)])
    wrong = [(name, "This column is missing.") for name in columns if name not in named]
    wrong += [
        (name, f"There is no column {name!r}; the header is {wanted}")
        for name in named
        if name not in columns
    ]
    wrong += [(name, "This column is there twice.") for name in columns if named.count(name) > 1]
    if wrong:
        raise CsvRefused([CsvMistake(header.line, name, why) for name, why in wrong])


def _row(
    record: _Record, header: list[str], columns: Mapping[str, Read]
) -> tuple[dict[str, Any], list[CsvMistake]]:
    """What could be read of one line, and what is wrong with the rest of it."""
    if len(record.cells) != len(header):
        why = f"There are {len(record.cells)} cells where the header has {len(header)} columns."
        return {}, [CsvMistake(record.line, None, why)]
    row: dict[str, Any] = {}
    mistakes = []
    for column, cell in zip(header, record.cells, strict=True):
        try:
            row[column] = columns[column](_printable(cell))
        except ValueError as wrong:
            mistakes.append(CsvMistake(record.line, column, str(wrong)))
    return row, mistakes


def _printable(cell: str) -> str:
    if _UNPRINTABLE.search(cell):
        raise ValueError("This must be on one line, without tabs and control characters.")
    return cell
