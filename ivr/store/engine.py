"""The database engine: every wait bounded, every SQLite writer in line.

`reading` and `writing` are the only two ways to a connection. On SQLite a writing transaction
begins immediate, because a transaction that reads first and writes later fails at once when
another one wrote in between, whatever the time-out says.
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

LOCK_WAIT_SECONDS = 3
STATEMENT_SECONDS = 3


def open_engine(database_url: str) -> Engine:
    """An engine for SQLite (one machine) or PostgreSQL (any number). Connects to nothing yet."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(database_url, url.database)
    return create_engine(
        url,
        pool_size=16,
        max_overflow=8,
        pool_timeout=1,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,
            "options": (
                f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_WAIT_SECONDS}s"
                " -c idle_in_transaction_session_timeout=10s -c timezone=UTC"
            ),
        },
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to look with; nothing it does is kept."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that is kept when the block ends, and undone when it raises."""
    with _turn_to_write(engine), engine.connect() as opened:
        connection = opened.execution_options(sqlite_begin="IMMEDIATE")
        with connection.begin():
            yield connection


_write_lock = threading.Lock()


@contextmanager
def _in_line(path: Path) -> Iterator[None]:
    # SQLite's own waiting sleeps longer the longer it has waited, so an old waiter loses to new
    # ones for seconds. A file lock hands the turn on in order; SQLite's stays as the backstop.
    with _write_lock, path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _turn_to_write(engine: Engine) -> AbstractContextManager[None]:
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        return nullcontext()
    return _in_line(Path(f"{database}.lock"))


def _sqlite_engine(database_url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        database_url,
        pool_size=16,
        max_overflow=8,
        pool_timeout=2,
        connect_args={"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself; `begin` below does, in our words.
        dbapi_connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine
