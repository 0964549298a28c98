"""The TaskRouter distributor on bad days: what is lost, late or refused loses no caller."""

import pytest
from sqlalchemy import delete, select

from ivr.acd.queue import put_in_queue
from ivr.carrier.phones import Phone
from ivr.carrier.taskrouter.assigning import end_task
from ivr.carrier.taskrouter.model import TaskStatus
from ivr.store.engine import reading, writing
from ivr.store.messages import alarm
from ivr.store.taskrouter import router_part
from ivr.store.technicians import TechnicianState
from routing.matching import Skills
from tests.contracts.distributor import ORDINARY, accepts, rings_of, waits
from tests.ivr.taskrouter.side import (
    activity,
    become,
    change_there,
    statuses,
    tasks_of,
    workspace_of,
)
from tests.line import LineUnderTest


def test_an_assignment_that_never_arrives_is_made_again(line: LineUnderTest, ann: Phone) -> None:
    line.exchange.faults.drop("assignment", times=2)
    caller = waits(line, ORDINARY)

    accepts(ann, within=75)
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)
    assert line.violations() == []


def test_a_lost_assignment_is_asked_for_at_the_fallback_at_once(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.drop("assignment", times=1)
    waits(line, ORDINARY)

    ann.rings(within=8)


def test_an_acceptance_that_comes_too_late_ends_the_task_not_the_call(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.drop("event")
    (workflow,) = workspace_of(line).workflows.values()
    workflow.reservation_seconds = 10
    caller = waits(line, ORDINARY)
    ann.rings()
    line.exchange.run_for(12)

    ann.answer().hears("press 1 to accept").press("1")
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    assert statuses(line) == ["canceled"]
    caller.hang_up()
    line.exchange.run_for(70)
    assert activity(line) == "Available"
    assert line.violations() == []


@pytest.mark.parametrize("fault", ["429", "500", "lost"])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_task_router_with_a_bad_day_still_serves(
    line: LineUnderTest, ann: Phone, fault: str, times: int
) -> None:
    line.exchange.faults.rest(fault, path="/Tasks", times=times)
    line.exchange.faults.rest(fault, method="GET", path="/Tasks", times=times)
    caller = waits(line, ORDINARY)

    accepts(ann, within=90)
    line.exchange.run_for(20)

    assert caller.is_talking_to(ann)
    assert len([status for status in statuses(line) if status != "canceled"]) == 1
    assert rings_of(line, ann) == 1
    assert line.violations() == []


def test_a_task_that_cannot_be_changed_is_ended_and_made_again(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.drop("event")
    become(line, TechnicianState.ON_BREAK)
    waits(line, ORDINARY)
    line.exchange.run_for(2)
    (task,) = tasks_of(line)
    end_task(line.exchange.office, workspace_of(line), task, TaskStatus.CANCELED)
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        sid = line.the_call().call_sid
        put_in_queue(connection, sid, "general", Skills(), line.configuration.matching, now)
    line.exchange.run_for(3)

    assert statuses(line) == ["canceled", "pending"]
    become(line, TechnicianState.AVAILABLE)
    accepts(ann)


def test_a_technician_lost_after_accepting_costs_the_caller_no_place(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.rest("500", path="/Members/", times=None)
    caller = waits(line, ORDINARY)
    accepts(ann)
    line.exchange.run_for(1)
    ann.hang_up()
    line.exchange.faults.clear()

    bob = line.technician("bob", "+12125550102")
    accepts(bob)
    line.exchange.run_for(3)

    assert caller.is_talking_to(bob)
    assert statuses(line) == ["completed", "assigned"]
    assert line.violations() == []


def test_without_a_workspace_an_alarm_is_raised_and_the_caller_is_not_lost(
    line: LineUnderTest,
) -> None:
    with writing(line.engine) as connection:
        connection.execute(delete(router_part))
    caller = waits(line, ORDINARY)
    caller.hears("after the tone", within=700)

    with reading(line.engine) as connection:
        about = connection.execute(select(alarm.c.about)).scalars().all()
    assert "taskrouter" in about


def test_a_change_whose_event_was_lost_is_noticed_within_a_minute(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.drop("event")
    del ann
    change_there(line, "On break")
    line.exchange.run_for(65)

    assert line.technician_states() == {"ann@example.com": "on_break"}


def test_a_task_whose_end_was_not_told_is_made_again_within_a_minute(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.drop("event")
    become(line, TechnicianState.ON_BREAK)
    caller = waits(line, ORDINARY)
    line.exchange.run_for(2)
    (task,) = tasks_of(line)
    end_task(line.exchange.office, workspace_of(line), task, TaskStatus.CANCELED)
    become(line, TechnicianState.AVAILABLE)

    accepts(ann, within=65)
    line.exchange.run_for(3)

    assert caller.is_talking_to(ann)
    assert statuses(line) == ["canceled", "assigned"]


def test_what_somebody_did_while_we_were_asking_is_told_over(
    line: LineUnderTest, ann: Phone
) -> None:
    del ann
    line.exchange.faults.rest("429", path="/Workers/", times=2)
    become(line, TechnicianState.ON_BREAK)
    line.exchange.run_for(1)
    change_there(line, "Offline")
    line.exchange.run_for(10)

    assert (
        activity(line)
        == {"offline": "Offline", "on_break": "On break"}[
            line.technician_states()["ann@example.com"]
        ]
    )
