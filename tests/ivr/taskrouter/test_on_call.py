"""With TaskRouter, too, whoever is on call is rung when it finds nobody who is free."""

import pytest

from ivr.acd.queue import put_in_queue
from ivr.acd.replaying import replay
from ivr.carrier.phones import Phone
from ivr.store.engine import reading, writing
from ivr.store.technicians import TechnicianState
from routing.matching import Skills
from routing.queues import only_on_call_queues
from tests.contracts.distributor import ORDINARY, URGENT, a_ticket, accepts, rings_of, waits
from tests.ivr.taskrouter.side import become, statuses
from tests.line import LineUnderTest


@pytest.fixture
def sam(line: LineUnderTest) -> Phone:
    """On call for Severity 1 at that hour, and offline."""
    line.desk.put(a_ticket(URGENT, 1, "vsa"))
    phone = line.off_shift("sam.whitfield", "+12125550102")
    line.set_up_task_router()
    return phone


def test_whoever_is_on_call_is_rung_when_nobody_is_free(line: LineUnderTest, sam: Phone) -> None:
    caller = waits(line, URGENT)

    accepts(sam)
    line.exchange.run_for(5)
    assert caller.is_talking_to(sam)

    caller.hang_up()
    line.exchange.run_for(10)
    assert line.technician_states() == {"sam.whitfield@example.com": "offline"}
    assert statuses(line) == ["canceled"]
    assert line.violations() == []


def test_whom_taskrouter_finds_comes_first(line: LineUnderTest, sam: Phone, ann: Phone) -> None:
    caller = waits(line, URGENT)

    accepts(ann)
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    assert rings_of(line, sam) == 0
    assert line.violations() == []


def test_who_comes_free_while_somebody_on_call_is_rung_is_next(
    line: LineUnderTest, sam: Phone
) -> None:
    caller = waits(line, URGENT)
    sam.rings()
    ann = line.technician("ann", "+12125550101")
    line.exchange.run_for(2)

    sam.answer().hears("press 1 to accept").press("2")
    accepts(ann)
    line.exchange.run_for(5)

    assert caller.is_talking_to(ann)
    assert line.violations() == []


def test_a_queue_for_people_on_call_alone_makes_no_task(line: LineUnderTest, ann: Phone) -> None:
    line.desk.put(a_ticket(ORDINARY, 3, "vsa"))
    become(line, TechnicianState.ON_BREAK)
    waits(line, ORDINARY)
    line.exchange.run_for(2)
    (alone,) = only_on_call_queues(line.configuration.plan)
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        rules = line.configuration.matching
        put_in_queue(connection, line.the_call().call_sid, alone, Skills(), rules, now)
    become(line, TechnicianState.AVAILABLE)
    line.exchange.run_for(10)

    assert set(statuses(line)) == {"canceled"}
    assert rings_of(line, ann) == 0


def test_what_taskrouter_chose_is_not_matched_again(line: LineUnderTest, ann: Phone) -> None:
    line.desk.put(a_ticket(ORDINARY, 3, "vsa"))
    waits(line, ORDINARY)
    accepts(ann)
    line.exchange.run_for(3)

    with reading(line.engine) as connection:
        assert [one for one in replay(connection, line.configuration) if not one.is_same] == []
