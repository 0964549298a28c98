"""Complaint 6: a one-hour gap in the rota when summer time ends, an overlap when it begins.

Naive: shifts are kept as instants a week apart, or as lengths in hours, so that one of two shifts
ends by the old clock while the other begins by the new one.
"""

from datetime import timedelta

import pytest

from routing.rotas import gaps, on_duty, overlaps
from tests.builders import at
from tests.ivr.configuration.first_edition import first_edition

# Two days before each change of the clocks in New York, and the hand-over on its Monday.
CHANGES = [
    ("Fri 2026-03-06 12:00 America/New_York", "Mon 2026-03-09 07:00 America/New_York"),
    ("Fri 2026-10-30 12:00 America/New_York", "Mon 2026-11-02 07:00 America/New_York"),
]


@pytest.mark.parametrize(("friday", "monday"), CHANGES, ids=["begins", "ends"])
def test_complaint_6_the_weekend_of_a_change_has_no_gap_and_no_overlap(
    friday: str, monday: str
) -> None:
    for rota in first_edition().on_call.values():
        begins, ends = at(friday), at(monday) + timedelta(hours=5)

        assert gaps(rota, begins, ends) == []
        assert overlaps(rota, begins, ends) == []


@pytest.mark.parametrize(("friday", "monday"), CHANGES, ids=["begins", "ends"])
def test_complaint_6_the_hand_over_after_a_change_is_on_time(friday: str, monday: str) -> None:
    rota, handed_over = first_edition().on_call["severity-1"], at(monday)

    assert on_duty(rota, at(friday))[0] == "sam.whitfield@example.com"
    assert on_duty(rota, handed_over - timedelta(minutes=1))[0] == "maya.torres@example.com"
    assert on_duty(rota, handed_over)[0] == "sam.whitfield@example.com"
