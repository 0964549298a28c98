"""Connection overrides: the `#ct=…&rc=…` fragment of a webhook URL, kept from the service."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

_RANGES = {"ct": (100, 10000), "rt": (100, 15000), "tt": (100, 15000), "rc": (0, 5)}
_POLICIES = {"4xx", "5xx", "ct", "rt", "all"}
_IGNORED = {"sni", "e"}  # TLS name and egress edge: nothing to do on a loopback


@dataclass(frozen=True)
class Overrides:
    """How patient the carrier is with one URL, and what it tries again. Seconds."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, failure: str, status: int) -> bool:
        """Is this outcome one of those that are tried again?"""
        kinds = {
            "ct": failure == "connect",
            "rt": failure == "read",
            "4xx": 400 <= status < 500,  # HTTP's own classes
            "5xx": status >= 500,
        }
        return any(
            holds and (kind in self.retry_on or "all" in self.retry_on)
            for kind, holds in kinds.items()
        )


DEFAULTS = Overrides()


class BadOverride(ValueError):
    """The fragment says something Twilio does not know; the sentence says what."""


def read_overrides(fragment: str) -> Overrides:
    """Raises BadOverride; no fragment means 5 s to connect, tried twice, 15 s in all."""
    if not fragment:
        return DEFAULTS
    numbers: dict[str, int] = {}
    retry_on = DEFAULTS.retry_on
    for key, value in parse_qsl(fragment, keep_blank_values=True):
        if key in _RANGES:
            numbers[key] = _number(key, value)
        elif key == "rp":
            retry_on = frozenset(value.split(","))
            if not retry_on <= _POLICIES:
                raise BadOverride(f"rp={value}: a comma list of {', '.join(sorted(_POLICIES))}")
        elif key not in _IGNORED:
            raise BadOverride(f"unknown connection override {key!r}")
    return Overrides(
        numbers.get("ct", 5000) / 1000,
        numbers.get("rt", 15000) / 1000,
        numbers.get("tt", 15000) / 1000,
        numbers.get("rc", 1),
        retry_on,
    )


def _number(key: str, value: str) -> int:
    low, high = _RANGES[key]
    if not value.isdigit() or not low <= int(value) <= high:
        raise BadOverride(f"{key}={value}: a whole number from {low} to {high}")
    return int(value)
