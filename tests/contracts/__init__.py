"""Contract suites: what every implementation of a Protocol promises, run over each of them."""

import pytest

pytest.register_assert_rewrite("tests.contracts.desk")
