"""Tickets: what the help desk knows about the number a caller keyed, and how it can fail to say."""

from dataclasses import dataclass
from enum import StrEnum


class TicketStatus(StrEnum):
    """Where a ticket stands at the help desk."""

    OPEN = "open"
    PENDING = "pending"
    HOLD = "hold"
    SOLVED = "solved"
    CLOSED = "closed"


class Entitlement(StrEnum):
    """Whether the customer's maintenance or subscription covers support (R16)."""

    ACTIVE = "active"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Ticket:
    """One ticket as the desk shows it now.

    `severity` is 1 to 4, or None when the desk has not set one (A12). The zones are IANA names,
    taken as the desk wrote them: a name nobody knows is passed over, never trusted.
    """

    number: str
    status: TicketStatus
    severity: int | None = None
    product: str | None = None
    organisation: str | None = None
    requester: str | None = None
    requester_phone: str | None = None
    requester_zone: str | None = None
    organisation_zone: str | None = None
    language: str | None = None
    entitlement: Entitlement = Entitlement.UNKNOWN
    subject: str | None = None


@dataclass(frozen=True)
class Found:
    """The desk has the ticket; `cached` when it was read less than a minute ago and kept."""

    ticket: Ticket
    cached: bool = False


@dataclass(frozen=True)
class NotFound:
    """The desk answered, and has no such ticket."""

    number: str


@dataclass(frozen=True)
class Unavailable:
    """The desk could not be asked (A20); `why` is for our log, never spoken."""

    number: str
    why: str


@dataclass(frozen=True)
class NothingKeyed:
    """The caller keyed no number, so there was nothing to ask."""


DeskAnswer = Found | NotFound | Unavailable | NothingKeyed
