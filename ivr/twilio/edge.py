"""The telephone edge: what every webhook has in common, from the signature to the apology."""

import secrets
from collections.abc import Callable

import structlog
from flask import Response, abort, current_app, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ivr import journal
from ivr.endings import close_call
from ivr.journal import Happened
from ivr.replies import Reply
from ivr.services import Services
from ivr.store.calls import Disposition
from ivr.store.engine import writing
from ivr.twilio.links import TwilioLinks
from ivr.twilio.patience import MOST_MOMENTS, Patience, TooLate
from ivr.twilio.signature import is_signed, wire_address
from ivr.twilio.twiml import TwimlDocuments

log = structlog.get_logger()

MAX_BODY_BYTES = 64 * 1024
MAX_FIELDS = 500


class TelephoneEdge:
    """Answers the carrier. One per web process, hung on the app."""

    def __init__(self, services: Services, links: TwilioLinks, wake: Callable[[], None]) -> None:
        self.services = services
        self.documents = TwimlDocuments(links)
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
                return self.apologise(leg_sid, "too late too often")
            address = self.services.settings.public_base_url + request.path
            return xml(self.documents.one_moment(self.links.again(address, again + 1)))
        return xml(document)

    def keep_time(self) -> None:
        """The callers' hold loop drives the timers where no worker does."""
        self._wake()

    def apologise(self, call_sid: str, cause: str) -> Response:
        """An apology with an incident id and a message to leave; this call is system_fallback."""
        incident = secrets.token_hex(4)
        log.error("incident", incident=incident, call=call_sid, cause=cause, exc_info=True)
        self._note_fallback(call_sid, incident, cause)
        return xml(self.documents.apology(incident, self.links.recording(call_sid)))

    def thanks_for_message(self) -> Response:
        return xml(self.documents.thanks_for_message())

    def hang_up(self) -> Response:
        return xml(self.documents.hangup())

    def nothing(self) -> Response:
        return xml(self.documents.nothing())

    def _note_fallback(self, call_sid: str, incident: str, cause: str) -> None:
        now = self.services.clock()
        try:
            with writing(self.services.engine) as connection:
                told = {"incident": incident, "cause": cause}
                journal.write(connection, call_sid, Happened.FAILED, now, **told)
                close_call(connection, call_sid, now, Disposition.SYSTEM_FALLBACK)
        except (DBAPIError, PoolExhausted) as error:
            log.error("fallback not noted", call=call_sid, cause=type(error).__name__)


def edge() -> TelephoneEdge:
    """The running app's telephone edge; for views only."""
    found = current_app.extensions["telephone_edge"]
    assert isinstance(found, TelephoneEdge)
    return found


def xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
