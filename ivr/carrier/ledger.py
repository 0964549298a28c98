"""The carrier's own book: all that happened, in order, never changed. The oracle of the tests."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

Entry = dict[str, Any]

ERROR = "error"
WARNING = "warning"
APP_ERROR_PLAYED = "app_error_played"


class Ledger:
    """Append-only entries `{"n", "at", "event", …}`; also JSON lines in a file when given one.

    Iterable. `of("answered", call=sid)` filters; `problems()` are errors and warnings with Twilio's
    code.
    """

    def __init__(self, clock: Callable[[], datetime], path: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self._clock = clock
        self._file: TextIO | None = path.open("a", encoding="utf-8") if path else None

    def add(self, event: str, **fields: Any) -> Entry:
        entry = {
            "n": len(self.entries) + 1,
            "at": self._clock().isoformat(),
            "event": event,
            **fields,
        }
        self.entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()
        return entry

    def of(self, *events: str, **fields: Any) -> list[Entry]:
        """The entries of these kinds whose fields all have these values."""
        return [
            entry
            for entry in self.entries
            if entry["event"] in events
            and all(entry.get(name) == value for name, value in fields.items())
        ]

    def problems(self) -> list[Entry]:
        return self.of(ERROR, WARNING)

    @property
    def app_errors_played(self) -> int:
        """How often somebody heard the carrier's own apology (I1 wants 0)."""
        return len(self.of(APP_ERROR_PLAYED))

    def after(self, n: int) -> list[Entry]:
        return self.entries[n:]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)
