"""Numbers: what the carrier should have configured for each of our lines, and what it has."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.telephony import CarrierNumber


@dataclass(frozen=True)
class NumberChange:
    """One of our lines. `had` is None when the account does not own it; `wants` what it needs."""

    number: str
    had: CarrierNumber | None
    wants: CarrierNumber | None

    @property
    def is_missing(self) -> bool:
        return self.had is None

    @property
    def is_needed(self) -> bool:
        return self.had is not None and self.had != self.wants


def plan(
    lines: Iterable[str], owned: Iterable[CarrierNumber], addresses: tuple[str, str, str]
) -> list[NumberChange]:
    """What to change at the carrier so that every line's voice, status and fallback are ours."""
    voice, status, fallback = addresses
    by_number = {number.number: number for number in owned}
    changes = []
    for line in sorted(lines):
        had = by_number.get(line)
        wants = had and CarrierNumber(had.sid, line, voice, status, fallback)
        changes.append(NumberChange(line, had, wants))
    return changes
