"""On call in line.yaml: rotas, their shifts and changes, and the escalation chains of queues."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from callflows.strict_yaml import Path
from ivr.configuration.fields import (
    WEEKDAYS,
    Clock,
    Email,
    Instant,
    Name,
    OnlyOnce,
    Seconds,
    Spoken,
    Weekday,
    Zone,
)
from ivr.configuration.model import WHISPER_SECONDS
from ivr.configuration.part import Part
from ivr.configuration.places import EACH, Mistake, place, select
from routing.escalation import Step
from routing.rotas import Override, Rota, Shift, Swap, gaps_on_paper

People = Annotated[list[Email], Field(min_length=1), OnlyOnce]


class ShiftPart(Part):
    starts: Weekday
    starts_at: Clock
    ends: Weekday
    ends_at: Clock
    who: People


class ForATimePart(Part):
    begins: Instant
    until: Instant
    reason: Spoken

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        if self.until <= self.begins:
            raise ValueError("must have until later than begins; change one of them")
        return self


class OverridePart(ForATimePart):
    who: People


class SwapPart(ForATimePart):
    between: Annotated[list[Email], Field(min_length=2, max_length=2), OnlyOnce]


class RotaPart(Part):
    zone: Zone
    shifts: Annotated[list[ShiftPart], Field(min_length=1)]
    overrides: list[OverridePart] = []
    swaps: list[SwapPart] = []


class StepPart(Part):
    after_seconds: Seconds
    rota: Name


def rising_steps(steps: list[StepPart]) -> list[StepPart]:
    """Refuses a chain whose steps do not come one after the other."""
    times = [step.after_seconds for step in steps]
    if times != sorted(set(times)):
        raise ValueError("must have its steps in order, each later than the one before")
    return steps


def rotas(parts: Mapping[str, RotaPart]) -> dict[str, Rota]:
    """The rotas by their names; addresses are compared in small letters."""
    return {
        name: Rota(
            name=name,
            zone=part.zone,
            shifts=tuple(
                Shift(each.starts, each.starts_at, each.ends, each.ends_at, _people(each.who))
                for each in part.shifts
            ),
            changes=(
                *(
                    Override(each.begins, each.until, _people(each.who), each.reason)
                    for each in part.overrides
                ),
                *(
                    Swap(each.begins, each.until, *_two(each.between), each.reason)
                    for each in part.swaps
                ),
            ),
        )
        for name, part in parts.items()
    }


def chain(parts: Iterable[StepPart]) -> tuple[Step, ...]:
    return tuple(Step(part.after_seconds, part.rota) for part in parts)


def on_call_mistakes(line: Any) -> Iterator[Mistake]:
    """What does not fit together, of rotas and chains that have the right shape."""
    known = rotas(dict(_rota_parts(line)))
    for path, queue in select(line, "queues", EACH):
        if isinstance(queue, dict):
            yield from _chain_too_long((*path, "escalation"), queue, line, known)
            yield from _uncovered((*path, "escalation"), queue, known)


def _rota_parts(line: Any) -> Iterator[tuple[str, RotaPart]]:
    for path, part in select(line, "on_call", EACH):
        try:
            yield str(path[-1]), RotaPart.model_validate(part)
        except ValidationError:
            continue


def _steps(queue: Any) -> list[StepPart]:
    steps = []
    for _, step in select(queue, "escalation", EACH):
        try:
            steps.append(StepPart.model_validate(step))
        except ValidationError:
            continue
    return steps


def _chain_too_long(
    path: Path, queue: Any, line: Any, known: Mapping[str, Rota]
) -> Iterator[Mistake]:
    """Everybody of a chain is rung once before the caller is sent to voicemail."""
    ring_seconds, longest = _seconds(line, "ring_seconds"), _longest_wait(line, queue)
    steps = [step for step in _steps(queue) if step.rota in known]
    if ring_seconds is None or longest is None:
        return
    each_seconds = ring_seconds + WHISPER_SECONDS
    ends = 0
    for step in steps:
        ends = max(ends, step.after_seconds) + _most_people(known[step.rota]) * each_seconds
    if ends >= longest:
        yield (
            path,
            f"{place(path)} may take {ends} s; make that less than the longest wait, {longest} s, "
            "so that everybody is rung once before the caller is sent to voicemail.",
        )


def _longest_wait(line: Any, queue: Any) -> int | None:
    own = [value for _, value in select(queue, "longest_wait_seconds") if isinstance(value, int)]
    return own[0] if own else _seconds(line, "longest_wait_seconds")


def _seconds(line: Any, timer: str) -> int | None:
    values = [value for _, value in select(line, "timers", timer) if isinstance(value, int)]
    return values[0] if values else None


def _most_people(rota: Rota) -> int:
    shifts = [len(shift.who) for shift in rota.shifts]
    overrides = [len(change.who) for change in rota.changes if isinstance(change, Override)]
    return max([*shifts, *overrides])


def _uncovered(path: Path, queue: Any, known: Mapping[str, Rota]) -> Iterator[Mistake]:
    """Severity 1 is served around the clock, so its rotas are."""
    severities = [severity for _, severity in select(queue, "severities", EACH)]
    if 1 not in severities:
        return
    for number, step in enumerate(_steps(queue)):
        for gap in gaps_on_paper(known[step.rota])[:1] if step.rota in known else ():
            since, until = (f"{WEEKDAYS[at.weekday()]} {at:%H:%M}" for at in (gap.begins, gap.ends))
            yield (
                (*path, number, "rota"),
                f"{place((*path, number))} uses rota {step.rota}, which has nobody from {since} "
                f"to {until}; Severity 1 is served around the clock, so add a shift.",
            )


def _people(emails: Iterable[str]) -> tuple[str, ...]:
    return tuple(email.lower() for email in emails)


def _two(emails: list[str]) -> tuple[str, str]:
    one, other = _people(emails)
    return one, other
