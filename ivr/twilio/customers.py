"""The legs of customers who are called back: who is calling, the key, the room, the end."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from callflows.prompts import say_digits
from callflows.session import Session
from callflows.verbs import Say
from ivr.acd import callbacks, offers
from ivr.acd.callback_records import Callback, callback_of_attempt
from ivr.acd.offers import Offer
from ivr.call_records import find_call
from ivr.configuration import Configuration
from ivr.conversations import announce
from ivr.endings import caller_hung_up
from ivr.replies import Reply
from ivr.store.acd import OfferState
from ivr.store.callbacks import CallbackState
from ivr.store.engine import writing
from ivr.twilio import forms
from ivr.twilio.edge import MakeAbout, TelephoneEdge, edge

customers = Blueprint("customers", __name__, url_prefix="/voice/customers/<offer_id>")

# A customer who presses nothing, or another key, hears who is calling once more.
MOST_GREETINGS = 2


@customers.post("")
def answered(offer_id: str) -> Response:
    """The customer's telephone was answered, by somebody or something."""
    line, leg_sid = edge(), forms.read_call_sid(request.form)

    def document(connection: Connection, found: Callback, configuration: Configuration) -> str:
        callbacks.customer_rings(connection, offer_id, leg_sid, line.services.clock())
        return _greeting(line, connection, found, configuration, 0)

    return _answer(line, offer_id, "answered", Reply(), lambda _: document)


@customers.post("/keys/<int:attempt>")
def key(offer_id: str, attempt: int) -> Response:
    """1 joins the technician; a machine presses nothing."""
    line = edge()

    def for_reply(reply: Reply) -> MakeAbout[Callback]:
        def document(connection: Connection, found: Callback, configuration: Configuration) -> str:
            if reply.keys == "1":
                return _join(line, connection, found, configuration)
            if attempt + 1 < MOST_GREETINGS:
                return _greeting(line, connection, found, configuration, attempt + 1)
            now = line.services.clock()
            callbacks.not_reached(connection, offer_id, "no key was pressed", now)
            return _goodbye(line, connection, found, configuration)

        return document

    return _answer(line, offer_id, f"key {attempt}", forms.read_reply(request.form), for_reply)


@customers.post("/status")
def status(offer_id: str) -> Response:
    """The leg's progress; only its end changes anything, and only once."""
    line, now = edge(), edge().services.clock()
    if forms.has_ended(request.form):
        with writing(line.services.engine) as connection:
            found = callback_of_attempt(connection, offer_id)
            if found is not None and found.state is CallbackState.JOINED:
                caller_hung_up(connection, found.call_sid, now)
            else:
                callbacks.not_reached(connection, offer_id, request.form["CallStatus"], now)
    line.keep_time()
    return line.nothing()


def _answer(
    line: TelephoneEdge,
    offer_id: str,
    step: str,
    reply: Reply,
    prepare: Callable[[Reply], MakeAbout[Callback]],
) -> Response:
    """Answer a request of the leg on which a customer is called for an accepted offer."""

    def find(connection: Connection) -> Callback | None:
        return callback_of_attempt(connection, offer_id)

    return line.answer_about(f"customer:{offer_id}", step, reply, find, prepare)


def _join(
    line: TelephoneEdge, connection: Connection, found: Callback, configuration: Configuration
) -> str:
    """Into the room, if the technician is still in it."""
    offer = _accepted_offer(connection, found)
    if offer is not None:
        now = line.services.clock()
        turn = callbacks.join(connection, found, offer.technician_id, now)
        if turn is not None:
            announced = announce(connection, offer, now)
            return line.documents.room(found.call_sid, offer.id, turn, announced)
    return _goodbye(line, connection, found, configuration)


def _accepted_offer(connection: Connection, found: Callback) -> Offer | None:
    offer = offers.find_offer(connection, found.offer_id or "")
    is_there = offer is not None and offer.live and offer.state is OfferState.ACCEPTED
    return offer if is_there else None


def _greeting(
    line: TelephoneEdge,
    connection: Connection,
    found: Callback,
    configuration: Configuration,
    attempt: int,
) -> str:
    if found.state is not CallbackState.CALLING:
        return _goodbye(line, connection, found, configuration)
    says = _says(connection, found, configuration, "called_back", ticket=say_digits(found.ticket))
    action = line.links.customer_key(found.offer_id or "", attempt)
    return line.leg_documents.question(says, action, digits=1)


def _goodbye(
    line: TelephoneEdge, connection: Connection, found: Callback, configuration: Configuration
) -> str:
    says = _says(connection, found, configuration, "called_back_goodbye")
    return line.leg_documents.say_goodbye(says)


def _says(
    connection: Connection,
    found: Callback,
    configuration: Configuration,
    prompt: str,
    **values: str,
) -> list[Say]:
    """In the language of the caller's own call, or in English."""
    seen = find_call(connection, found.call_sid)
    wanted = "en" if seen is None else Session.from_json(seen.session).language
    language = configuration.prompts.language_of(wanted, prompt)
    text = configuration.prompts.text(language, prompt, **values)
    return [Say(text, language, configuration.voices.get(language, ""))]
