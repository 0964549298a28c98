"""The migrations make exactly the tables, on both databases, up and down again."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from ivr.store.engine import open_engine, reading
from ivr.store.migrations import alembic_config, downgrade, is_current, upgrade
from ivr.store.tables import metadata


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_upgrading_makes_exactly_the_tables(empty: Engine) -> None:
    upgrade(empty)

    with reading(empty) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert is_current(empty)


def test_upgrading_twice_changes_nothing(empty: Engine) -> None:
    upgrade(empty)
    upgrade(empty)

    assert is_current(empty)


def test_downgrading_leaves_nothing_behind(empty: Engine) -> None:
    upgrade(empty)

    downgrade(empty, "base")

    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    assert not is_current(empty)


def test_the_migrations_are_one_line_numbered_from_one() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    numbers = [step.revision for step in script.walk_revisions()]

    assert numbers[::-1] == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    assert len(script.get_heads()) == 1
