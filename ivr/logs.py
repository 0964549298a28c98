"""Logs: one JSON line an event, without secrets, keyed digits or full telephone numbers (I14)."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

# Runs of figures in a text are telephone or ticket numbers; their last few are enough to recognise
# one. Letters around them, as in CA0123… or a hash, make it an identifier of ours, which stays.
FIGURES = re.compile(r"(?<![\w-])\+?(\d{5,})(?![\w-])")
LONG_NUMBER = 9


# The values of variables are what a log must not have: tokens, numbers, what was keyed.
WITHOUT_LOCALS = ExceptionDictTransformer(show_locals=False)


def configure_logs() -> None:
    """Write events of `structlog` and of the standard library as JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(WITHOUT_LOCALS),
            mask,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
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
            return FIGURES.sub(_last_figures, value)
        case list() | tuple():
            return [_masked(item) for item in value]
        case dict():
            return {key: _masked(item) for key, item in value.items()}
        case _:
            return value


def _last_figures(number: re.Match[str]) -> str:
    figures = number[1]
    return f"…{figures[-4:] if len(figures) >= LONG_NUMBER else figures[-2:]}"
