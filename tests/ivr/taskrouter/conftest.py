"""A line whose calls TaskRouter distributes."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.carrier.phones import Phone
from tests.contracts.distributor import ORDINARY, WEDNESDAY_NOON, a_ticket
from tests.line import LineUnderTest


@pytest.fixture
def line(sqlite_engine: Engine, tmp_path: Path) -> LineUnderTest:
    line = LineUnderTest(sqlite_engine, tmp_path / "i", WEDNESDAY_NOON, distributor="taskrouter")
    line.desk.put(a_ticket(ORDINARY, 3, "vsa"))
    line.set_up_task_router()
    return line


@pytest.fixture
def ann(line: LineUnderTest) -> Phone:
    phone = line.technician("ann", "+12125550101")
    line.exchange.run_for(2)
    return phone
