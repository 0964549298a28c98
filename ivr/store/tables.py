"""All tables of the service, imported together so that `metadata` is complete."""

from ivr.store import acd, calls, messages, revisions, technicians, tickets
from ivr.store.metadata import metadata

__all__ = ["acd", "calls", "messages", "metadata", "revisions", "technicians", "tickets"]
