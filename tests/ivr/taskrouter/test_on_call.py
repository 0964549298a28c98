"""With TaskRouter, too, whoever is on call is rung when it finds nobody who is free."""

import pytest

from ivr.carrier.phones import Phone
from tests.contracts.distributor import URGENT, a_ticket, accepts, rings_of, waits
from tests.ivr.taskrouter.side import statuses
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
