"""The help desk's door: `POST /hooks/help-desk`, signed by the desk; closed without a secret."""

from flask import Blueprint, Response, current_app, jsonify, request

from ivr.errors import BadRequest
from ivr.help_desk_events import is_genuine, read_event, take_event
from ivr.services import Services
from ivr.ticket_callbacks import DeskSilent

help_desk_door = Blueprint("help_desk", __name__, url_prefix="/hooks")


@help_desk_door.post("/help-desk")
def event() -> Response:
    """A ticket somebody should telephone about; answered with the callback's id, or why not."""
    services = current_app.extensions["services"]
    assert isinstance(services, Services)
    secrets = services.settings.help_desk_secrets
    if not secrets:
        return Response(status=404)
    timestamp = request.headers.get("X-Supportline-Timestamp", "")
    signature = request.headers.get("X-Supportline-Signature", "")
    body = request.get_data(cache=False)
    if not is_genuine(timestamp, body, signature, secrets, services.clock()):
        return Response(status=403)
    try:
        verdict = take_event(services, read_event(body))
    except BadRequest as refused:
        return _answer({"error": str(refused)}, 400)
    except DeskSilent as silent:
        return _answer({"error": str(silent)}, 503)
    return _answer({"callback": verdict.callback_id, "reason": verdict.reason}, 200)


def _answer(said: dict[str, object], status: int) -> Response:
    response = jsonify(said)
    response.status_code = status
    return response
