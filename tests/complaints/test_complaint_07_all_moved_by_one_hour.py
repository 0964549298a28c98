"""Complaint 7: after the clocks changed, all schedules and escalation times moved by one hour.

Naive: the offset from UTC is taken when a rota is made or loaded, and used from then on; or the
time a caller has waited is measured on a wall clock.
"""

from datetime import timedelta

import pytest

from routing.calendars import wall_time
from routing.escalation import Unanswered, next_on_call
from routing.rotas import stretches
from tests.builders import at
from tests.ivr.configuration.first_edition import first_edition

YEAR = at("Thu 2026-01-01 00:00 America/New_York"), at("Fri 2027-01-01 00:00 America/New_York")


@pytest.mark.parametrize("name", ["severity-1", "duty-manager"])
def test_complaint_7_one_rota_loaded_once_is_right_before_and_after_every_change(name: str) -> None:
    rota = first_edition().on_call[name]
    shifts = {(shift.start_weekday, shift.start) for shift in rota.shifts}

    handed_over = [stretch.begins for stretch in stretches(rota, *YEAR)][1:]
    walls = [wall_time(instant, rota.zone) for instant in handed_over]

    assert {(wall.weekday(), wall.time()) for wall in walls} == shifts
    assert len(walls) in {104, 105}


def test_complaint_7_a_caller_waits_as_long_for_a_step_while_the_clocks_are_changed() -> None:
    """New York, 1 November 2026: the clocks go from 02:00 back to 01:00 while somebody waits."""
    began = at("Sun 2026-11-01 00:59 America/New_York") + timedelta(minutes=60)
    chain = first_edition().plan.queues[0].escalation
    on_duty = {"severity-1": ("sam",), "duty-manager": ("zoe",)}

    def rung(waited_seconds: int) -> str:
        now = began + timedelta(seconds=waited_seconds)
        found = next_on_call(Unanswered(began, chain, {}, 120), on_duty, {"sam", "zoe"}, now)
        assert found is not None
        return found.person

    assert (rung(0), rung(119), rung(120)) == ("sam", "sam", "zoe")
