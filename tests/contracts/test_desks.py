"""Every help desk keeps the contract."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Engine, select, text

from ivr.desks.embedded import EmbeddedDesk
from ivr.desks.memory import DeskInMemory
from ivr.desks.protocol import DEADLINE_SECONDS
from ivr.store.engine import reading, writing
from ivr.store.notes import ticket_note
from ivr.store.tickets import put_tickets
from routing.tickets import Ticket
from tests.contracts.desk import BARE, CLOSED, TICKET, DeskContract, DeskRig

KNOWN = [TICKET, CLOSED, BARE]


class TestDeskInMemory(DeskContract):
    @pytest.fixture
    def rig(self) -> DeskRig:
        desk = DeskInMemory(KNOWN)

        @contextmanager
        def outage() -> Iterator[None]:
            desk.down = True
            yield
            desk.down = False

        @contextmanager
        def silence() -> Iterator[None]:
            desk.slow_seconds = DEADLINE_SECONDS
            yield
            desk.slow_seconds = 0

        return DeskRig(desk, outage, silence, desk.put, lambda: desk.notes)

    def test_it_remembers_what_it_was_asked(self) -> None:
        desk = DeskInMemory(KNOWN)
        desk.find(TICKET.number)
        desk.find("no number")
        desk.find("999999")

        assert desk.asked == [TICKET.number, "999999"]


class TestEmbeddedDeskOnSqlite(DeskContract):
    @pytest.fixture
    def rig(self, sqlite_engine: Engine) -> Iterator[DeskRig]:
        @contextmanager
        def silence() -> Iterator[None]:
            """Another process keeps the file to itself."""
            with sqlite_engine.connect() as other:
                other.exec_driver_sql("ROLLBACK")
                other.exec_driver_sql("PRAGMA journal_mode=DELETE")
                other.exec_driver_sql("BEGIN EXCLUSIVE")
                yield

        with _rig_over(sqlite_engine, silence) as rig:
            yield rig


class TestEmbeddedDeskOnPostgres(DeskContract):
    @pytest.fixture
    def rig(self, postgres_engine: Engine) -> Iterator[DeskRig]:
        @contextmanager
        def silence() -> Iterator[None]:
            """Somebody locks the table, as a change of its columns would."""
            with postgres_engine.begin() as other:
                other.execute(text("LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE"))
                yield

        with _rig_over(postgres_engine, silence) as rig:
            yield rig


@contextmanager
def _rig_over(
    engine: Engine, silence: Callable[[], AbstractContextManager[None]]
) -> Iterator[DeskRig]:
    def put(*tickets: Ticket) -> None:
        with writing(engine) as connection:
            put_tickets(connection, tickets)

    @contextmanager
    def outage() -> Iterator[None]:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE ticket RENAME TO mislaid"))
        yield
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE mislaid RENAME TO ticket"))

    def notes() -> dict[str, tuple[str, str]]:
        with reading(engine) as connection:
            rows = connection.execute(select(ticket_note)).all()
        return {row.note_id: (row.number, row.text) for row in rows}

    put(*KNOWN)
    desk = EmbeddedDesk(engine)
    yield DeskRig(desk, outage, silence, put, notes)
    desk.close()
