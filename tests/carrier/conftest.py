"""The carrier's tests ask for a line: one number, a scripted service, virtual time."""

import pytest

from tests.carrier.scripted import Line


@pytest.fixture
def line() -> Line:
    return Line()
