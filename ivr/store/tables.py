"""All tables of the service, imported together so that `metadata` is complete."""

from ivr.store import (
    acd,
    callbacks,
    calls,
    messages,
    notes,
    on_call,
    phone_checks,
    revisions,
    rooms,
    staff_calls,
    taskrouter,
    technicians,
    tickets,
)
from ivr.store.metadata import metadata

TABLES = (
    acd,
    callbacks,
    calls,
    messages,
    notes,
    on_call,
    phone_checks,
    revisions,
    rooms,
    staff_calls,
    taskrouter,
    technicians,
    tickets,
)
__all__ = ["TABLES", "metadata"]
