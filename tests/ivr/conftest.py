"""The line under test, for every test of the service."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.line import LineUnderTest

WEDNESDAY_NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # 12:00 in New York


@pytest.fixture
def line(sqlite_engine: Engine, tmp_path: Path) -> LineUnderTest:
    """A line on a Wednesday at noon in New York, with nobody on shift."""
    return LineUnderTest(sqlite_engine, tmp_path / "instance", WEDNESDAY_NOON)
