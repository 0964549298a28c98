"""Enqueue, its looping wait document, Leave, and the ways out of a queue."""

import pytest

from ivr.carrier.assumptions import Assumptions
from ivr.carrier.phones import Phone
from ivr.carrier.sound import tone_wav
from tests.carrier.scripted import SERVICE, Answer, Line

ANN = "+12125550101"
OTHER = "+12125550178"
ENQUEUE = '<Enqueue action="/left" waitUrl="/wait">support</Enqueue><Say>Never.</Say>'


@pytest.fixture
def queued(line: Line) -> Line:
    """The caller waits in `support`, under a document of ten seconds."""
    line.service.on("/wait", '<Say>Please hold.</Say><Pause length="10"/>')
    line.service.on("/left", "<Say>You are out of the queue.</Say>")
    line.call(ENQUEUE).hears("Please hold")
    return line


def queue_sid(line: Line) -> str:
    (queue,) = line.rest.queues.list()
    return str(queue.sid)


def test_the_wait_document_is_asked_for_again_and_again(queued: Line) -> None:
    queued.caller.hears("Please hold")
    queued.run(0.1)

    first, second = queued.service.asked_for("/wait")
    assert (first["QueuePosition"], first["CurrentQueueSize"]) == ("1", "1")
    assert (first["QueueTime"], second["QueueTime"]) == ("0", "11")
    assert (second["AvgQueueTime"], second["MaxQueueSize"]) == ("11", "1000")
    assert first["QueueSid"] == queue_sid(queued)
    assert first["CallSid"] == queued.caller.call_sid


def test_a_wait_document_that_takes_no_time_is_not_hammered(line: Line) -> None:
    line.service.on("/wait", "")
    line.call(ENQUEUE)
    line.run(11)

    assert 8 <= len(line.service.asked_for("/wait")) <= 12
    assert line.events("empty_wait_document") != []


def test_a_second_caller_is_second(queued: Line) -> None:
    queued.exchange.phone(OTHER).dial("+18779260001").hears("Please hold")

    last = queued.service.asked_for("/wait")[-1]
    assert (last["QueuePosition"], last["CurrentQueueSize"]) == ("2", "2")


def test_a_caller_may_leave_and_goes_on_at_the_action(queued: Line) -> None:
    queued.service.on("/wait", "<Leave/>")
    queued.caller.hears("You are out")

    left = queued.service.only("/left")
    assert (left["QueueResult"], left["QueueTime"]) == ("leave", "11")


def test_or_after_the_enqueue_when_there_is_no_action(line: Line) -> None:
    line.service.on("/wait", "<Leave/>")
    line.call('<Enqueue waitUrl="/wait">support</Enqueue><Say>What now?</Say>').hears("What now?")


def test_a_key_in_the_queue_can_lead_out_of_it(line: Line) -> None:
    line.service.on(
        "/wait", '<Gather action="/choice" numDigits="1"><Say>Press 1 to leave.</Say></Gather>'
    ).on("/choice", "<Leave/>").on("/left", "<Say>You are out.</Say>")
    line.call(ENQUEUE).hears("Press 1").press("1").hears("You are out")

    choice = line.service.only("/choice")
    assert (choice["Digits"], choice["QueuePosition"]) == ("1", "1")
    assert line.service.only("/left")["QueueResult"] == "leave"


def test_a_caller_who_hangs_up_is_told_to_the_action(queued: Line) -> None:
    queued.caller.hang_up()
    queued.run(3)

    left = queued.service.only("/left")
    assert (left["QueueResult"], left["CallStatus"]) == ("hangup", "completed")
    assert queued.rest.queues.list()[0].current_size == 0


def test_a_wait_document_that_fails_ends_the_wait_with_an_error(line: Line) -> None:
    line.service.on("/wait", Answer(500)).on("/left", "<Say>Sorry.</Say>")
    line.call(ENQUEUE).hears("Sorry")

    assert line.service.only("/left")["QueueResult"] == "error"
    assert line.codes() == [11217]


def test_so_does_a_verb_that_may_not_stand_there(line: Line) -> None:
    line.service.on("/wait", "<Dial>+12125550101</Dial>").on("/left", "<Say>Sorry.</Say>")
    line.call(ENQUEUE).hears("Sorry")

    assert line.service.only("/left")["QueueResult"] == "error"
    assert line.codes() == [14202]


def test_a_full_queue_takes_nobody(line: Line) -> None:
    line.rest.queues.create(friendly_name="support", max_size=1)
    line.service.on("/wait", '<Pause length="5"/>').on("/left", "<Say>We are full.</Say>")
    line.service.on("/voice", ENQUEUE)
    line.exchange.phone(OTHER).dial("+18779260001")
    line.run(2)
    line.caller.dial("+18779260001").hears("We are full")

    left = line.service.only("/left")
    assert left["QueueResult"] == "queue-full"
    assert "QueueSid" not in left
    assert line.codes() == [14207]


@pytest.mark.parametrize(("name", "code"), [("", 14204), ("x" * 65, 14205)])
def test_a_name_no_queue_can_have_is_an_error(line: Line, name: str, code: int) -> None:
    line.service.on("/left", "<Say>Sorry.</Say>")
    line.call(f'<Enqueue action="/left">{name}</Enqueue>').hears("Sorry")

    assert line.service.only("/left")["QueueResult"] == "error"
    assert line.codes() == [code]


