"""Rulings: what the rules say about a ticket, and about a severity in each phase of the week."""

from dataclasses import dataclass

from routing.decisions import Outcome, QueueClass
from routing.phases import Phase
from routing.switches import (
    Admission,
    DeskDown,
    EntitlementRule,
    Sev1OffHours,
    Sev1Weekend,
    Switches,
)
from routing.tickets import (
    DeskAnswer,
    Entitlement,
    Found,
    NotFound,
    NothingKeyed,
    Ticket,
    TicketStatus,
)


@dataclass(frozen=True)
class Ruling:
    """What one rule says; `rule` is its id in rules.md."""

    outcome: Outcome
    rule: str
    queue_class: QueueClass | None = None


EMERGENCY = Ruling(Outcome.EMERGENCY_CLOSED, "emergency")


def severity_of(desk: DeskAnswer, switches: Switches) -> int | None:
    """The severity that counts (A12); None where there is no ticket to have one."""
    if not isinstance(desk, Found):
        return None
    stated = desk.ticket.severity
    return int(switches.missing_severity) if stated is None else stated


def ticket_ruling(desk: DeskAnswer, switches: Switches) -> Ruling | None:
    """The refusal that no clock can change, or None. The first rule that speaks wins."""
    match desk:
        case NothingKeyed():
            return Ruling(Outcome.TICKET_REQUIRED, "R07")
        case NotFound():
            return Ruling(Outcome.TICKET_INVALID, "R07")
        case Found(ticket):
            return _refusal(ticket, switches)
        case _:
            return None


def _refusal(ticket: Ticket, switches: Switches) -> Ruling | None:
    refuse = Admission.REFUSE
    if ticket.status is TicketStatus.CLOSED and switches.closed is refuse:
        return Ruling(Outcome.TICKET_CLOSED, "R14")
    if ticket.status is TicketStatus.SOLVED and switches.solved is refuse:
        return Ruling(Outcome.TICKET_CLOSED, "R14")
    if _has_lapsed(ticket) and switches.entitlement is EntitlementRule.ENFORCE:
        return Ruling(Outcome.NOT_ENTITLED, "R16")
    if ticket.status is TicketStatus.HOLD and switches.on_hold is refuse:
        return Ruling(Outcome.TICKET_ON_HOLD, "R13")
    return None


def clock_ruling(phase: Phase, severity: int | None, switches: Switches) -> Ruling:
    """What a caller gets in a phase. No severity means that the desk was down (A20)."""
    if severity is None:
        return _desk_down_ruling(phase, switches)
    if phase is Phase.SUPPORT_HOURS:
        return Ruling(Outcome.CONNECT, "R01", QueueClass.BUSINESS)
    if severity == 1:
        return _severity_1_ruling(phase, switches)
    if phase in (Phase.WEEKEND_WINDOW, Phase.BESIDE_WINDOW):
        return Ruling(Outcome.WEEKEND_SEV1_ONLY, "R05")
    return Ruling(Outcome.CLOSED, "R04")


def _severity_1_ruling(phase: Phase, switches: Switches) -> Ruling:
    """R03 at any hour (A4), R05 or R06 in the weekend window (A5)."""
    if phase is Phase.WEEKEND_WINDOW:
        if switches.sev1_weekend is Sev1Weekend.CALLBACK:
            return Ruling(Outcome.CALLBACK, "R06", QueueClass.SEV1_WEEKEND)
        return Ruling(Outcome.CONNECT, "R05", QueueClass.SEV1_WEEKEND)
    match switches.sev1_off_hours:
        case Sev1OffHours.CONNECT:
            return Ruling(Outcome.CONNECT, "R03", QueueClass.SEV1_AFTER_HOURS)
        case Sev1OffHours.CALLBACK:
            return Ruling(Outcome.CALLBACK, "R03", QueueClass.SEV1_AFTER_HOURS)
        case Sev1OffHours.CLOSED:
            return Ruling(Outcome.CLOSED, "R02")


def _desk_down_ruling(phase: Phase, switches: Switches) -> Ruling:
    in_hours = phase is Phase.SUPPORT_HOURS
    where = switches.desk_down_in_hours if in_hours else switches.desk_down_off_hours
    if where is DeskDown.TRIAGE:
        return Ruling(Outcome.CONNECT, "A20", QueueClass.TRIAGE)
    return Ruling(Outcome.DESK_UNAVAILABLE, "A20")


def announcements(desk: DeskAnswer, outcome: Outcome, switches: Switches) -> tuple[str, ...]:
    """What the caller should be told beside the outcome, whatever the clock says."""
    words = []
    if isinstance(desk, Found):
        if desk.ticket.status is TicketStatus.HOLD:
            words.append("on_hold_missing_information")
        if desk.ticket.status is TicketStatus.SOLVED:
            words.append("marked_solved")
        if _has_lapsed(desk.ticket) and switches.entitlement is EntitlementRule.REPORT:
            words.append("entitlement_lapsed")
    if outcome is Outcome.NOT_ENTITLED:
        words.append("customer_success_advisor")
    if outcome in (Outcome.TICKET_REQUIRED, Outcome.TICKET_INVALID, Outcome.TICKET_CLOSED):
        words.append("helpdesk_url")
    return tuple(words)


def _has_lapsed(ticket: Ticket) -> bool:
    return ticket.entitlement is Entitlement.LAPSED
