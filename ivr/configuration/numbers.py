"""Telephone numbers as line.yaml writes them: ours, and those that callers are sent to."""

from collections.abc import Iterable, Iterator
from typing import Any

import phonenumbers

from callflows.strict_yaml import Path
from ivr.configuration.places import EACH, KEY, Mistake, place, select
from ivr.dial_policy import E164, LINE_TYPES, DialPolicy
from ivr.errors import NotDialled


def number_mistakes(line: Any) -> Iterator[Mistake]:
    """Our own numbers must exist, of whatever kind; the targets of transfers must be diallable.

    What is not E.164 at all is passed over: the schema speaks of it.
    """
    callers = list(select(line, "numbers", KEY))
    technicians = list(select(line, "technician_line"))
    for path, number in callers + technicians:
        if is_e164(number) and not phonenumbers.is_valid_number(phonenumbers.parse(number)):
            yield path, f"{place(path)} is not a number of any country; check its digits."
    for path, number in technicians:
        if number in [other for _, other in callers]:
            yield path, f"{place(path)} must not be among numbers; callers would get there too."
    policy = DialPolicy(
        countries=_texts(select(line, "dial_policy", "countries", EACH)),
        own=_texts(callers + technicians),
        line_types=_texts(select(line, "dial_policy", "line_types", EACH)) & LINE_TYPES.keys()
        or frozenset(LINE_TYPES),
    )
    targets = (("numbers", EACH, "other_options", EACH), ("transfers", EACH, "number"))
    for pattern in targets:
        for path, number in select(line, *pattern):
            if is_e164(number) and (refusal := _refusal(policy, number)):
                yield path, f"{place(path)} cannot be dialled: {refusal} Choose another number."


def is_e164(number: Any) -> bool:
    return isinstance(number, str) and E164.fullmatch(number) is not None


def _refusal(policy: DialPolicy, number: str) -> str | None:
    try:
        policy.check(number)
    except NotDialled as refused:
        return str(refused)
    return None


def _texts(found: Iterable[tuple[Path, Any]]) -> frozenset[str]:
    return frozenset(value for _, value in found if isinstance(value, str))
