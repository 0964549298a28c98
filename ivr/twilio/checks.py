"""Phone checks at the carrier's edge: the sentence, the key, and the end of the leg."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from ivr.acd import phone_checks
from ivr.acd.phone_checks import PhoneCheck
from ivr.acd.spoken import says
from ivr.configuration import Configuration
from ivr.replies import Reply
from ivr.store.engine import writing
from ivr.store.phone_checks import CheckState
from ivr.twilio import forms
from ivr.twilio.edge import MakeAbout, TelephoneEdge, edge

checks = Blueprint("checks", __name__, url_prefix="/voice/checks/<check_id>")


@checks.post("")
def answered(check_id: str) -> Response:
    """The phone was answered, by somebody or something."""
    line, leg_sid = edge(), forms.read_call_sid(request.form)

    def document(connection: Connection, check: PhoneCheck, configuration: Configuration) -> str:
        now = line.services.clock()
        if not phone_checks.note_answered(connection, check, leg_sid, now):
            return line.documents.hangup()
        asked = says(configuration, "check_ask")
        return line.leg_documents.question(asked, line.links.check_key(check_id), 1)

    return _answer(line, check_id, "answered", Reply(), lambda _: document)


@checks.post("/key")
def key(check_id: str) -> Response:
    """1 is what was asked for; any other key, and none, is not."""
    line = edge()

    def for_reply(reply: Reply) -> MakeAbout[PhoneCheck]:
        def document(
            connection: Connection, check: PhoneCheck, configuration: Configuration
        ) -> str:
            now = line.services.clock()
            if reply.keys == "1":
                phone_checks.settle(connection, check, CheckState.REACHABLE, now)
                return line.leg_documents.say_goodbye(says(configuration, "check_thanks"))
            pressed = f"It was answered, and {reply.keys} was pressed instead of 1."
            said = pressed if reply.keys else None
            phone_checks.settle(connection, check, CheckState.NO_KEY, now, said)
            return line.leg_documents.say_goodbye(says(configuration, "check_no_key"))

        return document

    return _answer(line, check_id, "key", forms.read_reply(request.form), for_reply)


@checks.post("/status")
def status(check_id: str) -> Response:
    """The leg's progress; only its end means something, and only to a check that is still on."""
    line = edge()
    if forms.has_ended(request.form):
        how = forms.read_leg_end(request.form)
        with writing(line.services.engine) as connection:
            check = phone_checks.find_check(connection, check_id)
            if check is not None:
                phone_checks.leg_over(connection, check, how, line.services.clock())
    line.keep_time()
    return line.nothing()


def _answer(
    line: TelephoneEdge,
    check_id: str,
    step: str,
    reply: Reply,
    prepare: Callable[[Reply], MakeAbout[PhoneCheck]],
) -> Response:
    """Answer a request of the leg on which a phone is checked."""

    def find(connection: Connection) -> PhoneCheck | None:
        return phone_checks.find_check(connection, check_id)

    return line.answer_about(check_id, step, reply, find, prepare)
