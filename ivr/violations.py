"""What a broken invariant is called, by whichever check finds it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One invariant of faults.md that does not hold for one subject (a call, an offer, …)."""

    invariant: str
    subject: str
    detail: str
