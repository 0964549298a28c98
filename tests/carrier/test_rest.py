"""The REST API: refusals, lists, filters, media, and who is let in."""

from typing import Any

import pytest

from tests.carrier.desk import ANN, BASE, Desk, number_sid, sid_of, waiting
from tests.carrier.scripted import ACCOUNT, CARRIER, LINE, SERVICE, TOKEN

NOBODY = "CA" + "0" * 32
CALL = {"To": ANN, "From": LINE, "Url": f"{SERVICE}/made"}

REFUSALS = [
    # method, path, fields, status, code
    ("POST", "/Calls.json", {}, 400, 21213),
    ("POST", "/Calls.json", {"From": LINE}, 400, 21201),
    ("POST", "/Calls.json", {**CALL, "To": "911"}, 400, 21211),
    ("POST", "/Calls.json", {**CALL, "From": "me"}, 400, 21212),
    ("POST", "/Calls.json", {**CALL, "From": "+15005550006"}, 400, 21210),
    ("POST", "/Calls.json", {**CALL, "Url": "made"}, 400, 21205),
    ("POST", "/Calls.json", {"To": ANN, "From": LINE}, 400, 21205),
    ("POST", "/Calls.json", {"To": ANN, "From": LINE, "Twiml": "x" * 4001}, 400, 21205),
    ("POST", "/Calls.json", {**CALL, "Method": "PUT"}, 400, 21209),
    ("POST", "/Calls.json", {**CALL, "Timeout": "601"}, 400, 21208),
    ("POST", "/Calls.json", {**CALL, "Timeout": "soon"}, 400, 21208),
    ("POST", "/Calls.json", {**CALL, "MachineDetection": "Perhaps"}, 400, 21207),
    ("POST", "/Calls.json", {**CALL, "StatusCallback": "http://a_b.test/"}, 400, 21609),
    (
        "POST",
        "/Calls.json",
        {**CALL, "StatusCallback": SERVICE, "StatusCallbackEvent": "ringing completed"},
        400,
        21626,
    ),
    ("POST", "/Calls.json", {**CALL, "StatusCalback": SERVICE}, 400, 20001),
    ("POST", "/Calls.json", {**CALL, "Url": [SERVICE, SERVICE]}, 400, 21205),
    ("POST", f"/Calls/{NOBODY}.json", {"Status": "completed"}, 404, 20404),
    ("POST", f"/Calls/{NOBODY}.json", {"Status": "busy"}, 400, 20422),
    ("GET", "/Calls.json", {"PageSize": "1001"}, 400, 20422),
    ("GET", "/Calls.json", {"Colour": "red"}, 400, 20001),
    ("GET", "/Calls.json", {"StartTime<": "yesterday"}, 400, 20422),
    ("DELETE", "/Calls.json", {}, 405, 20004),
    ("GET", "/Nothing.json", {}, 404, 20404),
    ("GET", f"/Calls/{NOBODY}/Nothing.json", {}, 404, 20404),
    ("POST", "/Queues.json", {}, 400, 20002),
    ("POST", "/Queues.json", {"FriendlyName": "x" * 65}, 400, 20002),
    ("POST", "/Queues.json", {"FriendlyName": "x", "MaxSize": "5001"}, 400, 20001),
    ("GET", f"/Queues/QU{'0' * 32}.json", {}, 404, 20404),
    ("POST", f"/Queues/QU{'0' * 32}/Members/Front.json", {"Url": SERVICE}, 404, 20404),
    ("GET", f"/Recordings/RE{'0' * 32}.json", {}, 404, 20404),
    ("GET", f"/Recordings/RE{'0' * 32}.wav", {}, 404, 20404),
    ("POST", "/IncomingPhoneNumbers.json", {"PhoneNumber": "12"}, 400, 21421),
    ("POST", "/IncomingPhoneNumbers.json", {"PhoneNumber": LINE}, 400, 21422),
    ("POST", "/IncomingPhoneNumbers.json", {"PhoneNumber": ANN, "VoiceUrl": "x"}, 400, 21402),
    (
        "POST",
        "/IncomingPhoneNumbers.json",
        {"PhoneNumber": ANN, "VoiceFallbackUrl": SERVICE},
        400,
        21405,
    ),
    (
        "POST",
        "/IncomingPhoneNumbers.json",
        {"PhoneNumber": ANN, "VoiceMethod": "PUT"},
        400,
        21403,
    ),
    ("GET", f"/Conferences/CF{'0' * 32}.json", {}, 404, 20404),
    ("GET", f"/Conferences/CF{'0' * 32}/Participants/{NOBODY}.json", {}, 404, 20404),
]