def test_music_is_heard_without_a_wait_document_and_silence_with_an_empty_one(line: Line) -> None:
    line.call("<Enqueue>support</Enqueue>").hears("[music]").hang_up()
    line.run(2)
    line.call('<Enqueue waitUrl="">support</Enqueue>')
    line.run(100)

    assert line.caller.heard == ["[music]"]
    assert line.caller.leg is not None


def test_the_wait_document_may_be_a_sound(line: Line) -> None:
    line.service.on("/wait", Answer(200, tone_wav(20, "hold"), "audio/wav"))
    line.call('<Enqueue waitUrl="/wait" waitUrlMethod="GET">support</Enqueue>')
    line.run(45)

    assert line.caller.heard == ["[music wait]"] * 3
    assert line.service.asked_for("/wait")[0].method == "GET"


def test_rest_takes_a_caller_out_to_a_document_of_its_own(queued: Line) -> None:
    queued.service.on("/yours", "<Say>It is your turn.</Say>")
    member = queued.rest.queues(queue_sid(queued)).members(queued.caller.call_sid)
    member.update(url=f"{SERVICE}/yours")
    queued.caller.hears("It is your turn").is_left()

    assert queued.service.only("/left")["QueueResult"] == "redirected"
    assert "You are out of the queue." not in queued.caller.heard


def test_or_the_action_of_the_enqueue_wins() -> None:
    line = Line(assume=Assumptions(dequeue_runs_member_url=False))
    line.service.on("/wait", '<Say>Please hold.</Say><Pause length="10"/>')
    line.service.on("/left", "<Say>Out.</Say>").on("/yours", "<Say>It is your turn.</Say>")
    line.call(ENQUEUE).hears("Please hold")
    line.rest.queues(queue_sid(line)).members("Front").update(url=f"{SERVICE}/yours")
    line.caller.hears("Out.")

    assert len(line.service.asked_for("/yours")) == 1
    assert "It is your turn." not in line.caller.heard


def technician(line: Line, whisper: str = "", timeout: int = 30) -> Phone:
    """Ann calls, and takes the first of the queue."""
    whispered = f'url="{whisper}"' if whisper else ""
    line.service.on(
        "/voice",
        f'<Dial action="/talked" timeout="{timeout}"><Queue {whispered}>support</Queue></Dial>',
    ).on("/talked", "<Say>You were in a talk.</Say>")
    return line.exchange.phone(ANN, "ann").dial("+18779260001")


def test_a_dialed_queue_gives_the_first_caller(queued: Line) -> None:
    ann = technician(queued)
    queued.run(3)
    talking = queued.caller.is_talking_to(ann)
    untold = queued.service.asked_for("/left")
    queued.run(7)
    ann.hang_up()
    queued.caller.hears("You are out")

    left, talked = queued.service.only("/left"), queued.service.only("/talked")
    assert talking
    assert untold == []
    assert (left["QueueResult"], talked["DialCallStatus"]) == ("bridged", "completed")
    assert talked["DequeingCallSid"] == ann.call_sid
    assert talked["DialCallSid"] == queued.caller.call_sid
    assert left["QueueTime"] == talked["QueueTime"]


def test_the_caller_hears_the_whisper_of_the_queue_first(queued: Line) -> None:
    queued.service.on("/soon", "<Say>You will be connected.</Say>")
    ann = technician(queued, "/soon")
    queued.caller.hears("You will be connected")
    queued.run(3)

    soon = queued.service.only("/soon")
    assert soon["DequeingCallSid"] == ann.call_sid
    assert soon["CallSid"] == queued.caller.call_sid
    assert queued.caller.is_talking_to(ann)


def test_an_empty_queue_is_waited_for(queued: Line) -> None:
    queued.caller.hang_up()
    queued.run(2)
    ann = technician(queued, timeout=60)
    queued.run(20)
    queued.service.on("/voice", ENQUEUE)
    queued.caller.dial("+18779260001")
    queued.run(5)

    assert queued.caller.is_talking_to(ann)


def test_but_not_longer_than_the_timeout(queued: Line) -> None:
    queued.caller.hang_up()
    queued.run(2)
    technician(queued, timeout=8).hears("You were in a talk", 12)

    assert queued.service.only("/talked")["DialCallStatus"] == "no-answer"


def test_a_queue_that_does_not_exist_is_a_failed_dial(line: Line) -> None:
    technician(line).hears("You were in a talk")

    assert line.service.only("/talked")["DialCallStatus"] == "failed"


def test_the_queued_caller_who_hangs_up_in_the_talk_was_bridged(queued: Line) -> None:
    ann = technician(queued)
    queued.run(5)
    queued.caller.hang_up()
    ann.hears("You were in a talk")

    assert queued.service.only("/left")["QueueResult"] == "bridged"


def test_a_queued_caller_redirected_by_rest_is_out(queued: Line) -> None:
    queued.service.on("/elsewhere", "<Say>Elsewhere.</Say>")
    queued.rest.calls(queued.caller.call_sid).update(url=f"{SERVICE}/elsewhere")
    queued.caller.hears("Elsewhere")
    queued.run(1)

    assert queued.service.only("/left")["QueueResult"] == "redirected"
    assert queued.rest.queues.list()[0].current_size == 0
