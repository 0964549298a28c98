"""Recorded conversations: only where configured, only once the caller has heard of it."""

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, select

from ivr.cli import main
from ivr.conversations import CONVERSATIONS, Conversation, list_conversations
from ivr.journal import Happened
from ivr.recordings import Keeper
from ivr.store.calls import answer
from ivr.store.calls import journal as journal_table
from ivr.store.engine import reading, writing
from ivr.voicemail import list_voicemail
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.ivr.rooming import MENU, call_in_room, happened, republish
from tests.line import LineUnderTest

RECORDED = {
    "conversation_recording:\n  queues: []": "conversation_recording:\n  queues: [severity-1]"
}
SAID = "This conversation is recorded."


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """On both databases."""
    return LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON)


def conversations(line: LineUnderTest) -> list[Conversation]:
    with reading(line.engine) as connection:
        return list_conversations(connection)


def documents(line: LineUnderTest) -> list[ElementTree.Element]:
    """Every document that was given, of callers and of technicians."""
    with reading(line.engine) as connection:
        texts = connection.execute(select(answer.c.document)).scalars().all()
    return [ElementTree.fromstring(text) for text in texts]


def test_nothing_is_recorded_in_the_first_edition(line: LineUnderTest) -> None:
    caller, _ = call_in_room(line)
    caller.hang_up()
    line.exchange.run_for(30)

    assert line.exchange.ledger.of("recording_started") == []
    assert SAID not in caller.heard
    assert conversations(line) == []


def test_a_recording_begins_when_the_caller_has_heard_of_it(line: LineUnderTest) -> None:
    republish(line, RECORDED)
    caller, ann = call_in_room(line)
    heard = [entry for entry in line.exchange.ledger.of("heard") if entry["text"] == SAID]
    (started,) = line.exchange.ledger.of("recording_started")
    assert heard[0]["phone"] == caller.number
    assert heard[0]["n"] < started["n"]
    assert heard[0]["at"] < started["at"]

    ann.press("*").hears(MENU).press("1")
    line.exchange.run_for(20)
    caller.hang_up()
    line.exchange.run_for(60)

    (kept,) = conversations(line)
    assert kept.seconds >= 20
    assert kept.file is not None
    assert (line.settings.instance / "recordings" / kept.file).is_file()
    assert len(line.exchange.ledger.of("recording_started")) == 1
    assert line.the_call().voicemail_id is None
    with reading(line.engine) as connection:
        assert list_voicemail(connection) == []
    assert line.violations() == []


def test_no_document_records_that_neither_announces_it_nor_waits_for_one_that_does(
    line: LineUnderTest,
) -> None:
    republish(line, RECORDED)
    _, ann = call_in_room(line)
    ann.press("*").hears(MENU).press("1")
    line.exchange.run_for(3)

    recording = [
        root for root in documents(line) if root.find(".//Conference[@record]") is not None
    ]

    assert len(recording) == 3
    for root in recording:
        (room,) = root.findall(".//Conference")
        said = [element.text for element in root.findall("Say")]
        assert SAID in said or room.get("startConferenceOnEnter") == "false"


def test_calls_of_other_queues_are_not_recorded(line: LineUnderTest) -> None:
    republish(
        line, {"conversation_recording:\n  queues: []": "conversation_recording:\n  queues: [emm]"}
    )
    caller, _ = call_in_room(line)

    assert SAID not in caller.heard
    assert line.exchange.ledger.of("recording_started") == []


def test_calls_of_a_region_are_recorded(line: LineUnderTest) -> None:
    republish(line, {"  queues: []\n  regions: []": "  queues: []\n  regions: [north-america]"})
    caller, _ = call_in_room(line)

    assert SAID in caller.heard
    assert len(line.exchange.ledger.of("recording_started")) == 1


def test_a_recording_without_its_announcement_is_a_violation(line: LineUnderTest) -> None:
    republish(line, RECORDED)
    caller, _ = call_in_room(line)
    caller.hang_up()
    line.exchange.run_for(30)
    with writing(line.engine) as connection:
        told = journal_table.c.what == Happened.RECORDING_ANNOUNCED.value
        connection.execute(delete(journal_table).where(told))

    assert [violation.invariant for violation in line.violations()] == ["I13"]


def test_a_recording_is_told_of_twice_and_kept_once(line: LineUnderTest) -> None:
    line.exchange.faults.duplicate(lambda request: request.url.endswith("/recording"), copies=2)
    republish(line, RECORDED)
    caller, _ = call_in_room(line)
    caller.hang_up()
    line.exchange.run_for(30)

    assert len(conversations(line)) == 1
    assert len(happened(line, Happened.CONVERSATION_RECORDED)) == 1


def test_a_recording_that_is_never_told_of_is_asked_for(line: LineUnderTest) -> None:
    line.exchange.faults.drop(lambda request: request.url.endswith("/recording"))
    republish(line, RECORDED)
    caller, _ = call_in_room(line)
    caller.hang_up()
    line.exchange.run_for(70)

    (kept,) = conversations(line)
    assert kept.file is not None


def test_a_conversation_is_erased_when_its_time_is_over(
    line: LineUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    republish(line, {**RECORDED, "keep_days: 90": "keep_days: 2"})
    caller, _ = call_in_room(line)
    caller.hang_up()
    line.exchange.run_for(30)
    monkeypatch.setenv("INSTANCE", str(line.settings.instance))
    monkeypatch.setenv("DATABASE_URL", line.settings.database_url)
    copy = tmp_path / "copy.wav"
    (kept,) = conversations(line)
    fetch = ["conversations", "fetch", str(kept.id), str(copy)]
    assert kept.keep_until - kept.recorded_at == timedelta(days=2)
    fetched = CliRunner().invoke(
        main, ["conversations", "fetch", str(kept.id), str(copy), "--json"]
    )
    assert json.loads(fetched.output)["sha256"] == kept.sha256
    assert copy.stat().st_size == kept.size_bytes

    folder = line.settings.instance / "recordings"
    keeper = Keeper(CONVERSATIONS, line.engine, line.services.telephony, folder)
    for days in (1, 2):
        assert keeper.do_what_is_due(kept.recorded_at + timedelta(days=days, minutes=1)) == 1

    (erased,) = conversations(line)
    assert (erased.file, erased.erased_at is not None) == (None, True)
    assert list(folder.glob("*.wav")) == []
    late = CliRunner().invoke(main, fetch)
    assert "was erased" in late.output
    listed = CliRunner().invoke(main, ["conversations", "list"])
    assert "erased" in listed.output
    assert line.violations() == []