@pytest.mark.parametrize(("method", "path", "fields", "status", "code"), REFUSALS)
def test_a_refusal_has_twilios_form_and_code(
    desk: Desk, method: str, path: str, fields: dict[str, Any], status: int, code: int
) -> None:
    answer = desk.ask(method, path, fields)

    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (status, code, status)
    assert body["message"]
    assert body["more_info"].endswith(f"/{code}")
    assert desk.line.exchange.office.legs == {}


STRANGERS = [None, (ACCOUNT, "guess"), ("AC" + "9" * 32, TOKEN), (ACCOUNT, ""), ("", "")]


@pytest.mark.parametrize("login", STRANGERS)
def test_strangers_are_not_let_in(desk: Desk, login: tuple[str, str] | None) -> None:
    answer = desk.ask("GET", "/Calls.json", auth=login)

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_the_secondary_token_and_an_api_key_are_let_in(desk: Desk) -> None:
    known = desk.line.exchange.credentials
    known.secondary_token, known.api_key_sid, known.api_key_secret = "second", "SK1", "secret"

    logins = [(ACCOUNT, "second"), ("SK1", "secret")]
    assert [desk.ask("GET", "/Calls.json", auth=login).status_code for login in logins] == [200] * 2


def test_another_account_is_not_found(desk: Desk) -> None:
    url = f"{CARRIER}/api{BASE.replace(ACCOUNT, 'AC' + '9' * 32)}/Calls.json"
    answer = desk.line.session.get(url, auth=(ACCOUNT, TOKEN), timeout=5)

    assert answer.status_code == 404


def test_a_list_is_read_page_by_page(desk: Desk) -> None:
    for n in range(7):
        desk.post("/Queues.json", FriendlyName=f"queue {n}")
    first = desk.get("/Queues.json", PageSize=3)

    assert (first["page"], first["start"], first["end"], first["page_size"]) == (0, 0, 2, 3)
    assert first["previous_page_uri"] is None
    assert [queue.friendly_name for queue in desk.line.rest.queues.list(page_size=3)] == [
        f"queue {n}" for n in range(7)
    ]


def test_a_list_that_fits_has_no_next_page(desk: Desk) -> None:
    assert desk.get("/Queues.json")["next_page_uri"] is None


def test_calls_are_filtered(busy: Desk) -> None:
    calls = busy.line.rest.calls
    everybody = calls.list()

    assert len(everybody) == 4
    assert {call._from for call in calls.list(from_=ANN)} == {ANN}
    assert {call.status for call in calls.list(status="in-progress")} == {"in-progress"}
    assert len(calls.list(status="completed")) == 1
    assert calls.list(to=ANN) == []
    began = sorted(call.start_time for call in everybody)
    assert len(calls.list(start_time_after=began[3])) == 1
    assert len(calls.list(start_time_before=began[0])) == 1
    assert len(calls.list(start_time=began[0].date())) == 4
    assert len(calls.list(end_time_after=began[0])) == 1


