"""Dial with Number and Client: ringing, whispers, bridges, and what the action is told."""

import pytest

from ivr.carrier.assumptions import Assumptions
from ivr.carrier.phones import Phone
from tests.carrier.scripted import CALLER, LINE, Line

ANN = "+12125550101"
TOM = "+12125550102"


@pytest.fixture
def ann(line: Line) -> Phone:
    return line.phone(ANN, "ann")


@pytest.fixture
def tom(line: Line) -> Phone:
    return line.phone(TOM, "tom")


def dial(nouns: str = f"<Number>{ANN}</Number>", attributes: str = "") -> str:
    return f'<Dial action="/dialed" {attributes}>{nouns}</Dial><Say>Never.</Say>'


@pytest.fixture(autouse=True)
def _action(line: Line) -> None:
    line.service.on("/dialed", "<Say>After the talk.</Say>")


def test_two_people_talk_until_one_leaves(line: Line, ann: Phone) -> None:
    line.call(dial())
    ann.rings().answer()
    line.run(2)
    talking = line.caller.is_talking_to(ann)
    ann.speak("hello there")
    line.caller.hears("hello there")
    line.run(8)
    ann.hang_up()
    line.caller.hears("After the talk")

    dialed = line.service.only("/dialed")
    assert talking
    assert (dialed["DialCallStatus"], dialed["DialBridged"]) == ("completed", "true")
    assert dialed["DialCallSid"] == ann.call_sid
    assert 9 <= int(dialed["DialCallDuration"]) <= 12
    assert "Never." not in line.caller.heard


UNANSWERED = [
    ("is_busy", "busy"),
    ("is_unreachable", "failed"),
    ("does_not_answer", "no-answer"),
]


