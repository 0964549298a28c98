"""The databases that every other test stands on."""

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, inspect

LEFT_OVER = Table("left_over", MetaData(), Column("id", Integer))


@pytest.mark.parametrize("visit", ["first", "second"])
def test_what_one_test_writes_no_other_test_sees(engine: Engine, visit: str) -> None:
    assert not inspect(engine).has_table("left_over"), visit

    LEFT_OVER.create(engine)


def test_a_database_for_migrations_has_no_table(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)

    assert inspect(engine).get_table_names() == []
    engine.dispose()
