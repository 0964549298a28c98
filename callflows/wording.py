"""Wording: the prompts that no flow names, and what the placeholders of all of them stand for."""

from callflows.prompts import MissingPrompt, say_digits, say_opening
from callflows.session import Session
from callflows.world import World
from routing.decisions import Decision
from routing.switches import ZoneSource
from routing.tickets import Found

NOT_VERIFIED = "announce_not_verified"
OPENING_UNKNOWN = "opening_unknown"

# Decision.announcements are names; each has its prompt.
ANNOUNCEMENTS = (
    "announce_on_hold_missing_information",
    "announce_marked_solved",
    "announce_entitlement_lapsed",
    "announce_customer_success_advisor",
    "announce_helpdesk_url",
    NOT_VERIFIED,
)

# What every prompt of a flow may say, and what only those may that are said in a queue, once.
FLOW_VALUES = frozenset(
    {"closure", "help_desk", "number_to_call", "opening", "support_option", "ticket"}
)
POSITION_VALUES = FLOW_VALUES | {"position"}
RECENT_WAITS_VALUES = FLOW_VALUES | {"minutes"}

# What the service says to callers beside any flow, and what each of these may say.
SERVICE_PROMPTS = {
    "throttled": frozenset({"help_desk"}),
    "fallback_apology": frozenset({"help_desk"}),
    "fallback_thanks": frozenset[str](),
    "sent_to_queue": frozenset[str](),
    "sent_to_target": frozenset[str](),
    "target_not_answered": frozenset[str](),
    "technician_lost": frozenset[str](),
    "conversation_recorded": frozenset[str](),
    "called_back": frozenset({"ticket"}),
    "called_back_goodbye": frozenset[str](),
}

# What technicians hear; always in English.
TECHNICIAN_PROMPTS = {
    "whisper": frozenset({"severity", "ticket", "product", "organisation", "waited"}),
    "whisper_product_unknown": frozenset[str](),
    "whisper_organisation_unknown": frozenset[str](),
    "whisper_seconds": frozenset({"seconds"}),
    "whisper_minutes": frozenset({"minutes", "seconds"}),
    "whisper_not_verified": frozenset[str](),
    "whisper_on_hold": frozenset[str](),
    "whisper_solved": frozenset[str](),
    "whisper_lapsed": frozenset[str](),
    "whisper_callback": frozenset[str](),
    "whisper_keys": frozenset[str](),
    "whisper_gone": frozenset[str](),
    "whisper_refused": frozenset[str](),
    "room_menu": frozenset[str](),
    "room_menu_again": frozenset[str](),
    "room_over": frozenset[str](),
    "room_not_yet": frozenset[str](),
    "room_choice": frozenset({"key", "label"}),
    "room_more": frozenset[str](),
    "room_no_targets": frozenset[str](),
    "room_no_queues": frozenset[str](),
    "room_to_queue": frozenset({"label"}),
    "room_to_target": frozenset({"label"}),
    "room_ask_ticket": frozenset[str](),
    "room_ticket_attached": frozenset({"ticket"}),
    "room_ticket_known": frozenset({"ticket"}),
    "room_ticket_unknown": frozenset({"ticket"}),
    "room_ticket_closed": frozenset({"ticket"}),
    "room_ticket_unchecked": frozenset[str](),
    "room_tickets_full": frozenset[str](),
    "room_manager_rung": frozenset[str](),
    "room_manager_nobody": frozenset[str](),
    "room_manager_missed": frozenset[str](),
    "calling_customer": frozenset[str](),
    "customer_not_reached": frozenset[str](),
    "guest_duty_manager": frozenset({"technician", "severity", "ticket"}),
    "guest_join": frozenset({"technician", "severity", "ticket"}),
    "guest_whisper": frozenset({"technician", "severity", "ticket"}),
    "guest_listen": frozenset({"technician", "severity", "ticket"}),
    "guest_keys": frozenset[str](),
    "guest_wait": frozenset[str](),
    "staff_ask_pin": frozenset[str](),
    "staff_pin_wrong": frozenset[str](),
    "staff_menu": frozenset({"name", "state"}),
    "staff_key_wrong": frozenset[str](),
    "staff_done": frozenset({"state"}),
    "staff_ask_reason": frozenset({"state", "reasons"}),
    "staff_reason": frozenset({"reason", "key"}),
    "staff_done_reason": frozenset({"state", "reason"}),
    "check_ask": frozenset[str](),
    "check_thanks": frozenset[str](),
    "check_no_key": frozenset[str](),
    "staff_unknown": frozenset[str](),
    "staff_goodbye": frozenset[str](),
}

# The clock on the ticket is the caller's own. That of a telephone number is somebody's there.
OWN_CLOCK = {ZoneSource.REQUESTER, ZoneSource.ORGANISATION}


def announcements(decision: Decision) -> tuple[str, ...]:
    """The prompts that a decision wants to be said, in order."""
    said = tuple(f"announce_{name}" for name in decision.announcements)
    return said if decision.verified else (NOT_VERIFIED, *said)


def flow_value(placeholder: str, session: Session, world: World) -> str:
    """What one of FLOW_VALUES stands for now. Each has something to say at any point of a flow."""
    match placeholder:
        case "closure":
            return _closure(session, world)
        case "help_desk":
            return world.line.region.help_desk
        case "number_to_call":
            return say_digits((session.number_to_call or "").removeprefix("+"))
        case "opening":
            return _opening(session, world)
        case "support_option":
            return world.line.support_option
        case "ticket":
            return say_digits(session.keyed or "")
    raise MissingPrompt(f"Nothing is known to say for {{{placeholder}}}.")


def _opening(session: Session, world: World) -> str:
    """When this caller would be connected, or a phrase that says we do not know."""
    decision = session.decision
    if decision is None or decision.opens_at is None:
        return world.prompts.text(session.language, OPENING_UNKNOWN)
    own = decision.zone_source in OWN_CLOCK
    city = decision.zone.rsplit("/", 1)[-1].replace("_", " ")
    place = None if own else city
    return say_opening(decision.opens_at, decision.zone, world.now, session.language, place)


def _closure(session: Session, world: World) -> str:
    """The message of the emergency closure in force for this caller, as a sentence."""
    product = session.desk.ticket.product if isinstance(session.desk, Found) else None
    closure = world.line.rules_for(product).closure
    return f"{closure.message.rstrip(' .')}." if closure else ""
