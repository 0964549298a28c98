"""What the line did, told by `ivr calls`, `story`, `voicemail` and `verify` after one real call."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, update

from ivr.cli import main
from ivr.store.engine import writing
from ivr.store.messages import VoicemailState, voicemail
from ivr.store.notes import note
from routing.tickets import Ticket, TicketStatus
from tests.ivr.conftest import WEDNESDAY_NOON as NOON
from tests.line import LineUnderTest

Ivr = Callable[..., Result]

# Wednesday noon in New York, when the fixture begins, is Thursday before seven in Auckland.
IN_AUCKLAND = Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="Pacific/Auckland")


@pytest.fixture
def ivr(line: LineUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    """The command line of a line that has just had a caller outside the hours."""
    line.desk.put(IN_AUCKLAND)
    caller = line.caller().dial("+6499144449")
    caller.hears("ticket number").press("100300#").hears("after the tone").speak("Call me.")
    caller.press("#").hears("goodbye")
    line.exchange.run_for(30)
    monkeypatch.setenv("INSTANCE", str(line.settings.instance))
    monkeypatch.setenv("DATABASE_URL", line.settings.database_url)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def objects(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_call_is_a_line_with_its_decision_and_its_end(ivr: Ivr, line: LineUnderTest) -> None:
    sid = line.the_call().call_sid
    (call,) = objects(ivr("calls", "--json"))

    assert (call["call_sid"], call["dnis"], call["ticket"]) == (sid, "+6499144449", "100300")
    assert (call["outcome"], call["rule"], call["disposition"]) == ("closed", "R04", "voicemail")
    assert ivr("calls").stdout.split() == [
        sid,
        *("2026-03-04", "17:00:00", "+6499144449", "100300", "closed", "R04", "voicemail"),
        *("-", "voicemail", "1"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--since", "2026-03-04T17:00:00Z"], 1),
        (["--since", "2026-03-04T18:00:01+01:00"], 0),
        (["--sid", "CA00"], 0),
    ],
)
def test_calls_can_be_chosen_by_instant_and_by_name(ivr: Ivr, words: list[str], found: int) -> None:
    assert len(objects(ivr("calls", "--json", *words))) == found


def test_an_instant_without_offset_is_wrong_usage(ivr: Ivr) -> None:
    result = ivr("calls", "--since", "2026-03-04T17:00:00")

    assert result.exit_code == 2
    assert "has no offset from UTC; end it with Z or +01:00." in result.stderr


def test_a_story_is_told_in_order_in_sentences(ivr: Ivr, line: LineUnderTest) -> None:
    sid = line.the_call().call_sid
    told = objects(ivr("story", sid, "--json"))
    read = ivr("story", sid).stdout.splitlines()

    assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)
    assert [text[21:] for text in read] == [entry["sentence"] for entry in told]
    assert all(entry["sentence"] for entry in told)
    assert any("Pacific/Auckland" in entry["sentence"] for entry in told)


def test_a_message_is_listed_and_fetched_whole(ivr: Ivr) -> None:
    (message,) = objects(ivr("voicemail", "list", "--json"))
    (fetched,) = objects(ivr("voicemail", "fetch", 1, "message.wav", "--json"))
    said = ivr("voicemail", "fetch", 1, "again.wav").stdout

    assert (message["id"], message["ticket"], message["queue"]) == (1, "100300", "vsa")
    assert "ticket 100300  vsa" in ivr("voicemail", "list").stdout
    sound = Path("message.wav").read_bytes()
    assert fetched["sha256"] == hashlib.sha256(sound).hexdigest()
    assert said == f"again.wav: {message['seconds']} seconds, {len(sound)} bytes.\n"
    assert Path("again.wav").read_bytes() == sound


def test_a_message_still_at_the_carrier_is_not_to_be_had_yet(ivr: Ivr, line: LineUnderTest) -> None:
    with writing(line.engine) as connection:
        connection.execute(update(voicemail).values(state=VoicemailState.AT_CARRIER))
    result = ivr("voicemail", "fetch", 1, "message.wav")

    assert result.exit_code == 1
    assert "Message 1 is still at the carrier; `ivr worker` fetches it." in result.stderr
    assert not Path("message.wav").exists()


def test_a_recording_that_is_gone_breaks_what_must_hold(ivr: Ivr, line: LineUnderTest) -> None:
    assert ivr("verify").stdout == "Everything holds.\n"

    (recording,) = (line.settings.instance / "recordings").rglob("*.wav")
    recording.unlink()
    told = ivr("verify")
    as_json = json.loads(ivr("verify", "--json").stdout)
    fetched = ivr("voicemail", "fetch", 1, "message.wav")

    (violation,) = as_json["violations"]
    assert (told.exit_code, as_json["ok"], violation["invariant"]) == (1, False, "I5")
    assert told.stdout == "{invariant}  {subject}  {detail}\n".format(**violation)
    assert fetched.exit_code == 1
    assert "Message 1 was not copied: No such file or directory" in fetched.stderr


def test_a_note_for_the_ticket_is_listed_until_it_is_delivered_and_after(
    ivr: Ivr, line: LineUnderTest
) -> None:
    assert objects(ivr("tickets", "notes", "100300", "--json")) == []
    with writing(line.engine) as connection:
        for number, due_at, delivered_at in ((1, None, NOON), (2, NOON, None), (3, None, None)):
            row: dict[str, Any] = {"note_id": f"n{number}", "call_sid": line.the_call().call_sid}
            row |= {"number": "100300", "text": "Look.", "written_at": NOON, "attempts": 1}
            row |= {"due_at": due_at, "delivered_at": delivered_at}
            connection.execute(insert(note).values(**row))

    told = ivr("tickets", "notes", "100300").stdout.splitlines()
    kept = objects(ivr("tickets", "notes", "100300", "--json"))

    stands = ("delivered 2026-03-04 17:00 UTC", "not delivered yet", "given up")
    assert [text for text, each in zip(told, stands, strict=True) if each not in text] == []
    assert [each["note_id"] for each in kept] == ["n1", "n2", "n3"]
