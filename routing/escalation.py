"""Escalation: whom to ring for a caller for whom nobody who is free could be rung."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """One step of a queue's chain: whoever is on duty by a rota.

    It comes when a caller has waited `after_seconds`, and sooner when nobody of the steps before it
    is left to be rung; the first step always waits for its time.
    """

    after_seconds: int
    rota: str


@dataclass(frozen=True)
class Unanswered:
    """A waiting call, the chain of its queue, and who let it pass, last at what instant.

    Somebody who let it pass is rung again after `retry_after_seconds` at the earliest, and after
    all those who have not been rung yet.
    """

    since: datetime
    chain: tuple[Step, ...]
    tried: Mapping[str, datetime]
    retry_after_seconds: int


@dataclass(frozen=True)
class Standby:
    """Ring this person, though not free, because they are on call; `why` is for the journal."""

    person: str
    rota: str
    why: str


def next_on_call(
    call: Unanswered,
    on_duty: Mapping[str, Sequence[str]],
    can_be_rung: Collection[str],
    now: datetime,
) -> Standby | None:
    """The next person to ring for a call, or None when there is nobody to ring now.

    `on_duty` names the people of each rota, in their order. A step without people, a person who
    cannot be rung (unknown, or busy) and one who was rung for this call just now are passed over at
    once, so that nobody and nothing keeps the caller from the next step. A step whose time has come
    goes before those that came before it.
    """
    waited_seconds = (now - call.since).total_seconds()
    if not call.chain or waited_seconds < call.chain[0].after_seconds:
        return None
    numbered = list(enumerate(call.chain, 1))
    due = [each for each in numbered if each[1].after_seconds <= waited_seconds]
    in_order = [*reversed(due), *numbered[len(due) :]]
    ready = [
        (number, step, person)
        for number, step in in_order
        for person in on_duty.get(step.rota, ())
        if person in can_be_rung and _has_had_a_pause(call, person, now)
    ]
    if not ready:
        return None
    number, step, person = min(ready, key=lambda each: each[2] in call.tried)
    why = _why(number, step, int(waited_seconds), again=person in call.tried)
    return Standby(person, step.rota, why)


def _has_had_a_pause(call: Unanswered, person: str, now: datetime) -> bool:
    tried_at = call.tried.get(person)
    return tried_at is None or (now - tried_at).total_seconds() >= call.retry_after_seconds


def _why(number: int, step: Step, waited_seconds: int, *, again: bool) -> str:
    sentence = f"After {waited_seconds} s nobody free could be rung, so step {number} of the "
    sentence += f"escalation: on call by rota {step.rota}"
    return f"{sentence}, who had refused or missed it before." if again else f"{sentence}."
