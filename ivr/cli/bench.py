"""`ivr bench`: what the service costs, measured as ratios within one run."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text

from ivr.bench.claim import Claims, measure, prepare
from ivr.cli.options import as_json_option
from ivr.store.engine import open_engine
from ivr.store.migrations import upgrade

SIZES = (100, 100_000)


@click.group()
def bench() -> None:
    """Measure the service on this machine."""


@bench.command()
@click.option("--waiting", multiple=True, type=click.IntRange(1), help="A size of the queue.")
@click.option("--rounds", default=200, type=click.IntRange(5, 10_000), show_default=True)
@click.option("--postgres", help="Measure PostgreSQL too: postgresql+psycopg://… of any database.")
@as_json_option
def claim(waiting: tuple[int, ...], rounds: int, postgres: str | None, as_json: bool) -> None:
    """What claiming the next pair costs when few and when many wait.

    Everything is done in databases made for it and removed afterwards.
    """
    sizes = sorted(set(waiting or SIZES))
    databases: dict[str, str | None] = {"SQLite": None, "PostgreSQL": postgres}
    for kind, server in databases.items():
        if kind == "SQLite" or server is not None:
            _report(kind, _measured(kind, server, sizes, rounds), as_json)


def _measured(kind: str, server: str | None, sizes: list[int], rounds: int) -> list[Claims]:
    with ExitStack() as stack:
        engines: dict[int, Engine] = {}
        for size in sizes:
            made = _sqlite() if server is None else _postgres(make_url(server), size)
            engines[size] = stack.enter_context(made)
            prepare(engines[size], size)
        bar = click.progressbar(length=rounds, label=kind, file=sys.stderr)
        with bar:
            return measure(engines, rounds, bar.update)


def _report(kind: str, measured: list[Claims], as_json: bool) -> None:
    for claims in measured:
        if as_json:
            click.echo(json.dumps({"database": kind, **asdict(claims)}))
            continue
        click.echo(
            f"{kind:<10}  {claims.waiting:>7} waiting  median {1000 * claims.median:.2f} ms"
            f"  slowest {1000 * claims.slowest:.2f} ms  ratio {claims.ratio:.2f}"
        )


@contextmanager
def _sqlite() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _ready(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")


@contextmanager
def _postgres(server: URL, size: int) -> Iterator[Engine]:
    name = f"supportline_bench_{size}"
    owner = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with owner.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield from _ready(server.set(database=name).render_as_string(hide_password=False))
    finally:
        with owner.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


def _ready(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()
