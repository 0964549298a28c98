"""The callers' webhooks: read a signed form, take the turn, answer with a document.

Everything under /voice is signed by the carrier or refused with an empty 403 before any view runs.
A view reads, calls and answers; what goes wrong in one is an apology with an incident id, 200.
"""

from flask import Blueprint, Response, request

from ivr import calls, endings, waiting
from ivr.publishing import live
from ivr.replies import Reply
from ivr.store.engine import reading, writing
from ivr.twilio import forms
from ivr.twilio.edge import edge
from ivr.twilio.staff import answer_staff
from ivr.voicemail import note_recording
from ivr.waiting import Round

callers = Blueprint("callers", __name__, url_prefix="/voice")


@callers.post("/incoming")
def incoming() -> Response:
    """A caller rings one of our numbers."""
    arrival, line = forms.read_arrival(request.form), edge()

    def work(_reply: Reply) -> str:
        with reading(line.services.engine) as connection:
            staff_number = live(connection).configuration.technician_line
        if arrival.dnis == staff_number:
            return answer_staff(line, arrival)
        return calls.arrive(line.services, line.documents, arrival)

    return line.answer(arrival.call_sid, "0", Reply(), work)


@callers.post("/calls/<call_sid>/turns/<int:number>")
def turn(call_sid: str, number: int) -> Response:
    """The caller pressed keys, said nothing, left a message, left the queue, or came back."""
    forms.check_call(request.form, call_sid)
    line = edge()

    def work(reply: Reply) -> str:
        return calls.take_turn(line.services, line.documents, call_sid, number, reply)

    return line.answer(call_sid, str(number), forms.read_reply(request.form), work)


@callers.post("/calls/<call_sid>/turns/<int:number>/hold/<int:tick>")
def hold(call_sid: str, number: int, tick: int) -> Response:
    """A waiting caller's next round: position, music, the menu, or the way out of the queue."""
    forms.check_call(request.form, call_sid)
    line = edge()
    queue_sid = forms.read_queue_sid(request.form)
    line.keep_time()

    def work(reply: Reply) -> str:
        round_ = Round(number, tick, reply.keys, queue_sid)
        return waiting.hold(line.services, line.documents, call_sid, round_)

    return line.answer(call_sid, f"{number}.{tick}", forms.read_reply(request.form), work)


@callers.post("/calls/<call_sid>/recording")
def recording(call_sid: str) -> Response:
    """The carrier has a finished recording of this call (or says there is none)."""
    sid, seconds = forms.read_recording(request.form)
    line = edge()
    if sid is not None and request.form.get("RecordingStatus", "completed") == "completed":
        with writing(line.services.engine) as connection:
            note_recording(connection, call_sid, sid, seconds, line.services.clock())
    return line.nothing()


@callers.post("/status")
def status() -> Response:
    """A number's status callback: the call is over."""
    call_sid, line = forms.read_call_sid(request.form), edge()
    if forms.has_ended(request.form):
        with writing(line.services.engine) as connection:
            endings.caller_hung_up(connection, call_sid, line.services.clock())
    return line.nothing()


@callers.post("/fallback")
def fallback() -> Response:
    """The carrier could not get a document from us: apologise and take a message."""
    return edge().fail(f"carrier error {forms.read_error_code(request.form)}")


@callers.post("/legs/fallback")
def leg_fallback() -> Response:
    """The same for somebody whom we have rung: a sentence, and the leg ends. It is no call."""
    return edge().fail(f"carrier error {forms.read_error_code(request.form)}")


@callers.post("/fallback/recorded")
def fallback_recorded() -> Response:
    """A message was left after an apology; its recording is reported separately."""
    return edge().thanks_for_message()
