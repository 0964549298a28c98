"""The technicians' line at the carrier's edge: a PIN, a key, a new state."""

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from ivr.acd.spoken import says
from ivr.acd.staff_line import StaffTurn, begin_staff_call, take_staff_turn
from ivr.call_records import keep_answer, stored_answer
from ivr.configuration import Configuration
from ivr.publishing import live
from ivr.replies import Arrival, Reply
from ivr.store.engine import writing
from ivr.twilio import forms
from ivr.twilio.edge import MakeDocument, TelephoneEdge, edge

staff = Blueprint("staff", __name__, url_prefix="/voice/staff")


@staff.post("/turns/<int:number>")
def turn(number: int) -> Response:
    """A technician keyed the PIN, or what to become."""
    line, call_sid = edge(), forms.read_call_sid(request.form)

    def prepare(reply: Reply) -> MakeDocument:
        def document(connection: Connection) -> str:
            configuration, now = live(connection).configuration, line.services.clock()
            keys = reply.keys or ""
            taken = take_staff_turn(connection, call_sid, number, keys, configuration, now)
            return _document(line, number, taken, configuration)

        return document

    return line.answer_once(call_sid, f"staff {number}", forms.read_reply(request.form), prepare)


def answer_staff(line: TelephoneEdge, arrival: Arrival) -> str:
    """Somebody rings the technicians' line: its first document."""
    with writing(line.services.engine) as connection:
        stored = stored_answer(connection, arrival.call_sid, "staff 0")
        if stored is not None:
            return stored
        configuration, now = live(connection).configuration, line.services.clock()
        begun = begin_staff_call(connection, arrival.call_sid, arrival.ani, now)
        document = _document(line, 0, begun, configuration)
        keep_answer(connection, arrival.call_sid, "staff 0", document, now)
        return document


def _document(
    line: TelephoneEdge, number: int, taken: StaffTurn, configuration: Configuration
) -> str:
    heard = says(configuration, taken.prompt, **taken.values)
    if taken.goodbye:
        return line.leg_documents.say_goodbye(heard)
    action = line.links.staff_turn(number + 1)
    return line.leg_documents.question(heard, action, taken.digits)
