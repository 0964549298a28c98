"""The configuration as values: what one revision promises, ready to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from callflows.interpreter import FlowLimits
from callflows.model import Flow
from callflows.prompts import Prompts
from ivr.configuration.holidays import PublicHolidays
from routing.calendars import WeeklyHours
from routing.matching import MatchingRules
from routing.queues import QueuePlan
from routing.regions import Line, Region
from routing.rotas import Rota

# After the ringing, the whisper is heard and a key pressed; then an offer has run out.
WHISPER_SECONDS = 25

# Names ("line.yaml", "callflows/flows/support.yaml") and texts, comments and all.
Files = Mapping[str, str]


@dataclass(frozen=True)
class Timers:
    ring_seconds: int
    longest_wait_seconds: int
    wrap_up_seconds: int
    grace_seconds: int
    offer_pause_seconds: int
    hold_chunk_seconds: int
    technician_hours: int
    presence_seconds: int


@dataclass(frozen=True)
class Throttle:
    """Wrong ticket numbers after which a caller's number is not asked any more (A19)."""

    wrong_numbers: int
    within_minutes: int
    withheld_wrong_numbers: int


@dataclass(frozen=True)
class VoicemailSettings:
    max_seconds: int
    min_seconds: int
    without_ticket: bool


@dataclass(frozen=True)
class DialLimits:
    """What kinds of numbers are dialled, and how often: in all, and each."""

    line_types: frozenset[str]
    calls_per_hour: int
    calls_per_number_per_hour: int


@dataclass(frozen=True)
class CallbackSettings:
    """How customers are called back; `calling_hours` are on their own clock, None is any time."""

    attempts: int
    retry_minutes: int
    ring_seconds: int
    expires_hours: int
    calling_hours: WeeklyHours | None


@dataclass(frozen=True)
class ConversationRecording:
    """Whose conversations are recorded, and for how many days a recording is kept."""

    queues: frozenset[str]
    regions: frozenset[str]
    keep_days: int

    def covers(self, queue: str, region: str) -> bool:
        return queue in self.queues or region in self.regions


@dataclass(frozen=True)
class Transfer:
    """Where technicians may send a caller (A16); `regions` are names, none means all."""

    name: str
    label: str
    number: str
    regions: frozenset[str]


@dataclass(frozen=True)
class Distribution:
    """Who distributes calls: `builtin`, or `taskrouter` in the carrier's workspace of that name."""

    distributor: str
    workspace: str


@dataclass(frozen=True)
class Configuration:
    """One revision. `files` are its texts as the admin wrote them, `digest` their SHA-256.

    `technician_line` is the number technicians call to change their state (E.164), if there is one;
    a break may be given one of `break_reasons` there, by its key from 1.
    `default_line` serves numbers nobody configured. `help_desks` has each region's help-desk
    address as it is written; Region has it as spoken.
    """

    files: Files
    digest: str
    lines: Mapping[str, Line]
    default_line: Line
    regions: Mapping[str, Region]
    products: Mapping[str, str]
    plan: QueuePlan
    matching: MatchingRules
    flow: Flow
    prompts: Prompts
    flow_limits: FlowLimits
    timers: Timers
    throttle: Throttle
    voicemail: VoicemailSettings
    conversation_recording: ConversationRecording
    transfers: tuple[Transfer, ...]
    voices: Mapping[str, str]
    help_desks: Mapping[str, str]
    holidays: PublicHolidays
    dial_countries: tuple[str, ...]
    dial_limits: DialLimits
    callbacks: CallbackSettings
    mail_sender: str
    technician_line: str | None
    break_reasons: tuple[str, ...]
    max_tickets_per_call: int
    distribution: Distribution
    on_call: Mapping[str, Rota]

    def longest_wait_seconds(self, queue: str) -> int:
        """How long a caller may wait in a queue: as long as it says itself, or as anywhere."""
        own = (each.longest_wait_seconds for each in self.plan.queues if each.name == queue)
        return next(own, None) or self.timers.longest_wait_seconds

    def line_for(self, dnis: str) -> Line:
        """The line of a dialled number; for one nobody configured, `default_line`."""
        return self.lines.get(dnis, self.default_line)
