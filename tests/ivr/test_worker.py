"""The worker, the safety net that stands in for it, the fallback documents and our numbers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

from ivr.cli.serve import run_worker
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.distribution import WORKER, SafetyNet, beat, last_beat
from ivr.fallback import FallbackDocuments
from ivr.numbers import plan
from ivr.publishing import publish
from ivr.store.acd import offer
from ivr.store.engine import reading, writing
from ivr.telephony import CarrierNumber
from routing.tickets import Ticket, TicketStatus
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.line import InlineExecutor, LineUnderTest

DUBLIN = "+35315262938"
TICKET = Ticket("100100", TicketStatus.OPEN, 1, "vsa", requester_zone="America/New_York")
NEVER = 10**9


@pytest.fixture
def idle(sqlite_engine: Engine, tmp_path: Path) -> LineUnderTest:
    """A line without a worker."""
    return LineUnderTest(sqlite_engine, tmp_path / "instance", WEDNESDAY_NOON, worker_seconds=NEVER)


def test_without_a_worker_the_hold_loop_brings_caller_and_technician_together(
    idle: LineUnderTest,
) -> None:
    idle.drive_by_hold_loop()
    idle.desk.put(TICKET)
    ann = idle.technician("ann", "+12125550101")

    caller = idle.caller().dial(DUBLIN).hears("ticket number").press("100100#")
    ann.rings(60).answer().hears("press 1").press("1")
    idle.exchange.run_for(30)

    assert caller.is_talking_to(ann)


def offers_made(line: LineUnderTest) -> int:
    with reading(line.engine) as connection:
        return len(connection.execute(select(offer.c.id)).all())


@pytest.mark.parametrize(("silent_seconds", "made"), [(1, 0), (60, 1)])
def test_the_net_holds_back_while_a_worker_gives_signs_of_life(
    idle: LineUnderTest, silent_seconds: int, made: int
) -> None:
    idle.desk.put(TICKET)
    idle.technician("ann", "+12125550101")
    idle.caller().dial(DUBLIN).hears("ticket number").press("100100#").hears("line")
    beat(idle.services, WORKER)
    idle.exchange.run_for(silent_seconds)

    SafetyNet(idle.services, InlineExecutor()).wake()

    assert offers_made(idle) == made


def test_a_worker_beats_writes_the_fallback_and_stops_when_told(idle: LineUnderTest) -> None:
    stopping = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(run_worker, idle.services, stopping)
        folder = idle.settings.instance / "fallback"
        for _ in range(100):
            if (folder / "recorded.xml").is_file():
                break
            stopping.wait(0.05)
        stopping.set()
        working.result(timeout=10)

    assert last_beat(idle.engine, WORKER) == idle.exchange.clock()
    assert len(list(folder.glob("*.xml"))) == 8


def test_the_fallback_of_every_number_apologises_and_records(idle: LineUnderTest) -> None:
    FallbackDocuments(idle.services).refresh()
    folder = idle.settings.instance / "fallback"

    for number in idle.configuration.lines:
        root = ElementTree.parse(folder / f"{number[1:]}.xml").getroot()
        say, record = root
        assert "help desk" in str(say.text)
        assert (record.tag, record.get("action"), record.get("method")) == (
            "Record",
            "recorded.xml",
            "GET",
        )
    goodbye = ElementTree.parse(folder / "recorded.xml").getroot()
    assert [verb.tag for verb in goodbye] == ["Say", "Hangup"]


def test_the_fallback_follows_what_is_published(idle: LineUnderTest) -> None:
    documents = FallbackDocuments(idle.services)
    documents.refresh()
    files = read_directory(PROJECT_DIRECTORY)
    line = files["line.yaml"].replace("help desk dot kaseya dot com", "help desk dot example")
    with writing(idle.engine) as connection:
        now = idle.exchange.clock() + timedelta(seconds=1)
        publish(connection, {**files, "line.yaml": line}, "another address", "tests", now)

    documents.refresh()

    text = (idle.settings.instance / "fallback" / "incoming.xml").read_text()
    assert "help desk dot example" in text


def test_numbers_are_compared_with_what_the_carrier_has() -> None:
    addresses = ("https://a/voice", "https://a/status", "https://a/fallback")
    right = CarrierNumber("PN1", "+35315262938", *addresses)
    wrong = CarrierNumber("PN2", "+31203010888", "https://old/voice", "", "")

    changes = plan(["+35315262938", "+31203010888", "+6499144449"], [right, wrong], addresses)

    assert [(change.number, change.is_missing, change.is_needed) for change in changes] == [
        ("+31203010888", False, True),
        ("+35315262938", False, False),
        ("+6499144449", True, False),
    ]


def test_configuring_a_number_at_the_carrier_changes_nothing_the_second_time(
    idle: LineUnderTest,
) -> None:
    telephony = idle.services.telephony
    addresses = ("https://a.example/v#ct=1", "https://a.example/s", "https://a.example/f")
    lines = list(idle.configuration.lines)

    for change in plan(lines, telephony.numbers(), addresses):
        assert change.wants is not None
        telephony.configure_number(change.wants)

    assert not any(change.is_needed for change in plan(lines, telephony.numbers(), addresses))


@pytest.mark.parametrize("command", ["serve", "worker", "numbers"])
def test_a_process_without_its_settings_says_all_that_is_missing(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from ivr.cli import main

    for name in ("PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INSTANCE", str(tmp_path))

    result = CliRunner().invoke(main, [command, *(["plan"] if command == "numbers" else [])])

    assert result.exit_code == 1
    for name in ("PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SECRET_KEY"):
        assert f"{name} is not set" in result.output
