"""Supposed callers from a CSV file: one question a line, or every mistake with line and column."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ivr.csv_cells import one_of, optional, phone, whole_number, zone
from ivr.csv_import import CsvMistake, CsvRefused
from ivr.explaining import Question, Status, in_reach, supposed_answer


def instant(cell: str) -> datetime:
    """An ISO instant; without an offset it is UTC, as the column's name says."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no instant; write it like 2026-01-14T12:00:00Z.") from None
    moment = in_reach(moment)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


COLUMNS: dict[str, Callable[[str], Any]] = {
    "instant_utc": instant,
    "dialed_number": phone,
    "caller_tz": optional(zone),
    "severity": optional(whole_number(1, 4)),
    "ticket_status": one_of(list(Status)),
}


def read_questions(content: bytes) -> list[Question]:
    """The questions of a file whose header has at least COLUMNS. Raises CsvRefused."""
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    questions, mistakes = [], []
    try:
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise CsvRefused([CsvMistake(1, name, "This column is missing.") for name in missing])
        places = {name: header.index(name) for name in COLUMNS}
        for cells in reader:
            row, wrong = _row(cells, places, reader.line_num)
            mistakes += wrong
            if cells and not wrong:
                questions.append(_question(row))
    except csv.Error as wrong_quotes:
        why = f"This line is not CSV ({wrong_quotes}); look at its quotes."
        mistakes.append(CsvMistake(reader.line_num, None, why))
    if mistakes:
        raise CsvRefused(mistakes)
    return questions


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        why = "This is not UTF-8; save the file as CSV in UTF-8."
        raise CsvRefused([CsvMistake(line, None, why)]) from None


def _row(
    cells: list[str], places: dict[str, int], line: int
) -> tuple[dict[str, Any], list[CsvMistake]]:
    """What could be read of one line, and what is wrong with the rest; an empty line is nothing."""
    row: dict[str, Any] = {}
    mistakes = []
    for name, place in places.items() if cells else ():
        if place >= len(cells):
            mistakes.append(CsvMistake(line, name, "The line ends before this column."))
            continue
        try:
            row[name] = COLUMNS[name](cells[place].strip())
        except ValueError as wrong:
            mistakes.append(CsvMistake(line, name, str(wrong)))
    return row, mistakes


def _question(row: dict[str, Any]) -> Question:
    status = Status(row["ticket_status"])
    return Question(
        instant=row["instant_utc"],
        dialed_number=row["dialed_number"],
        desk=supposed_answer(status, row["severity"], row["caller_tz"]),
        zone=row["caller_tz"],
    )
