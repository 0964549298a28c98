"""Faults on demand: what a bad day does to callbacks, documents, media and the REST API."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.carrier.transport import Request

# A part of the URL, the request's kind, or a question about the request.
Matching = str | Callable[[Request], bool]


class Knob(StrEnum):
    DELAY = "delay"  # leaves so many seconds late
    REORDER = "reorder"  # leaves after a random part of so many seconds
    SLOW = "slow"  # the answer takes so many seconds
    DROP = "drop"  # never reaches the service
    LOSE_REPLY = "lose_reply"  # the service does the work, its answer never arrives
    DUPLICATE = "duplicate"  # delivered again, so many times
    SHORT_MEDIA = "media_short"  # a recording's body ends half-way


class RestFault(StrEnum):
    TOO_MANY = "429"  # refused, nothing done
    BROKEN = "500"  # refused, nothing done
    LOST = "lost"  # done; the client gets no answer


@dataclass
class Fault:
    """One knob turned, for requests that match, as long as `left` is not used up (None: ever)."""

    knob: Knob
    matching: Matching
    amount: float = 0.0
    left: int | None = None
    chance: float = 1.0


@dataclass
class RestFaultRule:
    fault: RestFault
    method: str
    path: str
    left: int | None
    chance: float


@dataclass
class Plan:
    """What happens to one request."""

    delay: float = 0.0
    slow: float = 0.0
    dropped: bool = False
    reply_lost: bool = False
    copies: int = 0


@dataclass
class Faults:
    """The knobs. Each is turned for requests that match, `times` times (None = always), with a
    seeded `chance`.

    `matching` is a part of the URL, a request's kind (`status`, `recording`, `action`, `wait`, …)
    or a predicate.
    """

    seed: int = 0
    _faults: list[Fault] = field(default_factory=list)
    _rest: list[RestFaultRule] = field(default_factory=list)
    media_missing_seconds: float = 0.0
    media_slow_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._random = random.Random(f"faults {self.seed}")

    def delay(
        self, matching: Matching, seconds: float, times: int | None = None, chance: float = 1.0
    ) -> None:
        """The request leaves `seconds` late."""
        self._faults.append(Fault(Knob.DELAY, matching, seconds, times, chance))

    def reorder(
        self, matching: Matching, within: float, times: int | None = None, chance: float = 1.0
    ) -> None:
        """Each request leaves after a random part of `within` seconds, so they overtake."""
        self._faults.append(Fault(Knob.REORDER, matching, within, times, chance))

    def slow(
        self, matching: Matching, seconds: float, times: int | None = None, chance: float = 1.0
    ) -> None:
        """The service gets the request at once; its answer takes so long (over 15 s: too long)."""
        self._faults.append(Fault(Knob.SLOW, matching, seconds, times, chance))

    def drop(self, matching: Matching, times: int | None = None, chance: float = 1.0) -> None:
        """The request never reaches the service: a connection that could not be made."""
        self._faults.append(Fault(Knob.DROP, matching, 0, times, chance))

    def lose_reply(self, matching: Matching, times: int | None = None, chance: float = 1.0) -> None:
        """The service does the work; its answer never arrives."""
        self._faults.append(Fault(Knob.LOSE_REPLY, matching, 0, times, chance))

    def duplicate(
        self, matching: Matching, copies: int = 1, times: int | None = None, chance: float = 1.0
    ) -> None:
        """The same bytes are delivered again, `copies` times more; only the first answer counts."""
        self._faults.append(Fault(Knob.DUPLICATE, matching, copies, times, chance))

    def rest(
        self,
        fault: str,
        method: str = "POST",
        path: str = "",
        times: int | None = 1,
        chance: float = 1.0,
    ) -> None:
        """Our REST API answers "429" or "500" (nothing done), or gets "lost" (done, no answer)."""
        self._rest.append(RestFaultRule(RestFault(fault), method, path, times, chance))

    def media_missing(self, seconds: float) -> None:
        """A recording's media is 404 for so long after it is complete."""
        self.media_missing_seconds = seconds

    def media_slow(self, seconds: float) -> None:
        """A recording's media takes so long; without a socket the client gives up at once."""
        self.media_slow_seconds = seconds

    def media_short(self, times: int | None = 1) -> None:
        """A recording's body ends half-way."""
        self._faults.append(Fault(Knob.SHORT_MEDIA, "", 0, times))

    def turn(
        self, knob: str, matching: str = "", amount: float = 0, times: int | None = None
    ) -> None:
        """Turn a knob by its name, for those who come over HTTP; ValueError for another name."""
        self._faults.append(Fault(Knob(knob), matching, amount, times))

    def clear(self) -> None:
        self._faults.clear()
        self._rest.clear()
        self.media_missing_seconds = self.media_slow_seconds = 0.0

    def plan(self, request: Request) -> Plan:
        """What happens to this request. Uses the faults up that apply."""
        plan = Plan()
        for fault in self._faults:
            if (
                fault.knob is not Knob.SHORT_MEDIA
                and matches(fault.matching, request)
                and self._strikes(fault)
            ):
                self._apply(plan, fault)
        return plan

    def plan_rest(self, method: str, path: str) -> RestFault | None:
        for rule in self._rest:
            if rule.method == method and rule.path in path and self._strikes(rule):
                return rule.fault
        return None

    def shortens_media(self) -> bool:
        return any(f.knob is Knob.SHORT_MEDIA and self._strikes(f) for f in self._faults)

    def _strikes(self, fault: Fault | RestFaultRule) -> bool:
        if fault.left == 0 or (fault.chance < 1 and self._random.random() >= fault.chance):
            return False
        if fault.left is not None:
            fault.left -= 1
        return True

    def _apply(self, plan: Plan, fault: Fault) -> None:
        match fault.knob:
            case Knob.DELAY:
                plan.delay += fault.amount
            case Knob.REORDER:
                plan.delay += self._random.uniform(0, fault.amount)
            case Knob.SLOW:
                plan.slow += fault.amount
            case Knob.DROP:
                plan.dropped = True
            case Knob.LOSE_REPLY:
                plan.reply_lost = True
            case Knob.DUPLICATE:
                plan.copies += int(fault.amount)


def matches(matching: Matching, request: Request) -> bool:
    if isinstance(matching, str):
        return matching == request.kind or matching in request.url
    return matching(request)
