"""The line under test of every complaint, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.ivr.conftest import WEDNESDAY_NOON
from tests.line import LineUnderTest


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """A line on a Wednesday at noon in New York, with nobody on shift."""
    return LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON)
