"""TaskRouter's webhooks: the assignment callback, and events."""

import json
from datetime import datetime

from flask import Blueprint, Response, request

from ivr.acd.router_callbacks import Assignment, RouterEvent, assigned, happened, instant
from ivr.acd.router_requests import KEY
from ivr.errors import BadRequest
from ivr.publishing import live
from ivr.store.engine import writing
from ivr.twilio.edge import edge

task_routing = Blueprint("task_routing", __name__, url_prefix="/voice/taskrouter")


@task_routing.post("/assignment")
def assignment() -> Response:
    """A worker is reserved for a task: the technician's phone is rung, or the worker refused."""
    line = edge()
    asked = Assignment(
        request.form.get("ReservationSid", ""),
        request.form.get("WorkerSid", ""),
        request.form.get("TaskSid", ""),
        _key(request.form.get("TaskAttributes", "{}")),
    )
    if not asked.reservation_sid:
        raise BadRequest("an assignment without a ReservationSid")
    with writing(line.services.engine) as connection:
        configuration = live(connection).configuration
        answer = assigned(connection, configuration, asked, line.services.clock())
    line.keep_time()
    return Response(answer, mimetype="application/json")


@task_routing.post("/status")
def status() -> Response:
    """An event of the workspace: a reservation or a task is over, a worker's activity changed."""
    line = edge()
    form = request.form
    event = RouterEvent(
        form.get("EventType", ""),
        _at(form.get("Timestamp", "")),
        form.get("TaskSid"),
        form.get("ReservationSid"),
        form.get("WorkerSid"),
        form.get("WorkerActivityName"),
    )
    with writing(line.services.engine) as connection:
        configuration = live(connection).configuration
        happened(connection, configuration, event, line.services.clock())
    line.keep_time()
    return Response(status=204, mimetype="application/json")


def _key(attributes: str) -> str:
    try:
        read = json.loads(attributes)
    except ValueError as error:
        raise BadRequest("TaskAttributes is not JSON") from error
    return str(read.get(KEY, "")) if isinstance(read, dict) else ""


def _at(timestamp: str) -> datetime:
    try:
        return instant(timestamp)
    except (ValueError, OverflowError) as error:
        raise BadRequest("an event without an instant") from error
