"""Every distributor keeps the contract."""

import pytest

from tests.contracts.distributor import DistributorContract


class TestBuiltIn(DistributorContract):
    @pytest.fixture
    def distributor(self) -> str:
        return "builtin"


class TestTaskRouter(DistributorContract):
    @pytest.fixture
    def distributor(self) -> str:
        return "taskrouter"
