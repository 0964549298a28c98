"""Technicians from a CSV file: `ivr technicians import`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TechnicianRow:
    """One technician as imported; an empty set means any."""

    name: str
    email: str
    phone: str
    products: frozenset[str]
    regions: frozenset[str]
    languages: frozenset[str]
    severities: frozenset[int]
    level: int
