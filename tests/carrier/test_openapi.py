"""Every operation of the REST API, asked and answered as Twilio's own OpenAPI file says."""

from collections.abc import Callable

import pytest

from ivr.carrier.rest.app import OPERATIONS
from ivr.carrier.rest.openapi import document, find
from tests.carrier.desk import ANN, BASE, Desk, number_sid, present, sid_of, waiting
from tests.carrier.scripted import LINE, SERVICE

Path = str | Callable[[Desk], str]

READS: list[tuple[str, Path]] = [
    ("ListCall", "/Calls.json"),
    ("FetchCall", lambda desk: f"/Calls/{sid_of(desk, 'Calls')}.json"),
    ("ListQueue", "/Queues.json"),
    ("FetchQueue", lambda desk: f"/Queues/{sid_of(desk, 'Queues')}.json"),
    ("ListMember", lambda desk: f"/Queues/{sid_of(desk, 'Queues')}/Members.json"),
    ("FetchMember", waiting),
    ("ListRecording", "/Recordings.json"),
    ("FetchRecording", lambda desk: f"/Recordings/{sid_of(desk, 'Recordings')}.json"),
    ("ListIncomingPhoneNumber", "/IncomingPhoneNumbers.json"),
    ("FetchIncomingPhoneNumber", lambda desk: f"/IncomingPhoneNumbers/{number_sid(desk)}.json"),
    ("ListConference", "/Conferences.json"),
    ("FetchConference", lambda desk: f"/Conferences/{sid_of(desk, 'Conferences')}.json"),
    (
        "ListParticipant",
        lambda desk: f"/Conferences/{sid_of(desk, 'Conferences')}/Participants.json",
    ),
    ("FetchParticipant", present),
]


def new_queue(desk: Desk) -> str:
    return str(desk.post("/Queues.json", FriendlyName="empty").json()["sid"])


CALL = {"To": ANN, "From": LINE, "Url": f"{SERVICE}/made"}
WRITES: list[tuple[str, Path, dict[str, str], int]] = [
    ("CreateCall", "/Calls.json", CALL, 201),
    (
        "UpdateCall",
        lambda desk: f"/Calls/{desk.line.caller.call_sid}.json",
        {"Status": "completed"},
        200,
    ),
    ("CreateQueue", "/Queues.json", {"FriendlyName": "other", "MaxSize": "7"}, 201),
    ("UpdateQueue", lambda desk: f"/Queues/{sid_of(desk, 'Queues')}.json", {"MaxSize": "9"}, 200),
    ("UpdateMember", waiting, {"Url": f"{SERVICE}/voice"}, 200),
    ("CreateIncomingPhoneNumber", "/IncomingPhoneNumbers.json", {"PhoneNumber": ANN}, 201),
    (
        "UpdateIncomingPhoneNumber",
        lambda desk: f"/IncomingPhoneNumbers/{number_sid(desk)}.json",
        {"VoiceUrl": f"{SERVICE}/other#rc=2", "VoiceMethod": "GET"},
        200,
    ),
    (
        "UpdateConference",
        lambda desk: f"/Conferences/{sid_of(desk, 'Conferences')}.json",
        {"Status": "completed"},
        200,
    ),
    ("UpdateParticipant", present, {"Muted": "true", "Hold": "true"}, 200),
]
DELETES: list[tuple[str, Path]] = [
    ("DeleteRecording", lambda desk: f"/Recordings/{sid_of(desk, 'Recordings')}.json"),
    ("DeleteParticipant", present),
    (
        "DeleteQueue",
        lambda desk: f"/Queues/{desk.post('/Queues.json', FriendlyName='x').json()['sid']}.json",
    ),
]


def at(desk: Desk, path: Path) -> str:
    return path if isinstance(path, str) else path(desk)


@pytest.mark.parametrize(("operation", "path"), READS)
def test_what_is_read_is_as_the_openapi_file_says(busy: Desk, operation: str, path: Path) -> None:
    where = at(busy, path)
    answer = busy.ask("GET", where)

    found, _ = find("GET", BASE + where)
    assert found is not None
    assert (found.id, answer.status_code) == (operation, 200)


@pytest.mark.parametrize(("operation", "path", "fields", "status"), WRITES)
def test_what_is_written_is_as_the_openapi_file_says(
    busy: Desk, operation: str, path: Path, fields: dict[str, str], status: int
) -> None:
    where = at(busy, path)
    answer = busy.post(where, **fields)

    found, _ = find("POST", BASE + where)
    assert found is not None
    assert (found.id, answer.status_code) == (operation, status)


@pytest.mark.parametrize(("operation", "path"), DELETES)
def test_what_is_deleted_answers_without_a_word(busy: Desk, operation: str, path: Path) -> None:
    where = at(busy, path)
    answer = busy.ask("DELETE", where)

    found, _ = find("DELETE", BASE + where)
    assert found is not None
    assert (found.id, answer.status_code, answer.content) == (operation, 204, b"")


def test_every_operation_of_the_openapi_file_is_offered_and_tested() -> None:
    described = {
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
    }
    tested = {row[0] for row in (*READS, *WRITES, *DELETES)}

    assert described == OPERATIONS.keys() == tested
