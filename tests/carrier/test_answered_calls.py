"""What else REST can ask of a call: who answered, a recording, keys, a limit."""

import pytest

from ivr.carrier import Phone
from tests.carrier.scripted import SERVICE, Line
from tests.carrier.test_calls_by_rest import ANN, make


@pytest.fixture
def ann(line: Line) -> Phone:
    line.service.on("/made", "<Say>Hello Ann.</Say><Pause length='60'/>").on("/told", "")
    return line.phone(ANN, "Ann")


MACHINES = [
    ("Enable", False, "human", 2),
    ("Enable", True, "machine_start", 4),
    ("DetectMessageEnd", True, "machine_end_beep", 8),
]


@pytest.mark.parametrize(("mode", "machine", "answered_by", "seconds"), MACHINES)
def test_who_answered_is_found_out_before_the_document(
    line: Line, ann: Phone, mode: str, machine: bool, answered_by: str, seconds: int
) -> None:
    if machine:
        ann.voicemail_greets("This is Ann, leave a message.", after=1)
    else:
        ann.answers_by_itself(1)
    call = make(line, machine_detection=mode)
    line.run(1.5)
    ann.hears("Hello Ann")

    assert line.now == pytest.approx(1 + seconds)
    assert line.service.only("/made")["AnsweredBy"] == answered_by
    if machine:
        assert line.rest.calls(call.sid).fetch().answered_by == answered_by


def test_or_it_is_told_when_it_is_known(line: Line, ann: Phone) -> None:
    line.service.on("/who", "")
    ann.answers_by_itself(1)
    make(
        line,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{SERVICE}/who",
    )
    line.run(5)

    assert "AnsweredBy" not in line.service.only("/made")
    who = line.service.only("/who")
    assert (who["AnsweredBy"], who["MachineDetectionDuration"]) == ("human", "2000")


def test_a_recorded_call_is_told_as_such(line: Line, ann: Phone) -> None:
    line.service.on("/recorded", "")
    make(line, record=True, recording_status_callback=f"{SERVICE}/recorded")
    ann.rings().answer().hears("Hello").speak("hello there", 3).hang_up().is_left()
    line.run(3)

    told = line.service.only("/recorded")
    assert (told["RecordingSource"], told["RecordingTrack"]) == ("OutboundAPI", "both")
    assert told["RecordingDuration"] == "3"


def test_keys_are_sent_when_it_is_answered(line: Line, ann: Phone) -> None:
    make(line, send_digits="1234#")
    ann.rings().answer().hears("[keys 1234#]")


def test_a_time_limit_ends_a_call(line: Line, ann: Phone) -> None:
    make(line, time_limit=7)
    ann.rings().answer().hears("Hello")
    line.run(8)

    assert not ann.on_a_call
    assert line.events("ended")[0]["by"] == "time limit"


def test_several_phones_ring_and_talk_at_the_same_time(line: Line) -> None:
    line.exchange.calls_per_second = 100
    phones = [line.phone(f"+1212555{n:04}", f"p{n}").answers_by_itself() for n in range(20)]
    line.service.on("/made", "<Dial><Conference>all</Conference></Dial>").on("/told", "")
    for phone in phones:
        make(line, to=phone.number)
    line.run(3)

    assert all(phones[0].is_talking_to(phone) for phone in phones[1:])
