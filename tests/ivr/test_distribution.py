"""Which waiting calls a pass of the built-in distributor gets to see."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from ivr.acd import queue
from ivr.acd.builtin import distribute
from ivr.acd.queue import put_in_queue
from ivr.acd.technicians import ask_for_state, upsert_technician
from ivr.call_records import add_call
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.publishing import live, publish
from ivr.store.acd import offer
from ivr.store.engine import writing
from ivr.store.statements import is_alone
from ivr.store.technicians import TechnicianState
from routing.matching import Skills
from tests.ivr.test_claims import NOW, a_call
from tests.line import a_technician_row


def add_technician(connection: Connection, name: str, **skills: object) -> None:
    row = a_technician_row(name, "+12125550200", **skills)
    upsert_technician(connection, row, NOW)
    until = NOW + timedelta(hours=8)
    ask_for_state(connection, row.email, TechnicianState.AVAILABLE, now=NOW, until=until)


def add_calls(connection: Connection, names: range, needs: Skills, since: datetime) -> None:
    published = live(connection)
    for name in names:
        sid = f"CA{name:032}"
        add_call(connection, a_call(sid, published.revision_id))
        rules = published.configuration.matching
        put_in_queue(connection, sid, "general", needs, rules, since)


def offered(connection: Connection) -> list[str]:
    return [row.call_sid for row in connection.execute(select(offer.c.call_sid))]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "FIRST_PAGE", 1)
    monkeypatch.setattr(queue, "LARGEST_PAGE", 3)


@pytest.mark.usefixtures("small_pages")
def test_many_calls_nobody_can_take_do_not_hide_the_one_behind_them(engine: Engine) -> None:
    with writing(engine) as connection:
        publish(connection, read_directory(PROJECT_DIRECTORY), "first edition", "tests", NOW)
        add_technician(connection, "ann", languages=frozenset({"en"}))
        add_calls(connection, range(90), Skills(language="fr", severity=1), NOW)
        add_calls(connection, range(90, 91), Skills(language="en", severity=4), NOW)

        distribute(connection, live(connection).configuration, NOW)

        assert offered(connection) == [f"CA{90:032}"]


@pytest.mark.usefixtures("small_pages")
def test_a_pass_reads_on_until_every_free_technician_has_a_call(engine: Engine) -> None:
    with writing(engine) as connection:
        publish(connection, read_directory(PROJECT_DIRECTORY), "first edition", "tests", NOW)
        # Together the two have every skill asked for, so none of the calls can be left out.
        french, vsa = frozenset({"fr"}), frozenset({"vsa"})
        add_technician(connection, "ann", languages=french, products=frozenset({"emm"}))
        add_technician(connection, "bob", languages=frozenset({"en"}), products=vsa)
        add_calls(connection, range(7), Skills("vsa", "fr", None, 1), NOW)
        add_calls(connection, range(7, 8), Skills("vsa", "en", None, 3), NOW)
        add_calls(connection, range(8, 9), Skills("emm", "fr", None, 4), NOW)

        distribute(connection, live(connection).configuration, NOW)

        assert offered(connection) == [f"CA{7:032}", f"CA{8:032}"]


def test_of_two_passes_at_once_the_second_leaves_it_to_the_first(postgres_engine: Engine) -> None:
    with postgres_engine.begin() as first, postgres_engine.begin() as second:
        assert is_alone(first, 1)
        assert not is_alone(second, 1)
        assert is_alone(second, 2)
    with postgres_engine.begin() as later:
        assert is_alone(later, 1)
