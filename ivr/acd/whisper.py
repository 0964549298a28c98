"""The whisper: what a technician hears before deciding to take a call."""

from datetime import datetime

from sqlalchemy import Connection

from callflows.prompts import say_digits
from callflows.session import Session
from callflows.verbs import Say
from ivr.acd.callback_records import is_callback
from ivr.acd.offers import Offer
from ivr.acd.queue import live_queued_call
from ivr.acd.spoken import said, says, text
from ivr.call_records import find_call
from ivr.configuration import Configuration
from ivr.world import ticket_of

ANNOUNCED = {
    "on_hold_missing_information": "whisper_on_hold",
    "marked_solved": "whisper_solved",
    "entitlement_lapsed": "whisper_lapsed",
}


def whisper(
    connection: Connection, offer: Offer, configuration: Configuration, now: datetime
) -> list[Say]:
    """Severity, ticket, product, organisation, waiting time and notes, then the keys."""
    call = find_call(connection, offer.call_sid)
    queued = live_queued_call(connection, offer.call_sid)
    if call is None or queued is None:
        return call_is_gone(configuration)
    session = Session.from_json(call.session)
    ticket, decision = ticket_of(session), session.decision
    waited = int((now - queued.since).total_seconds())
    product = configuration.products.get(ticket.product or "", "") if ticket else ""
    spoken = [
        text(
            configuration,
            "whisper",
            severity=str(queued.severity),
            ticket=say_digits(call.ticket or ""),
            product=product or text(configuration, "whisper_product_unknown"),
            organisation=(ticket and ticket.organisation)
            or text(configuration, "whisper_organisation_unknown"),
            waited=_duration(configuration, waited),
        )
    ]
    if is_callback(call.call_sid):
        spoken.append(text(configuration, "whisper_callback"))
    if decision is not None and not decision.verified:
        spoken.append(text(configuration, "whisper_not_verified"))
    notes = decision.announcements if decision is not None else ()
    spoken += [text(configuration, ANNOUNCED[note]) for note in notes if note in ANNOUNCED]
    spoken.append(text(configuration, "whisper_keys"))
    return said(configuration, spoken)


def call_is_gone(configuration: Configuration) -> list[Say]:
    """For a technician who answers or accepts too late."""
    return says(configuration, "whisper_gone")


def calling_customer(configuration: Configuration) -> list[Say]:
    """For a technician who has accepted a callback and waits for the customer."""
    return says(configuration, "calling_customer")


def customer_not_reached(configuration: Configuration) -> list[Say]:
    return says(configuration, "customer_not_reached")


def refusal_heard(configuration: Configuration) -> list[Say]:
    return says(configuration, "whisper_refused")


def _duration(configuration: Configuration, seconds: int) -> str:
    minutes, rest = divmod(max(seconds, 0), 60)
    if not minutes:
        return text(configuration, "whisper_seconds", seconds=str(rest))
    return text(configuration, "whisper_minutes", minutes=str(minutes), seconds=str(rest))
