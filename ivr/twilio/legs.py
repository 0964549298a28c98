"""The technicians' legs: the whisper, the key, the room, and the end of the leg."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from callflows.verbs import Say
from ivr.acd import offers, partings
from ivr.acd.callback_records import is_callback
from ivr.acd.misses import Fault
from ivr.acd.offers import Offer
from ivr.acd.phones import free_phone
from ivr.acd.whisper import (
    call_is_gone,
    calling_customer,
    customer_not_reached,
    refusal_heard,
    whisper,
)
from ivr.configuration import Configuration
from ivr.conversations import is_recorded
from ivr.publishing import live
from ivr.replies import LegEnd, Reply
from ivr.store.acd import OfferState
from ivr.store.engine import writing
from ivr.twilio import forms
from ivr.twilio.edge import MakeAbout, TelephoneEdge, edge

legs = Blueprint("legs", __name__, url_prefix="/voice/offers/<offer_id>")

# A technician who presses some other key hears the whisper again, this often at most.
MOST_WHISPERS = 3


@legs.post("")
def answered(offer_id: str) -> Response:
    """A rung telephone was answered, by somebody or something."""
    line, leg_sid = edge(), forms.read_call_sid(request.form)

    def document(connection: Connection, found: Offer, configuration: Configuration) -> str:
        offers.ringing(connection, found, leg_sid, line.services.clock())
        return _whisper(line, connection, found, configuration, 0)

    return answer_leg(line, offer_id, "answered", Reply(), lambda _: document)


@legs.post("/keys/<int:attempt>")
def key(offer_id: str, attempt: int) -> Response:
    """1 takes the call, 2 refuses it, any other key asks again."""
    line = edge()

    def for_reply(reply: Reply) -> MakeAbout[Offer]:
        def document(connection: Connection, found: Offer, configuration: Configuration) -> str:
            now = line.services.clock()
            match reply.keys:
                case "1" if offers.accept(connection, found, now):
                    is_called = is_callback(found.call_sid)
                    says = calling_customer(configuration) if is_called else []
                    return technician_room(line, connection, found, 0, says)
                case "1":
                    return line.leg_documents.say_goodbye(call_is_gone(configuration))
                case "2":
                    offers.refuse(connection, found, now)
                    return line.leg_documents.say_goodbye(refusal_heard(configuration))
                case _ if attempt + 1 < MOST_WHISPERS:
                    return _whisper(line, connection, found, configuration, attempt + 1)
                case _:
                    return line.documents.hangup()

        return document

    return answer_leg(line, offer_id, f"key {attempt}", forms.read_reply(request.form), for_reply)


@legs.post("/status")
def status(offer_id: str) -> Response:
    """The leg's progress; only its end changes anything, and only once."""
    line = edge()
    if forms.has_ended(request.form):
        unreachable = forms.read_leg_end(request.form) is LegEnd.UNREACHABLE
        fault = Fault.PHONE if unreachable else Fault.TECHNICIAN
        leg_over(line, offer_id, request.form["CallStatus"], fault)
    return line.nothing()


@legs.post("/in-vain")
def in_vain(offer_id: str) -> Response:
    """The customer of a callback was not reached: the technician who waits for them is told."""
    line = edge()

    def document(_c: Connection, _found: Offer, configuration: Configuration) -> str:
        return line.leg_documents.say_goodbye(customer_not_reached(configuration))

    return answer_leg(line, offer_id, "in vain", Reply(), lambda _: document)


@legs.post("/ended")
def ended(offer_id: str) -> Response:
    """As `left`, for a room the release before this one made: hang up, wrap up."""
    line = edge()
    leg_over(line, offer_id, "the room closed")
    return line.hang_up()


def answer_leg(
    line: TelephoneEdge,
    offer_id: str,
    step: str,
    reply: Reply,
    prepare: Callable[[Reply], MakeAbout[Offer]],
) -> Response:
    """Answer a request of the leg that was rung for an offer."""

    def find(connection: Connection) -> Offer | None:
        return offers.find_offer(connection, offer_id)

    return line.answer_about(offer_id, step, reply, find, prepare)


def _whisper(
    line: TelephoneEdge,
    connection: Connection,
    found: Offer,
    configuration: Configuration,
    attempt: int,
) -> str:
    now = line.services.clock()
    if found.state is not OfferState.PENDING or found.expires_at <= now:
        return line.leg_documents.say_goodbye(call_is_gone(configuration))
    says = whisper(connection, found, configuration, now)
    return line.leg_documents.whisper(line.links.offer_key(found.id, attempt), says)


def technician_room(
    line: TelephoneEdge, connection: Connection, found: Offer, visit: int, says: list[Say]
) -> str:
    """The technician's document for the room, recorded or not."""
    recorded = is_recorded(connection, found)
    return line.leg_documents.technician_room(found.id, visit, says, recorded=recorded)


def leg_over(
    line: TelephoneEdge, offer_id: str, reason: str, fault: Fault = Fault.TECHNICIAN
) -> None:
    with writing(line.services.engine) as connection:
        found = offers.find_offer(connection, offer_id)
        if found is not None:
            wrap_up = live(connection).configuration.timers.wrap_up_seconds
            now = line.services.clock()
            partings.leg_over(connection, found, now, wrap_up, reason, fault)
            free_phone(connection, found.technician_id, now)
    line.keep_time()
