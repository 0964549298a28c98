"""What every test may ask for by name, and the options of the runs that `make` offers."""

import pytest

pytest_plugins = ["tests.databases"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the transcripts afresh")
    parser.addoption("--soak", action="store_true", help="the long runs: 30,000 random calls")
    parser.addoption("--pictures", action="store_true", help="keep the pictures in build/pictures")
