"""Telephone numbers as line.yaml writes them: ours, and those that callers are sent to."""

from collections.abc import Iterator
from typing import Any

import phonenumbers

from ivr.configuration.places import EACH, KEY, Mistake, place, select
from ivr.dial_policy import E164, DialPolicy
from ivr.errors import NotDialled


def number_mistakes(line: Any) -> Iterator[Mistake]:
    """Our own numbers must exist, of whatever kind; the targets of transfers must be diallable.

    What is not E.164 at all is passed over: the schema speaks of it.
    """
    ours = {number for _, number in select(line, "numbers", KEY)}
    countries = [country for _, country in select(line, "dial_policy", "countries", EACH)]
    targets = [
        *select(line, "numbers", EACH, "other_options", EACH),
        *select(line, "transfers", EACH, "number"),
    ]
    policy = DialPolicy(frozenset(filter(_is_text, countries)), frozenset(ours))
    for path, number in select(line, "numbers", KEY):
        if is_e164(number) and not phonenumbers.is_valid_number(phonenumbers.parse(number)):
            yield path, f"{place(path)} is not a number of any country; check its digits."
    for path, number in targets:
        if is_e164(number):
            try:
                policy.check(number)
            except NotDialled as refused:
                yield path, f"{place(path)} cannot be dialled: {refused} Choose another number."


def is_e164(number: Any) -> bool:
    return _is_text(number) and E164.fullmatch(number) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
