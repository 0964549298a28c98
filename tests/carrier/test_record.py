"""Record: a message, how it ends, and who is told of it."""

import pytest

from ivr.carrier.assumptions import Assumptions
from tests.carrier.scripted import ACCOUNT, Line

MESSAGE = "my modem is on fire and I am afraid"


def record(attributes: str = "") -> str:
    told = 'recordingStatusCallback="/recorded"'
    return f'<Say>Speak now.</Say><Record action="/kept" {told} {attributes}/><Say>Never.</Say>'


def ready(line: Line) -> Line:
    line.service.on("/kept", "<Say>Thank you.</Say>").on("/recorded", "")
    return line


def test_a_key_ends_a_message(line: Line) -> None:
    ready(line).call(record()).hears("[beep]").speak(MESSAGE, 6).press("#").hears("Thank you")
    line.run(5)

    kept, told = line.service.only("/kept"), line.service.only("/recorded")
    assert kept["Digits"] == "#"
    assert kept["RecordingSid"] == told["RecordingSid"]
    assert kept["RecordingUrl"].endswith(f"/Accounts/{ACCOUNT}/Recordings/{told['RecordingSid']}")
    assert (told["RecordingStatus"], told["RecordingSource"]) == ("completed", "RecordVerb")
    assert told["RecordingDuration"] == "6"
    assert told["CallSid"] == kept["CallSid"]
    assert "From" not in told
    assert "Never." not in line.caller.heard


def test_silence_ends_a_message_and_is_trimmed_off(line: Line) -> None:
    ready(line).call(record('timeout="4"')).hears("[beep]").speak(MESSAGE, 6)
    line.caller.hears("Thank you")
    line.run(5)

    assert line.service.only("/kept")["RecordingDuration"] == "10"
    assert "Digits" not in line.service.only("/kept")
    assert line.service.only("/recorded")["RecordingDuration"] == "6"


def test_nothing_is_trimmed_when_it_is_not_wanted(line: Line) -> None:
    ready(line).call(record('timeout="4" trim="do-not-trim"')).hears("[beep]").speak(MESSAGE, 6)
    line.caller.hears("Thank you")
    line.run(5)

    assert line.service.only("/recorded")["RecordingDuration"] == "10"


def test_a_silent_message_is_kept_whole(line: Line) -> None:
    ready(line).call(record('timeout="4"')).hears("Thank you")
    line.run(5)

    assert line.service.only("/recorded")["RecordingDuration"] == "4"


def test_a_message_ends_at_its_greatest_length(line: Line) -> None:
    ready(line).call(record('maxLength="5"')).hears("[beep]").speak(MESSAGE, 60)
    line.caller.hears("Thank you", 7)
    line.run(5)

    assert line.service.only("/recorded")["RecordingDuration"] == "5"


def test_without_a_timeout_silence_does_not_end_it(line: Line) -> None:
    ready(line).call(record('timeout="0" maxLength="90"')).hears("[beep]")
    began = line.now
    line.caller.hears("Thank you", 120)

    assert line.now - began == pytest.approx(90.5)


def test_only_the_keys_of_the_set_end_it(line: Line) -> None:
    ready(line).call(record('finishOnKey="5*"')).hears("[beep]").press("1#5").hears("Thank you")

    assert line.service.only("/kept")["Digits"] == "5"


def test_a_message_need_not_begin_with_a_beep(line: Line) -> None:
    ready(line).call(record('playBeep="false" timeout="2"')).hears("Thank you")

    assert "[beep]" not in line.caller.heard


def test_hanging_up_ends_a_message_and_the_action_is_told(line: Line) -> None:
    ready(line).call(record()).hears("[beep]").speak(MESSAGE, 6).hang_up()
    line.run(12)

    kept = line.service.only("/kept")
    assert (kept["Digits"], kept["CallStatus"]) == ("hangup", "completed")
    assert kept["RecordingDuration"] == "6"
    assert line.service.only("/recorded")["RecordingDuration"] == "6"
    assert line.service.only("/over")["CallStatus"] == "completed"


def test_a_message_of_no_length_is_absent(line: Line) -> None:
    events = 'recordingStatusCallbackEvent="in-progress completed absent"'
    ready(line).call(record(events)).hears("[beep]")
    line.run(0.5)
    line.caller.hang_up()
    line.run(5)

    statuses = [told["RecordingStatus"] for told in line.service.asked_for("/recorded")]
    assert statuses == ["in-progress", "absent"]
    assert "RecordingUrl" not in line.service.only("/kept")
    assert line.codes() == [16101]


def test_the_sid_may_be_missing_from_the_action() -> None:
    line = ready(Line(assume=Assumptions(record_action_sends_sid=False)))
    line.call(record()).hears("[beep]").speak(MESSAGE, 6).press("#").hears("Thank you")

    kept = line.service.only("/kept")
    assert "RecordingSid" not in kept
    assert "/Recordings/RE" in kept["RecordingUrl"]


def test_a_transcription_arrives_later_with_the_words(line: Line) -> None:
    transcribed = 'transcribe="true" maxLength="60" transcribeCallback="/words"'
    ready(line).service.on("/words", "")
    line.call(record(transcribed)).hears("[beep]").speak(MESSAGE, 6).press("#").hears("Thank you")
    line.run(20)

    words = line.service.only("/words")
    assert (words["TranscriptionStatus"], words["TranscriptionText"]) == ("completed", MESSAGE)
    assert words["RecordingSid"] == line.service.only("/recorded")["RecordingSid"]
    assert words["From"] == line.caller.number


def test_a_message_too_short_cannot_be_transcribed(line: Line) -> None:
    transcribed = 'transcribe="true" maxLength="60" transcribeCallback="/words"'
    ready(line).service.on("/words", "")
    line.call(record(transcribed)).hears("[beep]").speak("hi", 1).press("#").hears("Thank you")
    line.run(20)

    assert line.service.only("/words")["TranscriptionStatus"] == "failed"
    assert line.codes() == [13617]


def test_without_action_the_same_document_is_asked_for_again(line: Line) -> None:
    line.service.on("/voice", "<Record/>", "<Say>Thank you.</Say>")
    line.caller.dial("+18779260001").hears("[beep]").press("1").hears("Thank you")

    assert line.service.asked_for("/voice")[1]["Digits"] == "1"
