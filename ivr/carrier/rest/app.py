"""The REST API as a WSGI application: who asks, what is asked, and the answer as JSON."""

import hmac
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from werkzeug.wrappers import Request, Response

from ivr.carrier.faults import RestFault
from ivr.carrier.office import Office
from ivr.carrier.rest import calls, numbers, queues, recordings, rooms, taskrouter
from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found
from ivr.carrier.rest.openapi import Operation, find, problems_of_text
from ivr.carrier.wsgi import LOST, SLOW

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

T = TypeVar("T")

PRODUCT = "/api"
TASKROUTER = "/taskrouter"
_MEDIA_PATH = re.compile(
    r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})/Recordings/(RE[0-9a-f]{32})(?:\.(wav|mp3))?"
)
_INVALID = {
    "Url": 21205,
    "Method": 21209,
    "FallbackMethod": 21209,
    "StatusCallbackMethod": 21209,
    "Timeout": 21208,
    "SendDigits": 21206,
    "VoiceMethod": 21403,
    "VoiceFallbackMethod": 21403,
}
_MISSING = {"To": 21201, "From": 21213, "Url": 21205, "FriendlyName": 20002}
_UNKNOWN_PARAMETER = 20001
_INVALID_PARAMETER = 20422

OPERATIONS: dict[str, Callable[[Ask], Answer]] = {
    "CreateCall": calls.create_call,
    "FetchCall": calls.fetch_call,
    "ListCall": calls.list_calls,
    "UpdateCall": calls.update_call,
    "CreateQueue": queues.create_queue,
    "FetchQueue": queues.fetch_queue,
    "ListQueue": queues.list_queues,
    "UpdateQueue": queues.update_queue,
    "DeleteQueue": queues.delete_queue,
    "ListMember": queues.list_members,
    "FetchMember": queues.fetch_member,
    "UpdateMember": queues.update_member,
    "ListRecording": recordings.list_recordings,
    "FetchRecording": recordings.fetch_recording,
    "DeleteRecording": recordings.delete_recording,
    "ListIncomingPhoneNumber": numbers.list_numbers,
    "FetchIncomingPhoneNumber": numbers.fetch_number,
    "CreateIncomingPhoneNumber": numbers.create_number,
    "UpdateIncomingPhoneNumber": numbers.update_number,
    "ListConference": rooms.list_rooms,
    "FetchConference": rooms.fetch_room,
    "UpdateConference": rooms.update_room,
    "ListParticipant": rooms.list_participants,
    "FetchParticipant": rooms.fetch_participant,
    "UpdateParticipant": rooms.update_participant,
    "DeleteParticipant": rooms.delete_participant,
}
_OFFERED = {**OPERATIONS, **taskrouter.OPERATIONS}


class Do(Protocol):
    """Runs something where the exchange's state may be touched, and gives its result."""

    def __call__(self, action: Callable[[], T]) -> T: ...


def create_rest_app(office: Office, do: Do) -> "WSGIApplication":
    """BASE/api/2010-04-01/… and BASE/taskrouter/v1/…

    A request is worked on as one event of the exchange.
    """

    @Request.application
    def app(request: Request) -> Response:
        response: Response = do(lambda: _respond(office, request))
        return response

    return app


def _respond(office: Office, request: Request) -> Response:
    path = request.path.removeprefix(PRODUCT).removeprefix(TASKROUTER)
    fault = office.faults.plan_rest(request.method, path)
    headers: dict[str, str] = {}
    try:
        if fault is RestFault.TOO_MANY:
            raise RestError(429, 20429, "Too Many Requests")
        if fault is RestFault.BROKEN:
            raise RestError(500, 20500, "An internal server error has occurred")
        answer = _answer(office, request, path)
    except RestError as error:
        answer = Answer(error.status, error.body())
    if fault is RestFault.LOST:
        headers[LOST] = "1"
    if answer.media and office.faults.media_slow_seconds:
        headers[SLOW] = str(office.faults.media_slow_seconds)
    _note(office, request, path, answer, fault)
    body = answer.media if answer.body is None else json.dumps(answer.body).encode()
    return Response(
        body, answer.status, headers, content_type=answer.content_type if body else None
    )


def _answer(office: Office, request: Request, path: str) -> Answer:
    _authenticate(office, request)
    media = _MEDIA_PATH.fullmatch(path)
    if media is not None and media[1] == office.account_sid and request.method == "GET":
        return recordings.media(
            office, media[2], media[3] or "", request.args.get("RequestedChannels", "")
        )
    operation, sids = find(request.method, path)
    if sids.get("AccountSid", office.account_sid) != office.account_sid:
        raise not_found(path)
    if operation is None:
        if sids:
            raise RestError(405, 20004, f"Method {request.method} is not allowed on {path}")
        raise not_found(path)
    fields = request.form if request.method == "POST" else request.args
    given = {name: list(values) for name, values in fields.lists()}
    _check(operation, given, "form" if request.method == "POST" else "query")
    return _OFFERED[operation.id](Ask(office, sids, given))


def _authenticate(office: Office, request: Request) -> None:
    """Account SID with a token (either of the two), or API key with its secret."""
    login = request.authorization
    known = office.credentials
    pairs = [
        (known.account_sid, known.auth_token),
        (known.account_sid, known.secondary_token),
        (known.api_key_sid, known.api_key_secret),
    ]
    given = (login.username or "", login.password or "") if login is not None else ("", "")
    for name, secret in pairs:
        if secret and given[0] == name and hmac.compare_digest(given[1].encode(), secret.encode()):
            return
    raise RestError(401, 20003, "Authenticate")


def _check(operation: Operation, given: dict[str, list[str]], part: str) -> None:
    """Refuse what is not in the OpenAPI file (Twilio only warns, 20001, of a parameter)."""
    known = operation.form if part == "form" else operation.query
    for name, values in given.items():
        if name not in known:
            raise RestError(400, _UNKNOWN_PARAMETER, f"{operation.id} has no parameter {name}")
        for problem in problems_of_text(known[name], values, name):
            raise RestError(400, _INVALID.get(name, _INVALID_PARAMETER), problem)
    for name in sorted(operation.required - given.keys()):
        raise RestError(400, _MISSING.get(name, _INVALID_PARAMETER), f"{operation.id} needs {name}")


def _note(
    office: Office, request: Request, path: str, answer: Answer, fault: RestFault | None
) -> None:
    fields: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in request.form.lists()
    }
    code = answer.body.get("code") if answer.body is not None and answer.status >= 400 else None
    office.ledger.add(
        "rest",
        method=request.method,
        path=path,
        fields=fields,
        status=answer.status,
        code=code,
        fault=fault.value if fault is not None else "",
    )
