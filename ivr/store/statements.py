"""Statements that are written differently on SQLite and on PostgreSQL."""

from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; False if it was."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    # The row that comes back tells; a count of rows is not known on every driver.
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def is_alone(connection: Connection, job: int) -> bool:
    """Whether this transaction is the only one at work on `job` (any number, one per job).

    Whoever comes second is told so at once, and the place is free again when the first one's
    transaction ends. On SQLite a writer is always alone.
    """
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(job))).scalar_one())


def wait_to_be_alone(connection: Connection, job: int) -> None:
    """As `is_alone`, but whoever comes second waits for the end of the first one's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(job)))