def test_recordings_are_filtered_and_deleted_ones_hidden(busy: Desk) -> None:
    recordings = busy.line.rest.recordings
    (spoken,) = [r for r in recordings.list() if r.source == "RecordVerb"]

    assert [r.sid for r in recordings.list(call_sid=spoken.call_sid)] == [spoken.sid]
    assert recordings.list(conference_sid="CF" + "0" * 32) == []
    assert len(recordings.list(date_created_after=spoken.date_created)) == 1
    spoken.delete()
    assert spoken.sid not in {r.sid for r in recordings.list()}
    kept = {r.sid: r.status for r in recordings.list(include_soft_deleted=True)}
    assert kept[spoken.sid] == "deleted"
    assert busy.ask("GET", f"/Recordings/{spoken.sid}.json").status_code == 404
    assert busy.ask("GET", f"/Recordings/{spoken.sid}.wav").status_code == 404


def test_a_recording_is_not_deleted_before_it_is_complete(busy: Desk) -> None:
    (running,) = [r for r in busy.line.rest.recordings.list() if r.source == "Conference"]
    answer = busy.ask("DELETE", f"/Recordings/{running.sid}.json")

    assert (answer.status_code, answer.json()["code"]) == (400, 20009)


MEDIA = [
    ("", "audio/x-wav", b"RIFF"),
    (".wav", "audio/x-wav", b"RIFF"),
    (".mp3", "audio/mpeg", b"ID3"),
]


@pytest.mark.parametrize(("extension", "content_type", "begins"), MEDIA)
def test_the_media_of_a_recording(
    busy: Desk, extension: str, content_type: str, begins: bytes
) -> None:
    (spoken,) = [r for r in busy.line.rest.recordings.list() if r.source == "RecordVerb"]
    answer = busy.ask("GET", f"/Recordings/{spoken.sid}{extension}")
    stereo = busy.ask("GET", f"/Recordings/{spoken.sid}{extension}", {"RequestedChannels": "2"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    assert answer.content.startswith(begins)
    assert (stereo.status_code, stereo.json()["code"]) == (400, 16113)


def test_a_member_can_be_taken_out_only_once(busy: Desk) -> None:
    where = waiting(busy)

    assert busy.post(where, Url=f"{SERVICE}/voice").status_code == 200
    assert busy.post(where, Url=f"{SERVICE}/voice").status_code == 404


def test_front_takes_whoever_is_first(busy: Desk) -> None:
    queue = sid_of(busy, "Queues")
    answer = busy.post(f"/Queues/{queue}/Members/Front.json", Url=f"{SERVICE}/voice")

    assert answer.json()["call_sid"] == busy.line.caller.call_sid
    assert busy.get(f"/Queues/{queue}.json")["current_size"] == 0


def test_a_queue_with_members_is_not_deleted_nor_made_twice(busy: Desk) -> None:
    queue = sid_of(busy, "Queues")

    assert busy.ask("DELETE", f"/Queues/{queue}.json").json()["code"] == 22002
    assert busy.post("/Queues.json", FriendlyName="support").json()["code"] == 22003


def test_an_updated_number_is_called_at_its_new_address(desk: Desk) -> None:
    desk.line.service.on("/other", "<Say>Somewhere else.</Say>")
    path = f"/IncomingPhoneNumbers/{number_sid(desk)}.json"
    desk.post(path, VoiceUrl=f"{SERVICE}/other#rc=2", VoiceMethod="GET", StatusCallback="")
    desk.line.caller.dial(LINE).hears("Somewhere else").is_left()

    asked = desk.line.service.only("/other")
    assert asked.method == "GET"
    assert asked.is_signed()
    assert desk.line.service.asked_for("/over") == []


def test_what_was_asked_of_the_rest_api_is_in_the_ledger(desk: Desk) -> None:
    desk.post("/Calls.json", **CALL)

    (entry,) = desk.line.events("rest", status=201)
    assert (entry["method"], entry["fields"]["To"]) == ("POST", ANN)
    assert TOKEN not in str(desk.line.exchange.ledger.entries)
