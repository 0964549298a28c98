"""Complaint 8: a hand-off time stored as a date-time drags its winter offset into summer.

Naive: "09:00" is stored as 2026-01-05T09:00-05:00 and repeated every seven days.
"""

import pytest

from routing.rotas import on_duty
from tests.builders import at
from tests.ivr.configuration.first_edition import first_edition

MONDAYS = ("2026-01-05", "2026-03-02", "2026-03-09", "2026-07-06", "2026-10-26", "2026-11-02")


@pytest.mark.parametrize("monday", MONDAYS)
def test_complaint_8_a_hand_over_at_nine_is_at_nine_in_every_season(monday: str) -> None:
    rota = first_edition().on_call["duty-manager"]
    before, after = (at(f"Mon {monday} {clock} America/New_York") for clock in ("08:59", "09:00"))

    assert on_duty(rota, before)[0] == "ngaire.scott@example.com"
    assert on_duty(rota, after)[0] == "pieter.dewit@example.com"
