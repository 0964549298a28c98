"""Dial with Conference: who is in, who hears whom, and who is told."""

import pytest

from ivr.carrier.phones import Phone
from tests.carrier.scripted import LINE, SERVICE, Answer, Line

ANN = "+12125550101"
EVENTS = "start end join leave mute hold"


def room(attributes: str = "", name: str = "the-room") -> str:
    return (
        f'<Dial action="/after"><Conference statusCallback="/room" statusCallbackEvent="{EVENTS}"'
        f" {attributes}>{name}</Conference></Dial>"
    )


@pytest.fixture(autouse=True)
def _answers(line: Line) -> None:
    line.service.on("/room", "").on("/after", "<Say>After the room.</Say>")


def joined(line: Line, attributes: str = "", second: str = "") -> Phone:
    """The caller and then Ann in one room."""
    line.call(room(attributes))
    line.run(3)
    line.service.on("/voice", room(second))
    ann = line.phone(ANN, "ann").dial(LINE)
    line.run(3)
    return ann


def told(line: Line) -> list[str]:
    return [asked["StatusCallbackEvent"] for asked in line.service.asked_for("/room")]


def test_a_room_starts_with_its_second_participant(line: Line) -> None:
    ann = joined(line)

    assert line.caller.heard == ["[music]", "[beep]"]
    assert line.caller.is_talking_to(ann)
    assert told(line) == ["participant-join", "participant-join", "conference-start"]


def test_every_event_has_the_next_number_and_the_rooms_sid(line: Line) -> None:
    ann = joined(line)
    ann.hang_up()
    line.run(1)
    line.caller.hang_up()
    line.run(3)

    asked = line.service.asked_for("/room")
    assert told(line)[3:] == ["participant-leave", "participant-leave", "conference-end"]
    assert [a["SequenceNumber"] for a in asked] == [str(n) for n in range(1, 7)]
    assert len({a["ConferenceSid"] for a in asked}) == 1
    assert asked[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert asked[3]["ParticipantCallStatus"] == "completed"
    assert asked[5]["ReasonConferenceEnded"] == "last-participant-left"
    assert all(a.is_signed() for a in asked)


def test_nobody_starts_a_room_who_may_not(line: Line) -> None:
    ann = joined(line, 'startConferenceOnEnter="false"', 'startConferenceOnEnter="false"')

    assert not line.caller.is_talking_to(ann)
    assert "conference-start" not in told(line)


def test_a_room_ends_when_the_one_leaves_who_ends_it(line: Line) -> None:
    ann = joined(line, "", 'endConferenceOnExit="true"')
    ann.hang_up()
    line.caller.hears("After the room")

    after = line.service.asked_for("/after")[-1]
    assert after["DialCallStatus"] == "answered"
    assert "DialCallSid" not in after
    assert "DialBridged" not in after


def test_a_muted_participant_hears_and_is_not_heard(line: Line) -> None:
    ann = joined(line, "", 'muted="true"')
    ann.speak("hello")
    line.caller.speak("good day")
    ann.hears("good day")

    assert "hello" not in line.caller.heard


def test_rest_holds_and_takes_back_and_removes_a_participant(line: Line) -> None:
    ann = joined(line)
    (shown,) = line.rest.conferences.list(friendly_name="the-room", status="in-progress")
    participant = line.rest.conferences(shown.sid).participants(line.caller.call_sid)
    participant.update(hold=True)
    line.run(1)
    apart = not line.caller.is_talking_to(ann)
    participant.update(hold=False)
    line.run(1)
    together = line.caller.is_talking_to(ann)
    participant.update(muted=True)
    participant.delete()
    line.caller.hears("After the room")

    assert (apart, together) == (True, True)
    assert told(line)[3:6] == ["participant-hold", "participant-unhold", "participant-mute"]
    left = line.service.asked_for("/room")[-1]
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"


def test_an_announcement_is_heard_by_all(line: Line) -> None:
    ann = joined(line)
    line.service.on("/announce", "<Say>Five minutes left.</Say>")
    (shown,) = line.rest.conferences.list()
    line.rest.conferences(shown.sid).update(announce_url=f"{SERVICE}/announce")
    ann.hears("Five minutes left")

    assert "Five minutes left." in line.caller.heard
    assert line.caller.is_talking_to(ann)


def test_rest_ends_a_room(line: Line) -> None:
    joined(line)
    (shown,) = line.rest.conferences.list()
    line.rest.conferences(shown.sid).update(status="completed")
    line.caller.hears("After the room")

    assert line.rest.conferences(shown.sid).fetch().status == "completed"
    assert told(line)[-1] == "conference-end"


def test_a_wait_document_of_a_room_does_not_loop(line: Line) -> None:
    line.service.on("/wait", "<Say>Please wait.</Say>")
    line.call(room('waitUrl="/wait"'))
    line.run(60)

    assert line.caller.heard == ["Please wait."]
    assert line.caller.leg is not None


def test_a_wait_document_that_fails_keeps_the_caller_out(line: Line) -> None:
    line.service.on("/wait", Answer(500))
    line.call(room('waitUrl="/wait"')).hears("After the room")

    assert line.service.only("/after")["DialCallStatus"] == "failed"


def test_a_recorded_room_is_told_by_its_own_sid(line: Line) -> None:
    line.service.on("/recorded", "")
    ann = joined(line, 'record="record-from-start" recordingStatusCallback="/recorded"')
    line.caller.speak("hello there", 4)
    line.run(8)
    ann.hang_up()
    line.caller.hang_up()
    line.run(5)

    recorded = line.service.only("/recorded")
    assert (recorded["RecordingSource"], recorded["RecordingDuration"]) == ("Conference", "4")
    assert "CallSid" not in recorded
    assert recorded["ConferenceSid"] == line.service.asked_for("/room")[0]["ConferenceSid"]


REFUSED = [
    ('participantLabel="x"', 'participantLabel="x"', 16025),
    ('maxParticipants="2"', "", None),
    ("", 'coach="CA00000000000000000000000000000009"', 13240),
]


@pytest.mark.parametrize(("first", "second", "code"), REFUSED)
def test_who_may_not_come_in_is_sent_on(
    line: Line, first: str, second: str, code: int | None
) -> None:
    ann = joined(line, first, second)

    assert line.codes() == ([code] if code else [])
    assert line.caller.is_talking_to(ann) == (code is None)


def test_a_full_room_takes_nobody(line: Line) -> None:
    joined(line, 'maxParticipants="2"')
    line.phone("+12125550199", "third").dial(LINE).hears("After the room")

    assert line.codes() == [16020]
