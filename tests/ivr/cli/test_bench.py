"""`ivr bench`: what it prints. Its figures are read by people and never tested."""

import json

from click.testing import CliRunner
from sqlalchemy import create_engine, text

from ivr.cli import main


def test_claims_are_measured_on_both_databases_which_are_gone_afterwards(postgres_url: str) -> None:
    sizes = ["--waiting", "3", "--waiting", "30", "--rounds", "5"]

    ended = CliRunner().invoke(
        main, ["bench", "claim", *sizes, "--postgres", postgres_url, "--json"]
    )

    assert ended.exit_code == 0, ended.output
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    assert [(line["database"], line["waiting"]) for line in lines] == [
        ("SQLite", 3),
        ("SQLite", 30),
        ("PostgreSQL", 3),
        ("PostgreSQL", 30),
    ]
    assert all(line["rounds"] == 5 and line["median"] > 0 for line in lines)
    assert [line["ratio"] for line in lines if line["waiting"] == 3] == [1, 1]
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        named = text("SELECT count(*) FROM pg_database WHERE datname LIKE 'supportline_bench%'")
        assert connection.execute(named).scalar_one() == 0
    engine.dispose()


def test_sizes_must_be_numbers_of_callers() -> None:
    ended = CliRunner().invoke(main, ["bench", "claim", "--waiting", "0"])

    assert ended.exit_code == 2
    assert "--waiting" in ended.output
