"""The telephone edge: what every webhook has in common, from the signature to the apology."""

import secrets
from collections.abc import Callable
from typing import TypeVar

import structlog
from flask import Response, abort, current_app, request
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ivr.call_records import keep_answer, stored_answer
from ivr.calls import fall_back
from ivr.configuration import Configuration
from ivr.errors import NotPublished
from ivr.publishing import live
from ivr.replies import Arrival, Reply
from ivr.services import Services
from ivr.store.engine import writing
from ivr.twilio import forms
from ivr.twilio.leg_documents import LegDocuments
from ivr.twilio.links import TwilioLinks
from ivr.twilio.patience import MOST_MOMENTS, Patience, TooLate
from ivr.twilio.signature import is_signed, wire_address
from ivr.twilio.twiml import TwimlDocuments

log = structlog.get_logger()

MAX_BODY_BYTES = 64 * 1024
MAX_FIELDS = 500
# Requests whose answer nobody hears, and those whose answer a technician hears.
CALLBACKS = ("/status", "/recording", "/assignment")
WAITING = "/hold/"
MUSIC = "/music/"
# The same goes for a customer whom we have called.
STAFF = (
    "/voice/legs/",
    "/voice/offers/",
    "/voice/guests/",
    "/voice/staff/",
    "/voice/checks/",
    "/voice/customers/",
    "/voice/calls/CB",
)


Subject = TypeVar("Subject")
MakeDocument = Callable[[Connection], str]
MakeAbout = Callable[[Connection, Subject, Configuration], str]


class TelephoneEdge:
    """Answers the carrier. One per web process, hung on the app."""

    def __init__(self, services: Services, links: TwilioLinks, wake: Callable[[], None]) -> None:
        self.services = services
        self.documents = TwimlDocuments(links)
        self.leg_documents = LegDocuments(links)
        self.links = links
        self._patience = Patience(services)
        self._wake = wake

    def check_signature(self) -> None:
        """Every request under /voice is our carrier's, or is refused with an empty 403."""
        settings = self.services.settings
        fields = {name: request.form.getlist(name) for name in request.form}
        address = wire_address(settings.public_base_url, request.environ)
        signature = request.headers.get("X-Twilio-Signature", "")
        genuine = (
            request.mimetype == "application/x-www-form-urlencoded"
            and is_signed(address, fields, signature, settings.auth_tokens)
            and request.form.get("AccountSid") == settings.account_sid
        )
        if not genuine:
            log.warning("signature refused", path=request.path, fields=sorted(fields)[:MAX_FIELDS])
            abort(Response(status=403))

    def answer(
        self, leg_sid: str, step: str, reply: Reply, work: Callable[[Reply], str]
    ) -> Response:
        """The document of a turn, or "one moment please" when it takes too long."""
        again = request.args.get("again", 0, int)
        try:
            document = self._patience.answer((leg_sid, step), reply, work, asked_again=again > 0)
        except TooLate:
            if again >= MOST_MOMENTS:
                return self.fail("too late too often")
            address = self.services.settings.public_base_url + request.path
            return xml(self.documents.one_moment(self.links.again(address, again + 1)))
        return xml(document)

    def answer_once(
        self, leg: str, step: str, reply: Reply, prepare: Callable[[Reply], MakeDocument]
    ) -> Response:
        """Answer in one transaction; the same request again gets the same document.

        `prepare` is asked first, before anything is locked: a help desk may take its time.
        """

        def work(reply: Reply) -> str:
            make = prepare(reply)
            with writing(self.services.engine) as connection:
                stored = stored_answer(connection, leg, step)
                if stored is not None:
                    return stored
                document = make(connection)
                keep_answer(connection, leg, step, document, self.services.clock())
                return document

        response = self.answer(leg, step, reply, work)
        self.keep_time()
        return response

    def answer_about(
        self,
        leg: str,
        step: str,
        reply: Reply,
        find: Callable[[Connection], Subject | None],
        prepare: Callable[[Reply], MakeAbout[Subject]],
    ) -> Response:
        """The same for a leg that is about something (an offer, a check): without it, hang up."""

        def prepare_with_subject(reply: Reply) -> MakeDocument:
            make = prepare(reply)

            def document(connection: Connection) -> str:
                subject = find(connection)
                if subject is None:
                    return self.documents.hangup()
                return make(connection, subject, live(connection).configuration)

            return document

        return self.answer_once(leg, step, reply, prepare_with_subject)

    def keep_time(self) -> None:
        """The callers' hold loop drives the timers where no worker does."""
        self._wake()

    def fail(self, cause: str) -> Response:
        """The answer to a request that went wrong: nobody hears silence, and nothing is lost.

        A callback that only informs is refused, so that the carrier tells us again. A technician
        is told to hang up, and the call goes to the next. A waiting caller steps out of the
        carrier's queue, and is let in again by the next turn; one on hold in a room stays there.
        Any other caller hears the apology.
        """
        incident = secrets.token_hex(4)
        log.error("incident", incident=incident, path=request.path, cause=cause, exc_info=True)
        if request.path.endswith(CALLBACKS):
            return Response(status=503)
        if MUSIC in request.path:
            again = self.services.settings.public_base_url + request.path
            return xml(self.documents.one_moment(self.links.again(again, 1)))
        if request.path.startswith(STAFF):
            return xml(self.leg_documents.sorry(incident))
        if WAITING in request.path:
            return xml(self.documents.step_out())
        arrival = forms.read_arrival(request.form)
        self._note_fallback(arrival, incident, cause)
        return xml(self.documents.apology(incident, self.links.recording(arrival.call_sid)))

    def thanks_for_message(self) -> Response:
        return xml(self.documents.thanks_for_message())

    def hang_up(self) -> Response:
        return xml(self.documents.hangup())

    def nothing(self) -> Response:
        return xml(self.documents.nothing())

    def _note_fallback(self, arrival: Arrival, incident: str, cause: str) -> None:
        try:
            with writing(self.services.engine) as connection:
                fall_back(connection, arrival, self.services.clock(), incident, cause)
        except (DBAPIError, PoolExhausted, NotPublished) as error:
            log.error("fallback not noted", call=arrival.call_sid, cause=type(error).__name__)


def edge() -> TelephoneEdge:
    """The running app's telephone edge; for views only."""
    found = current_app.extensions["telephone_edge"]
    assert isinstance(found, TelephoneEdge)
    return found


def xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
