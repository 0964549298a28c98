"""Complaint 9: a rota with weekday limits counts weekend days; the wrong person on Monday.

Naive: people take turns day by day from a starting date, and days off the rota use up a turn.
"""

from datetime import timedelta

from routing.rotas import on_duty
from tests.builders import at
from tests.ivr.configuration.first_edition import first_edition


def test_complaint_9_the_same_person_is_on_duty_on_every_monday() -> None:
    rota = first_edition().on_call["severity-1"]
    first = at("Mon 2026-01-05 12:00 America/New_York")
    mondays = [first + timedelta(weeks=week) for week in range(104)]

    assert {on_duty(rota, monday) for monday in mondays} == {
        ("sam.whitfield@example.com", "maya.torres@example.com")
    }
