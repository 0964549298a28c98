"""Reasons: a decision in one sentence, as a person would say it to a customer or an admin."""

from datetime import datetime, time
from functools import lru_cache

from routing.calendars import WeeklyHours, WeeklyWindow
from routing.decisions import Case, Outcome
from routing.phases import Phase
from routing.rules import SupportRules
from routing.rulings import Ruling
from routing.switches import WindowEnd, ZoneSource
from routing.tickets import DeskAnswer, Found, NothingKeyed, TicketStatus

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

WHOSE = {
    ZoneSource.REQUESTER: "the requester's zone on the ticket",
    ZoneSource.ORGANISATION: "the organisation's zone on the ticket",
    ZoneSource.CALLER_NUMBER: "the zone of the caller's number",
    ZoneSource.DIALED_NUMBER: "the zone of the dialed number",
}


def clock_words(local_time: datetime, zone: str, source: ZoneSource) -> str:
    """What time it is, and on whose clock."""
    weekday = WEEKDAYS[local_time.weekday()]
    return f"It is {weekday} {local_time:%H:%M:%S} in {zone} ({WHOSE[source]})"


def because(
    case: Case, rules: SupportRules, ruling: Ruling, phase: Phase, severity: int | None
) -> str:
    """Why the ruling is what it is: the rest of the sentence that `clock_words` begins."""
    match ruling.outcome:
        case Outcome.EMERGENCY_CLOSED:
            return _because_of_closure(rules)
        case Outcome.TICKET_REQUIRED | Outcome.TICKET_INVALID:
            return _because_no_ticket(case.desk)
        case Outcome.TICKET_CLOSED | Outcome.TICKET_ON_HOLD | Outcome.NOT_ENTITLED:
            return _because_of_ticket(case.desk, ruling.outcome)
        case _ if ruling.rule == "A20":
            return _because_desk_down(case.desk, rules, ruling.outcome)
        case _:
            return _because_of_clock(case, rules, ruling, phase, severity)
