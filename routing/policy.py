"""Policy: decides where a caller goes, from the ticket, the clock and the switches.

The order, first to last: an emergency closure, the ticket's own refusals (R07, R14, R16, R13),
then the clock: support hours, the weekend window, and everything outside them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from routing.calendars import NO_HOLIDAYS, Holidays, local_time
from routing.callers import ZoneChoice, zone_choices
from routing.decisions import Case, Decision, Outcome, QueueClass
from routing.phases import Phase, SupportClock
from routing.reasons import sentence, words_about
from routing.rules import EmergencyClosure, SupportRules
from routing.rulings import (
    EMERGENCY_CLOSED,
    Ruling,
    announcements,
    clock_ruling,
    severity_of,
    ticket_ruling,
)
from routing.switches import NumberRule, SettingRefused, Switches, ZoneSource
from routing.tickets import Found, Unavailable

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

HORIZON = timedelta(days=35)


def decide(case: Case, holidays: Holidays = NO_HOLIDAYS) -> Decision:
    """Decide one case by the rules of its line, overridden by those of the ticket's product."""
    ticket = case.desk.ticket if isinstance(case.desk, Found) else None
    rules = case.line.rules_for(ticket.product if ticket else None)
    switches = rules.switches
    severity = severity_of(case.desk, switches)
    hearing = Hearing(
        clock=SupportClock(rules, case.line.region, holidays),
        choices=zone_choices(switches, ticket, case.ani, case.line.region.zone),
        closure=_closure_for(case, rules, severity),
        by_phase=_rulings(case, switches, severity),
    )

    rulings = hearing.rulings_at(case.instant)
    zone, source = hearing.clock_that_counts(rulings)
    ruling = rulings[zone]
    local = local_time(case.instant, zone)
    next_change, opens_at = hearing.outlook(case.instant, rulings)
    words = words_about(case.desk, rules, severity, local)
    return Decision(
        outcome=ruling.outcome,
        rule=ruling.rule,
        reason=sentence(ruling.why, local, zone, source, words),
        zone=zone,
        zone_source=source,
        local_time=local,
        next_change=next_change,
        opens_at=opens_at,
        queue_class=ruling.queue_class,
        announcements=announcements(case.desk, ruling, switches),
        severity=severity,
        verified=not isinstance(case.desk, Unavailable),
        switches=switches.as_settings(),
    )


def _closure_for(case: Case, rules: SupportRules, severity: int | None) -> EmergencyClosure | None:
    closure = rules.closure
    if closure is not None and closure.holds_for(case.line.region.name, severity):
        return closure
    return None


def _rulings(case: Case, switches: Switches, severity: int | None) -> dict[Phase, Ruling]:
    refusal = ticket_ruling(case.desk, switches)
    if refusal is not None:
        return dict.fromkeys(Phase, refusal)
    return {phase: clock_ruling(phase, severity, switches) for phase in Phase}


@dataclass(frozen=True)
class Hearing:
    """A case with all that does not depend on the instant settled, so that it can be asked what
    it would get now and at any later instant."""

    clock: SupportClock
    choices: tuple[ZoneChoice, ...]
    closure: EmergencyClosure | None
    by_phase: Mapping[Phase, Ruling]

    @property
    def zones(self) -> list[str]:
        return sorted({zone for choice in self.choices for zone in choice.zones})

    def rulings_at(self, instant: datetime) -> dict[str, Ruling]:
        """The ruling on the clocks of every zone that may count."""
        return self._rulings_in(self.zones, instant)

    def clock_that_counts(self, rulings: Mapping[str, Ruling]) -> tuple[str, ZoneSource]:
        """The zone (A1): the first source whose zones all give the same outcome."""
        *doubtful, certain = self.choices
        for choice in doubtful:
            if len({rulings[zone].outcome for zone in choice.zones}) == 1:
                return choice.zones[0], choice.source
        return certain.zones[0], certain.source

    def outlook(
        self, instant: datetime, rulings: Mapping[str, Ruling]
    ) -> tuple[datetime | None, datetime | None]:
        """When the outcome differs next from that of the rulings, and when it is `connect` next."""
        outcome = self._outcome(rulings)
        timeline = self._timeline(instant, rulings)
        change = next(((at, later) for at, later in timeline if later is not outcome), None)
        if change is None:
            return None, None
        next_change, changed_to = change
        if outcome is Outcome.CONNECT:
            return next_change, None
        if changed_to is Outcome.CONNECT:
            return next_change, next_change
        return next_change, next((at for at, later in timeline if later is Outcome.CONNECT), None)

    def _timeline(
        self, instant: datetime, rulings: Mapping[str, Ruling]
    ) -> Iterator[tuple[datetime, Outcome]]:
        """The outcome at every later instant at which it can differ, as far as the horizon."""
        current = dict(rulings)
        for edge, zones in self._edges(instant):
            if edge > instant + HORIZON:
                return
            current |= self._rulings_in(zones, edge)
            yield edge, self._outcome(current)

    def _rulings_in(self, zones: Iterable[str], instant: datetime) -> dict[str, Ruling]:
        if self.closure is not None and self.closure.is_in_force(instant):
            return dict.fromkeys(zones, EMERGENCY_CLOSED)
        return {zone: self.by_phase[self.clock.phase(instant, zone)] for zone in zones}

    def _outcome(self, rulings: Mapping[str, Ruling]) -> Outcome:
        zone, _ = self.clock_that_counts(rulings)
        return rulings[zone].outcome

    def _edges(self, instant: datetime) -> Iterator[tuple[datetime, Sequence[str]]]:
        """Nothing can change while a closure is in force, nor where every phase is the same."""
        if self.closure is not None and self.closure.is_in_force(instant):
            if self.closure.expires_at is None:
                return
            instant = self.closure.expires_at.astimezone(UTC)
            yield instant, self.zones
        if len({ruling.outcome for ruling in self.by_phase.values()}) > 1:
            yield from self.clock.edges(self.zones, instant)
