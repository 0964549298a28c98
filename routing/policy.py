"""Policy: decides where a caller goes, from the ticket, the clock and the switches."""

from routing.calendars import NO_HOLIDAYS, Holidays
from routing.decisions import Case, Decision, Outcome, QueueClass
from routing.rules import EmergencyClosure, SupportRules
from routing.switches import NumberRule, SettingRefused, Switches, ZoneSource

__all__ = [
    "Case",
    "Decision",
    "EmergencyClosure",
    "NumberRule",
    "Outcome",
    "QueueClass",
    "SettingRefused",
    "SupportRules",
    "Switches",
    "ZoneSource",
    "decide",
]


def decide(case: Case, holidays: Holidays = NO_HOLIDAYS) -> Decision:
    """Decide one case by the rules of its line and product."""
    raise NotImplementedError
