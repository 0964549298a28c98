"""Logs: one JSON line an event, without secrets, keyed digits or full telephone numbers (I14)."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Long runs of figures are telephone or ticket numbers; the last four are enough to recognise one.
# A word in front, as in CA0123… or a hash, is an identifier of ours and stays.
FIGURES = re.compile(r"(?<![\w-])\+?\d{3,}(\d{4})(?![\w-])")


def configure_logs() -> None:
    """Write events of `structlog` and of the standard library as JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            mask,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def mask(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask numbers in every text of an event but its time."""
    for name, value in event.items():
        if name != "timestamp":
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    match value:
        case str():
            return FIGURES.sub(r"…\1", value)
        case list() | tuple():
            return [_masked(item) for item in value]
        case dict():
            return {key: _masked(item) for key, item in value.items()}
        case _:
            return value
