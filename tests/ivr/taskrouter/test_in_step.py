"""The TaskRouter distributor kept in step with TaskRouter, whatever either side does alone."""

import pytest
from sqlalchemy import select

from ivr.acd import offers
from ivr.acd.queue import live_queued_call, put_in_queue
from ivr.acd.technicians import technician_by_email
from ivr.carrier.phones import Phone
from ivr.carrier.taskrouter.assigning import end_task
from ivr.carrier.taskrouter.model import TaskStatus
from ivr.store.engine import reading, writing
from ivr.store.taskrouter import ReservationState, router_reservation, router_task
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


def test_the_worker_shows_what_the_technician_is_doing(line: LineUnderTest, ann: Phone) -> None:
    assert activity(line) == "Available"
    become(line, TechnicianState.ON_BREAK)
    line.exchange.run_for(2)
    assert activity(line) == "On break"
    become(line, TechnicianState.AVAILABLE)
    line.exchange.run_for(2)
    assert activity(line) == "Available"

    caller = waits(line, ORDINARY)
    accepts(ann)
    line.exchange.run_for(3)
    assert (activity(line), statuses(line)) == ("On call", ["assigned"])
    caller.hang_up()
    line.exchange.run_for(3)
    assert (activity(line), statuses(line)) == ("Wrap-up", ["completed"])
    line.exchange.run_for(70)
    assert activity(line) == "Available"


def test_a_change_at_taskrouter_is_followed(line: LineUnderTest, ann: Phone) -> None:
    change_there(line, "On break")
    line.exchange.run_for(2)
    assert line.technician_states() == {"ann@example.com": "on_break"}

    change_there(line, "Available")
    line.exchange.run_for(2)
    assert line.technician_states() == {"ann@example.com": "available"}
    waits(line, ORDINARY)
    accepts(ann)


@pytest.mark.parametrize("name", ["Unavailable", "Wrap-up", "Reserved"])
def test_a_change_nobody_may_ask_for_is_put_right(
    line: LineUnderTest, ann: Phone, name: str
) -> None:
    del ann
    change_there(line, name)
    line.exchange.run_for(2)

    assert activity(line) == "Available"
    assert line.technician_states() == {"ann@example.com": "available"}


def test_an_event_that_comes_again_or_late_changes_nothing(line: LineUnderTest, ann: Phone) -> None:
    del ann
    change_there(line, "On break")
    line.exchange.run_for(2)
    become(line, TechnicianState.AVAILABLE)
    line.exchange.run_for(2)

    for entry in line.exchange.ledger.of("request", kind="event"):
        line.exchange.replay(entry)
    line.exchange.run_for(2)

    assert line.technician_states() == {"ann@example.com": "available"}
    assert activity(line) == "Available"


def test_a_reservation_taken_back_silences_the_phone(line: LineUnderTest, ann: Phone) -> None:
    (workflow,) = workspace_of(line).workflows.values()
    workflow.reservation_seconds = 5
    waits(line, ORDINARY)
    ann.rings()
    workflow.reservation_seconds = 60

    line.exchange.run_for(6)

    ends = line.exchange.ledger.of("ended", phone=ann.number)
    assert [end["status"] for end in ends] == ["canceled"]
    with reading(line.engine) as connection:
        query = select(router_reservation.c.state).order_by(router_reservation.c.asked_at)
        assert connection.execute(query).scalars().first() is ReservationState.ENDED
    accepts(ann, within=20)
    line.exchange.run_for(3)
    assert line.caller().is_talking_to(ann)
    assert line.violations() == []


def test_a_task_somebody_cancelled_is_made_again(line: LineUnderTest, ann: Phone) -> None:
    become(line, TechnicianState.ON_BREAK)
    caller = waits(line, ORDINARY)
    line.exchange.run_for(2)
    (task,) = tasks_of(line)
    end_task(line.exchange.office, workspace_of(line), task, TaskStatus.CANCELED)
    line.exchange.run_for(2)
    assert statuses(line) == ["canceled", "pending"]

    become(line, TechnicianState.AVAILABLE)
    accepts(ann)
    line.exchange.run_for(3)
    assert caller.is_talking_to(ann)


def test_somebody_who_is_not_free_is_refused_and_put_where_they_are(
    line: LineUnderTest, ann: Phone
) -> None:
    line.exchange.faults.rest("429", path="/Workers/", times=3)
    become(line, TechnicianState.ON_BREAK)
    caller = waits(line, ORDINARY)
    line.exchange.run_for(5)

    assert (activity(line), statuses(line)) == ("On break", ["pending"])
    assert rings_of(line, ann) == 0
    caller.hang_up()
    line.exchange.run_for(3)
    assert statuses(line) == ["canceled"]
    assert line.violations() == []


def test_a_call_that_goes_to_another_queue_takes_its_task_along(
    line: LineUnderTest, ann: Phone
) -> None:
    del ann
    become(line, TechnicianState.ON_BREAK)
    waits(line, ORDINARY)
    line.exchange.run_for(2)
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        sid = line.the_call().call_sid
        rules = line.configuration.matching
        put_in_queue(connection, sid, "traverse", Skills(), rules, now)
    line.exchange.run_for(2)

    (task,) = tasks_of(line)
    assert task.attributes["queue"] == "traverse"
    assert task.queue is not None
    assert task.queue.name == "traverse"


def test_a_reservation_for_a_call_that_is_offered_elsewhere_waits_its_turn(
    line: LineUnderTest, ann: Phone
) -> None:
    become(line, TechnicianState.ON_BREAK)
    caller = waits(line, ORDINARY)
    bob = line.technician("bob", "+12125550102")
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        queued = live_queued_call(connection, line.the_call().call_sid)
        assert queued is not None
        standby = technician_by_email(connection, "bob@example.com").id
        assert offers.make_offer(connection, queued, standby, "on call", 20, now)
    become(line, TechnicianState.AVAILABLE)
    line.exchange.run_for(3)
    assert (rings_of(line, ann), rings_of(line, bob)) == (0, 1)

    bob.answer().hears("press 1 to accept").press("2")
    accepts(ann)
    line.exchange.run_for(3)
    assert caller.is_talking_to(ann)
    assert line.violations() == []


def test_the_task_says_what_the_call_is_about(line: LineUnderTest) -> None:
    waits(line, ORDINARY)
    line.exchange.run_for(2)

    (task,) = tasks_of(line)
    sid = line.the_call().call_sid
    with reading(line.engine) as connection:
        row = connection.execute(select(router_task)).one()
    assert task.attributes == {
        "key": f"{sid}.{row.id}",
        "call_sid": sid,
        "queued_call": row.queued_call_id,
        "queue": "vsa",
        "severity": 3,
        "product": "vsa",
        "language": "en",
        "region": "north_america",
        "region_1": "ireland",
        "region_2": "united_kingdom",
        "region_3": "netherlands",
        "region_4": "new_zealand",
        "tried": [],
    }
    # A step of severity is worth a quarter of an hour.
    assert task.created - task.order == pytest.approx(15 * 60, abs=2)
