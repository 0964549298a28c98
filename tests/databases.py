"""Databases for tests, SQLite and a real PostgreSQL: made once, copied for every test.

A test that asks for `engine` runs on both; `sqlite_engine` and `postgres_engine` name one. Each
test has a database of its own, with every table and no rows, and may open many connections to it.
`empty_database_url` is for tests of the migrations: both kinds again, with no table in them.
"""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text

import ivr.store
from ivr.store.engine import open_engine
from ivr.store.metadata import metadata
from tests.postgres_server import running_postgres

BOTH = ("sqlite", "postgres")
TEMPLATE = "supportline_template"

_numbers = itertools.count(1)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Engine:
    """The test runs once on SQLite and once on PostgreSQL."""
    chosen: Engine = request.getfixturevalue(f"{request.param}_engine")
    return chosen


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    with _engine(sqlite_url) as opened:
        yield opened


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    with _engine(postgres_url) as opened:
        yield opened


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file with every table; also for programs that open the database themselves."""
    copy = tmp_path / "supportline.sqlite3"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgres_url(postgres_template: URL) -> Iterator[str]:
    """A PostgreSQL database with every table; also for programs that open it themselves."""
    with _postgres_database(postgres_template, TEMPLATE) as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with _postgres_database(request.getfixturevalue("postgres_server"), "template0") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """One server for each process that runs tests, started when the first test wants it."""
    with running_postgres() as url:
        yield make_url(url)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> URL:
    _tell(postgres_server, f"CREATE DATABASE {TEMPLATE}")
    _create_tables(postgres_server.set(database=TEMPLATE))
    return postgres_server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    template = tmp_path_factory.mktemp("template") / "supportline.sqlite3"
    _create_tables(make_url(f"sqlite:///{template}"))
    return template


@contextmanager
def _postgres_database(server: URL, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _tell(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def _tell(server: URL, statement: str) -> None:
    """Run one statement that PostgreSQL refuses inside a transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _create_tables(url: URL) -> None:
    for module in iter_modules(ivr.store.__path__, "ivr.store."):
        if not module.ispkg:
            import_module(module.name)
    with _engine(url.render_as_string(hide_password=False)) as engine:
        metadata.create_all(engine)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
