"""Random calls with TaskRouter: what must hold holds, and afterwards both sides agree."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.acd.router_plan import ACTIVITIES
from ivr.store.technicians import TechnicianState
from tests.ivr.taskrouter.side import statuses, workspace_of
from tests.ivr.test_random_calls import AT_ONCE, RandomLine

CALLS = 200
SOAK_CALLS = 5_000


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(2))
def test_both_sides_agree_after_random_calls(
    sqlite_engine: Engine, tmp_path: Path, request: pytest.FixtureRequest, seed: int
) -> None:
    wanted = SOAK_CALLS if request.config.getoption("--soak") else CALLS
    random_line = RandomLine(sqlite_engine, tmp_path / "instance", seed, "taskrouter")
    line = random_line.line
    line.set_up_task_router()
    line.exchange.faults.drop("event", chance=0.1)
    line.exchange.faults.drop("assignment", chance=0.05)

    for _ in range(wanted // AT_ONCE):
        random_line.calls(AT_ONCE)
    line.exchange.run_for(1800)

    assert line.violations() == []
    assert all(call.disposition is not None for call in line.calls())
    assert set(statuses(line)) == {"canceled", "completed"}
    shown = {one.name: one.activity.name for one in workspace_of(line).workers.values()}
    assert shown == {
        email: ACTIVITIES[TechnicianState(state)]
        for email, state in line.technician_states().items()
    }
