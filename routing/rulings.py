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
    """What one rule says; `rule` is its id in rules.md.

    `why` ends the sentence that begins with the time; reasons.py fills in its words.
    """

    outcome: Outcome
    rule: str
    why: str
    queue_class: QueueClass | None = None
    announce: tuple[str, ...] = ()


EMERGENCY_CLOSED = Ruling(
    Outcome.EMERGENCY_CLOSED, "emergency", "support is closed {until}: {message}"
)

NOTHING_KEYED = Ruling(
    Outcome.TICKET_REQUIRED,
    "R07",
    "no ticket number was keyed, and a ticket has to be logged before calling",
    announce=("helpdesk_url",),
)
UNKNOWN_TICKET = Ruling(
    Outcome.TICKET_INVALID,
    "R07",
    "the help desk knows no ticket {ticket}",
    announce=("helpdesk_url",),
)
CLOSED_TICKET = Ruling(
    Outcome.TICKET_CLOSED,
    "R14",
    "ticket {ticket} is {status}, so a new ticket or a follow-up has to be opened online",
    announce=("helpdesk_url",),
)
LAPSED = Ruling(
    Outcome.NOT_ENTITLED,
    "R16",
    "the maintenance or subscription behind ticket {ticket} has lapsed, "
    "which is for the Customer Success Advisor",
    announce=("customer_success_advisor",),
)
ON_HOLD = Ruling(
    Outcome.TICKET_ON_HOLD,
    "R13",
    "ticket {ticket} is on hold until the information it lacks has been given online",
)

IN_HOURS = Ruling(
    Outcome.CONNECT, "R01", "that is within support hours, {hours}", QueueClass.BUSINESS
)
OFF_HOURS = Ruling(Outcome.CLOSED, "R04", "support hours are {hours}")
CLOSED_DAY = Ruling(
    Outcome.CLOSED, "R04", "support hours are {hours}, but {date} is a day without them"
)
WEEKEND = Ruling(
    Outcome.WEEKEND_SEV1_ONLY, "R05", "{weekend} only Severity 1 is served, and {severity}"
)
BESIDE_WEEKEND = Ruling(
    Outcome.WEEKEND_SEV1_ONLY,
    "R05",
    "support hours are {hours}, at the weekend only Severity 1 is served, and {severity}",
)
SEV1_WEEKEND = Ruling(
    Outcome.CONNECT,
    "R05",
    "{weekend} only Severity 1 is served, and {severity}",
    QueueClass.SEV1_WEEKEND,
)
SEV1_WEEKEND_CALLBACK = Ruling(
    Outcome.CALLBACK,
    "R06",
    "{weekend} a technician phones the customer about a Severity 1 ticket",
    QueueClass.SEV1_WEEKEND,
)
SEV1_OFF_HOURS = Ruling(
    Outcome.CONNECT,
    "R03",
    "support hours are {hours}, but Severity 1 is served around the clock",
    QueueClass.SEV1_AFTER_HOURS,
)
SEV1_OFF_HOURS_CALLBACK = Ruling(
    Outcome.CALLBACK,
    "R03",
    "support hours are {hours}; outside them a technician phones back about Severity 1",
    QueueClass.SEV1_AFTER_HOURS,
)
SEV1_OFF_HOURS_CLOSED = Ruling(
    Outcome.CLOSED, "R02", "support hours are {hours}, for Severity 1 as well"
)
SEV1_AT_OTHER_HOURS = {
    Sev1OffHours.CONNECT: SEV1_OFF_HOURS,
    Sev1OffHours.CALLBACK: SEV1_OFF_HOURS_CALLBACK,
    Sev1OffHours.CLOSED: SEV1_OFF_HOURS_CLOSED,
}

TRIAGE = Ruling(
    Outcome.CONNECT,
    "A20",
    "the help desk cannot be reached, so ticket {ticket} is taken unverified",
    QueueClass.TRIAGE,
)
DESK_DOWN = Ruling(
    Outcome.DESK_UNAVAILABLE,
    "A20",
    "the help desk cannot be reached, so ticket {ticket} cannot be verified",
)


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
            return NOTHING_KEYED
        case NotFound():
            return UNKNOWN_TICKET
        case Found(ticket):
            return _refusal(ticket, switches)
        case _:
            return None


def _refusal(ticket: Ticket, switches: Switches) -> Ruling | None:
    refuse = Admission.REFUSE
    if ticket.status is TicketStatus.CLOSED and switches.closed is refuse:
        return CLOSED_TICKET
    if ticket.status is TicketStatus.SOLVED and switches.solved is refuse:
        return CLOSED_TICKET
    if _has_lapsed(ticket) and switches.entitlement is EntitlementRule.ENFORCE:
        return LAPSED
    if ticket.status is TicketStatus.HOLD and switches.on_hold is refuse:
        return ON_HOLD
    return None


def clock_ruling(phase: Phase, severity: int | None, switches: Switches) -> Ruling:
    """What a caller gets in a phase. No severity means that the desk was down."""
    if severity is None:
        return _desk_down_ruling(phase, switches)
    if phase is Phase.SUPPORT_HOURS:
        return IN_HOURS
    if severity == 1:
        return _severity_1_ruling(phase, switches)
    match phase:
        case Phase.WEEKEND_WINDOW:
            return WEEKEND
        case Phase.BESIDE_WINDOW:
            return BESIDE_WEEKEND
        case Phase.CLOSED_DAY:
            return CLOSED_DAY
        case _:
            return OFF_HOURS


def _severity_1_ruling(phase: Phase, switches: Switches) -> Ruling:
    """A5 in the weekend window, A4 at any other hour that is not a support hour."""
    if phase is Phase.WEEKEND_WINDOW:
        phones_back = switches.sev1_weekend is Sev1Weekend.CALLBACK
        return SEV1_WEEKEND_CALLBACK if phones_back else SEV1_WEEKEND
    return SEV1_AT_OTHER_HOURS[switches.sev1_off_hours]


def _desk_down_ruling(phase: Phase, switches: Switches) -> Ruling:
    in_hours = phase is Phase.SUPPORT_HOURS
    where = switches.desk_down_in_hours if in_hours else switches.desk_down_off_hours
    return TRIAGE if where is DeskDown.TRIAGE else DESK_DOWN


def announcements(desk: DeskAnswer, ruling: Ruling, switches: Switches) -> tuple[str, ...]:
    """What to tell the caller besides: about the ticket whatever the clock says, then about
    the ruling."""
    about_ticket = []
    if isinstance(desk, Found):
        if desk.ticket.status is TicketStatus.HOLD:
            about_ticket.append("on_hold_missing_information")
        if desk.ticket.status is TicketStatus.SOLVED:
            about_ticket.append("marked_solved")
        if _has_lapsed(desk.ticket) and switches.entitlement is EntitlementRule.REPORT:
            about_ticket.append("entitlement_lapsed")
    return (*about_ticket, *ruling.announce)


def _has_lapsed(ticket: Ticket) -> bool:
    return ticket.entitlement is Entitlement.LAPSED
