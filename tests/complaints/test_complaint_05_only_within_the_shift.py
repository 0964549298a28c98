"""Complaint 5: phones ring outside the person's shift, and logs do not show why.

Naive: whoever is on the rota at all is rung, or whoever was on duty when the rota was last looked
at; and the journal says that a phone rang, not by which rota and step.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.acd.oncall import agree
from ivr.call_list import list_calls
from ivr.journal import Happened, entries
from ivr.store.engine import reading, writing
from ivr.stories import sentence
from routing.rotas import Override
from routing.tickets import Ticket, TicketStatus
from tests.complaints.test_complaint_04_hunt_through_the_policy import who_was_tried
from tests.ivr.test_carrier_requests import queue_a_caller
from tests.ivr.test_escalation import MAYA, NGAIRE, PIETER, SAM
from tests.line import LineUnderTest

# Sam's shift ends, and Maya comes first, on Fridays at 19:00 in New York: in winter and in summer.
BEFORE = {"winter": "2026-01-09T23:58:30Z", "summer": "2026-07-10T22:58:30Z"}
AFTER = {"winter": "2026-01-10T00:00:30Z", "summer": "2026-07-10T23:00:30Z"}


def a_line(engine: Engine, folder: Path, starts_at: str) -> LineUnderTest:
    return LineUnderTest(engine, folder / "instance", datetime.fromisoformat(starts_at))


@pytest.mark.parametrize("season", ["winter", "summer"])
@pytest.mark.parametrize(
    ("times", "first"), [(BEFORE, SAM), (AFTER, MAYA)], ids=["before", "after"]
)
def test_complaint_5_whoever_is_on_duty_at_that_minute_is_rung_first(
    engine: Engine,
    tmp_path: Path,
    times: dict[str, str],
    first: tuple[str, str],
    season: str,
) -> None:
    line = a_line(engine, tmp_path, times[season])
    for person in (SAM, MAYA, PIETER, NGAIRE):
        line.off_shift(*person)

    queue_a_caller(line)
    line.exchange.run_for(10)

    assert who_was_tried(line) == [first[1]]
    assert line.violations() == []


def test_complaint_5_nobody_who_is_off_duty_is_rung_though_they_are_on_the_rota(
    line: LineUnderTest,
) -> None:
    for person in (SAM, MAYA, PIETER, NGAIRE):
        line.off_shift(*person)
    now, later = line.exchange.clock(), datetime(2026, 3, 4, 19, tzinfo=UTC)
    only_maya = Override(now, later, ("maya.torres@example.com",), "sam is ill")
    with writing(line.engine) as connection:
        agree(connection, line.configuration, "severity-1", only_maya, now)

    queue_a_caller(line)
    line.caller().hears("after the tone", within=660)

    assert set(who_was_tried(line)) == {MAYA[1], PIETER[1], NGAIRE[1]}


def test_complaint_5_the_journal_says_by_which_rota_and_step_a_phone_rang(
    line: LineUnderTest,
) -> None:
    line.desk.put(Ticket("100100", TicketStatus.OPEN, 1, "vsa"))
    line.off_shift(*SAM)
    line.off_shift(*PIETER)

    queue_a_caller(line)
    line.exchange.run_for(60)

    with reading(line.engine) as connection:
        (call,) = list_calls(connection)
        offered = [
            entry for entry in entries(connection, call.call_sid) if entry.what is Happened.OFFERED
        ]
    assert [entry.detail["rota"] for entry in offered] == ["severity-1", "duty-manager"]
    assert "step 1 of the escalation: on call by rota severity-1." in sentence(offered[0])
    assert "step 2 of the escalation: on call by rota duty-manager." in sentence(offered[1])
