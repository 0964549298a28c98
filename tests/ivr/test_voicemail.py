"""A message is the carrier's until its bytes are safely ours, whatever goes wrong on the way."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ivr.carrier.phones import Phone
from ivr.store.engine import reading
from ivr.store.messages import alarm
from ivr.voicemail import Voicemail, list_voicemail
from routing.tickets import Ticket, TicketStatus
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.line import LineUnderTest

DUBLIN = "+35315262938"
ASLEEP = Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="Asia/Tokyo")
DAY = 24 * 60 * 60


def leave_message(line: LineUnderTest, seconds: float = 8) -> Phone:
    line.desk.put(ASLEEP)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100300#").hears("beep")
    return caller.speak("Our backups are late.", seconds=seconds).press("#")


def the_message(line: LineUnderTest) -> Voicemail:
    with reading(line.engine) as connection:
        (only,) = list_voicemail(connection)
    return only


def sound(line: LineUnderTest) -> Path:
    return line.settings.instance / "recordings" / str(the_message(line).file)


def test_a_message_is_stored_with_its_checksum_and_bound_to_ticket_and_queue(
    line: LineUnderTest,
) -> None:
    leave_message(line)
    line.exchange.run_for(20)

    message = the_message(line)
    assert (message.state, message.ticket, message.queue) == ("stored", "100300", "vsa")
    assert hashlib.sha256(sound(line).read_bytes()).hexdigest() == message.sha256
    assert sound(line).stat().st_size == message.size_bytes
    (mail,) = line.mail.sent
    assert mail[0] == ["vsa@support.example.com"]
    assert "100300" in mail[1]
    assert "2125550177" not in mail[2]


@pytest.mark.parametrize("fault", ["missing", "short", "slow"])
def test_media_that_is_not_ready_or_whole_is_fetched_again(line: LineUnderTest, fault: str) -> None:
    match fault:
        case "missing":
            line.exchange.faults.media_missing(30)
        case "short":
            line.exchange.faults.media_short(times=2)
        case "slow":
            line.exchange.faults.media_slow(5)
    leave_message(line)
    line.exchange.run_for(15)
    assert the_message(line).state == "at_carrier"

    line.exchange.faults.media_slow(0)
    line.exchange.run_for(300)

    assert the_message(line).state == "stored"
    assert len(line.mail.sent) == 1
    assert not list(sound(line).parent.glob("*.part"))


@pytest.fixture
def unhurried(sqlite_engine: Engine, tmp_path: Path) -> LineUnderTest:
    """A line whose worker looks twice a minute, for tests that last a day."""
    return LineUnderTest(sqlite_engine, tmp_path / "instance", WEDNESDAY_NOON, worker_seconds=30)


def test_the_carrier_keeps_its_copy_until_ours_was_read_back_a_day_later(
    unhurried: LineUnderTest,
) -> None:
    line = unhurried
    leave_message(line)
    line.exchange.run_for(DAY - 60)
    sid = the_message(line).recording_sid
    assert line.services.telephony.recordings_of(line.the_call().call_sid)[0].sid == sid

    line.exchange.run_for(120)

    assert the_message(line).state == "verified"
    assert line.services.telephony.recordings_of(line.the_call().call_sid) == []
    assert sound(line).is_file()


def test_a_copy_that_was_damaged_on_disk_is_fetched_again_and_somebody_is_told(
    unhurried: LineUnderTest,
) -> None:
    line = unhurried
    leave_message(line)
    line.exchange.run_for(120)
    whole = sound(line).read_bytes()
    sound(line).write_bytes(whole[:100])

    line.exchange.run_for(DAY + 120)

    assert sound(line).read_bytes() == whole
    with reading(line.engine) as connection:
        assert "damaged" in connection.execute(select(alarm.c.sentence)).scalar_one()


def test_a_disk_that_cannot_be_written_keeps_the_message_at_the_carrier(
    line: LineUnderTest,
) -> None:
    line.settings.instance.mkdir(parents=True)
    blocker = line.settings.instance / "recordings"
    blocker.write_text("a file where the folder should be")
    leave_message(line)
    line.exchange.run_for(60)
    assert the_message(line).state == "at_carrier"
    assert line.the_call().disposition == "voicemail"

    blocker.unlink()
    line.exchange.run_for(400)

    assert the_message(line).state == "stored"


def test_a_message_that_cannot_be_fetched_for_long_is_an_alarm(line: LineUnderTest) -> None:
    line.exchange.faults.media_missing(2000)
    leave_message(line)

    line.exchange.run_for(1800)

    with reading(line.engine) as connection:
        assert "could not be fetched" in connection.execute(select(alarm.c.sentence)).scalar_one()
    assert [violation.invariant for violation in line.violations()] == ["I5"]


def test_a_caller_who_hangs_up_while_speaking_has_left_a_message(line: LineUnderTest) -> None:
    line.desk.put(ASLEEP)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100300#").hears("beep")
    caller.speak("Please call me.", seconds=5)
    line.exchange.run_for(6)

    caller.hang_up()
    line.exchange.run_for(100)

    assert line.the_call().disposition == "voicemail"
    assert the_message(line).state == "stored"


def test_every_word_of_a_recording_twice_is_one_message_and_one_mail(line: LineUnderTest) -> None:
    line.exchange.faults.duplicate(lambda _: True, copies=3)

    leave_message(line)
    line.exchange.run_for(100)

    assert the_message(line).state == "stored"
    assert len(line.mail.sent) == 1