@pytest.mark.parametrize(("manner", "status"), UNANSWERED)
def test_a_phone_that_is_not_answered_says_why(
    line: Line, ann: Phone, manner: str, status: str
) -> None:
    getattr(ann, manner)()
    line.call(dial(attributes='timeout="10"')).hears("After the talk", 60)

    dialed = line.service.only("/dialed")
    assert (dialed["DialCallStatus"], dialed["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in dialed


def test_a_rejected_call_is_busy(line: Line, ann: Phone) -> None:
    line.call(dial())
    ann.rings().reject()
    line.caller.hears("After the talk")

    assert line.service.only("/dialed")["DialCallStatus"] == "busy"


def test_it_rings_five_seconds_longer_than_it_was_told(line: Line, ann: Phone) -> None:
    line.call(dial(attributes='timeout="10"'))
    ann.rings()
    began = line.now
    line.caller.hears("After the talk", 60)

    assert line.now - began == pytest.approx(15)


def test_without_action_the_next_verb_is_done(line: Line, ann: Phone) -> None:
    ann.is_busy()
    line.call(f"<Dial>{ANN}</Dial><Say>Nobody could be reached.</Say>")
    line.caller.hears("Nobody could be reached")


def test_a_whisper_is_heard_by_the_callee_alone_before_the_bridge(line: Line, ann: Phone) -> None:
    line.service.on(
        "/whisper",
        '<Gather action="/choice" numDigits="1"><Say>Press 1 to accept.</Say></Gather><Hangup/>',
    ).on("/choice", "<Say>Connecting.</Say>")
    line.call(dial(f'<Number url="/whisper">{ANN}</Number>'))
    ann.rings().answer().hears("Press 1")
    unbridged = line.caller.is_talking_to(ann)
    ann.press("1").hears("Connecting")
    line.run(2)

    whisper = line.service.only("/whisper")
    assert not unbridged
    assert line.caller.is_talking_to(ann)
    assert whisper["Direction"] == "outbound-dial"
    assert (whisper["CallSid"], whisper["ParentCallSid"]) == (ann.call_sid, line.caller.call_sid)
    assert line.service.only("/choice")["CallSid"] == ann.call_sid
    assert not any("Press 1" in text for text in line.caller.heard)


DECLINED = [
    ("<Say>No.</Say><Hangup/>", "completed"),
    ('<Gather action="/x" timeout="2"><Say>Press 1.</Say></Gather><Hangup/>', "no-answer"),
]


@pytest.mark.parametrize(("whisper", "status"), DECLINED)
def test_a_whisper_that_hangs_up_declines(whisper: str, status: str) -> None:
    line = Line(assume=Assumptions(declined_whisper_status=status))
    line.service.on("/whisper", whisper).on("/dialed", "<Say>Sorry.</Say>")
    line.phone(ANN, "ann").answers_by_itself()
    line.call(dial(f'<Number url="/whisper">{ANN}</Number>')).hears("Sorry")

    dialed = line.service.only("/dialed")
    assert (dialed["DialCallStatus"], dialed["DialBridged"]) == (status, "false")


def test_a_dial_inside_a_whisper_is_not_done(line: Line, ann: Phone) -> None:
    line.service.on("/whisper", f"<Dial>{TOM}</Dial><Say>For you.</Say>")
    line.call(dial(f'<Number url="/whisper">{ANN}</Number>'))
    ann.rings().answer().hears("For you")
    line.run(2)

    assert line.codes() == [12200]
    assert line.caller.is_talking_to(ann)


def test_of_several_phones_the_first_to_answer_wins(line: Line, ann: Phone, tom: Phone) -> None:
    line.call(dial(f"<Number>{ANN}</Number><Number>{TOM}</Number>"))
    ann.rings()
    tom.rings().answer()
    line.run(3)

    assert line.caller.is_talking_to(tom)
    assert not ann.ringing
    (ended,) = line.events("ended", phone=ANN)
    assert ended["status"] == "canceled"


def test_one_after_the_other_when_it_is_sequential(line: Line, ann: Phone, tom: Phone) -> None:
    numbers = f"<Number>{ANN}</Number><Number>{TOM}</Number>"
    line.call(dial(numbers, 'sequential="true" timeout="5"'))
    ann.rings()
    alone = not tom.ringing
    tom.rings().answer()
    line.run(3)

    assert alone
    assert line.caller.is_talking_to(tom)


def test_a_caller_who_leaves_while_it_rings_cancels_it(line: Line, ann: Phone) -> None:
    line.call(dial())
    ann.rings()
    line.caller.hang_up()
    line.run(3)

    assert not ann.ringing
    assert line.service.only("/dialed")["DialCallStatus"] == "canceled"
    assert line.service.only("/over")["CallStatus"] == "completed"


def test_or_the_action_is_not_asked_for_when_the_caller_has_left() -> None:
    line = Line(assume=Assumptions(dial_action_after_hangup=False))
    line.call(dial())
    line.phone(ANN, "ann").rings()
    line.caller.hang_up()
    line.run(3)

    assert line.service.asked_for("/dialed") == []


def test_the_callee_sees_the_caller_unless_another_number_is_shown(line: Line, ann: Phone) -> None:
    line.call(dial(attributes=f'callerId="{LINE}"'))
    ann.rings()

    assert ann.events[0]["from"] == LINE
    assert line.caller.number == CALLER


@pytest.mark.parametrize(
    ("dialed", "attributes", "code"),
    [
        ("212 555 0101", "", 13223),
        (LINE, "", 13224),
        (ANN, 'callerId="+19998887777"', 13214),
    ],
)
def test_what_cannot_be_dialed_fails_and_is_reported(
    line: Line, dialed: str, attributes: str, code: int
) -> None:
    line.call(dial(f"<Number>{dialed}</Number>", attributes)).hears("After the talk")

    assert line.codes() == [code]
    assert line.service.only("/dialed")["DialCallStatus"] == "failed"


def test_more_than_ten_phones_cannot_be_dialed(line: Line) -> None:
    many = "".join(f"<Number>+121255502{n:02}</Number>" for n in range(11))
    line.call(dial(many)).hears("After the talk")

    assert line.codes() == [12200]


def test_the_star_leaves_a_dial_that_lets_it(line: Line, ann: Phone) -> None:
    line.call(dial(attributes='hangupOnStar="true"'))
    ann.rings().answer()
    line.run(3)
    line.caller.press("*").hears("After the talk")

    assert ann.leg is None
    assert line.service.only("/dialed")["DialBridged"] == "true"


def test_a_talk_ends_at_its_time_limit(line: Line, ann: Phone) -> None:
    line.call(dial(attributes='timeLimit="20"'))
    ann.rings().answer()
    line.caller.hears("After the talk", 40)

    assert line.service.only("/dialed")["DialCallDuration"] == "20"


def test_a_call_is_answered_only_when_bridged_if_so_wanted(line: Line, ann: Phone) -> None:
    line.call(dial(attributes='answerOnBridge="true"'))
    ann.rings()
    unanswered = line.events("answered")
    ann.answer()
    line.run(3)

    assert unanswered == []
    assert [entry["phone"] for entry in line.events("answered")] == [ANN, CALLER]


def test_a_recorded_talk_belongs_to_the_parent_leg(line: Line, ann: Phone) -> None:
    line.service.on("/recorded", "")
    recorded = 'record="record-from-answer-dual" recordingStatusCallback="/recorded"'
    line.call(dial(attributes=recorded))
    ann.rings().answer()
    line.run(12)
    ann.hang_up()
    line.caller.hears("After the talk")
    line.run(4)

    told = line.service.only("/recorded")
    assert (told["RecordingSource"], told["RecordingChannels"]) == ("DialVerb", "2")
    assert told["CallSid"] == line.caller.call_sid
    assert line.service.only("/dialed")["RecordingUrl"] == told["RecordingUrl"]


def test_a_browser_phone_is_dialed_by_its_identity(line: Line) -> None:
    line.call(dial("<Client><Identity>ann</Identity></Client>"))
    browser = line.phone("client:ann", "ann").rings().answer()
    line.run(3)

    assert line.caller.is_talking_to(browser)


def test_an_answering_machine_can_be_told_from_a_person(line: Line, ann: Phone) -> None:
    line.service.on("/amd", "")
    ann.voicemail_greets("I am not here.")
    detection = 'machineDetection="Enable" amdStatusCallback="/amd"'
    line.call(dial(f"<Number {detection}>{ANN}</Number>"))
    line.run(20)

    assert line.service.only("/amd")["AnsweredBy"] == "machine_start"
