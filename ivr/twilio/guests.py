"""The legs of guests: the duty manager and supervisors, rung into a room that is not theirs."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from callflows.prompts import say_digits
from ivr.acd import company, guests
from ivr.acd.guests import Guest
from ivr.acd.offers import find_offer
from ivr.acd.spoken import said, text
from ivr.acd.technicians import technician_by_id
from ivr.acd.whisper import call_is_gone, refusal_heard
from ivr.call_records import find_call
from ivr.configuration import Configuration
from ivr.publishing import live
from ivr.replies import Reply
from ivr.store.acd import OfferState
from ivr.store.engine import writing
from ivr.store.rooms import GuestRole
from ivr.twilio import forms
from ivr.twilio.edge import MakeAbout, TelephoneEdge, edge
from ivr.twilio.legs import MOST_WHISPERS

guest_legs = Blueprint("guests", __name__, url_prefix="/voice/guests/<guest_id>")


@guest_legs.post("")
def answered(guest_id: str) -> Response:
    """A guest's telephone was answered, by somebody or something."""
    line, leg_sid = edge(), forms.read_call_sid(request.form)

    def document(connection: Connection, found: Guest, configuration: Configuration) -> str:
        guests.ringing(connection, found, leg_sid, line.services.clock())
        return _document(line, connection, found, configuration, "", 0)

    return _answer(line, guest_id, "answered", Reply(), lambda _: document)


@guest_legs.post("/keys/<int:attempt>")
def key(guest_id: str, attempt: int) -> Response:
    """1 comes in, 2 refuses, any other key asks again."""
    line = edge()

    def for_reply(reply: Reply) -> MakeAbout[Guest]:
        def document(connection: Connection, found: Guest, configuration: Configuration) -> str:
            return _document(line, connection, found, configuration, reply.keys, attempt + 1)

        return document

    return _answer(line, guest_id, f"key {attempt}", forms.read_reply(request.form), for_reply)


@guest_legs.post("/status")
def status(guest_id: str) -> Response:
    """The leg's progress; only its end changes anything, and only once."""
    line = edge()
    if forms.has_ended(request.form):
        _leg_over(line, guest_id, request.form["CallStatus"])
    return line.nothing()


@guest_legs.post("/left")
def left(guest_id: str) -> Response:
    """The room has closed, or the guest has hung up."""
    line = edge()
    _leg_over(line, guest_id, "left the room")
    return line.hang_up()


def _answer(
    line: TelephoneEdge,
    guest_id: str,
    step: str,
    reply: Reply,
    prepare: Callable[[Reply], MakeAbout[Guest]],
) -> Response:
    """Answer a request of a guest's leg."""

    def find(connection: Connection) -> Guest | None:
        return guests.find_guest(connection, guest_id)

    return line.answer_about(guest_id, step, reply, find, prepare)


def _document(
    line: TelephoneEdge,
    connection: Connection,
    found: Guest,
    configuration: Configuration,
    keys: str | None,
    attempt: int,
) -> str:
    now, documents = line.services.clock(), line.leg_documents
    if not guests.is_wanted(connection, found, now):
        return documents.say_goodbye(call_is_gone(configuration))
    coaches = company.technician_leg(connection, found)
    match keys:
        case "1" if found.role is GuestRole.WHISPER and coaches is None:
            return _ask(line, connection, found, configuration, attempt, "guest_wait")
        case "1":
            company.joined(connection, found, now)
            muted = found.role is GuestRole.LISTEN
            coached = coaches if found.role is GuestRole.WHISPER else None
            return documents.guest_room(found.id, found.offer_id, muted=muted, coaches=coached)
        case "2":
            refused = OfferState.REFUSED
            company.missed(connection, configuration, found, now, "refused", refused)
            return documents.say_goodbye(refusal_heard(configuration))
        case _ if attempt < MOST_WHISPERS:
            return _ask(line, connection, found, configuration, attempt)
        case _:
            return line.documents.hangup()


def _ask(
    line: TelephoneEdge,
    connection: Connection,
    found: Guest,
    configuration: Configuration,
    attempt: int,
    *first: str,
) -> str:
    """What the call is about, and the keys."""
    offer, call = find_offer(connection, found.offer_id), find_call(connection, found.call_sid)
    assert offer is not None
    assert call is not None
    about = text(
        configuration,
        f"guest_{found.role.value}",
        technician=technician_by_id(connection, offer.technician_id).name,
        severity=str(call.severity or ""),
        ticket=say_digits(call.ticket or ""),
    )
    texts = [*(text(configuration, name) for name in first), about]
    texts.append(text(configuration, "guest_keys"))
    says = said(configuration, texts)
    return line.leg_documents.whisper(line.links.guest_key(found.id, attempt), says)


def _leg_over(line: TelephoneEdge, guest_id: str, reason: str) -> None:
    with writing(line.services.engine) as connection:
        found = guests.find_guest(connection, guest_id)
        if found is not None:
            configuration, now = live(connection).configuration, line.services.clock()
            company.leg_over(connection, configuration, found, now, reason)
    line.keep_time()
