"""The shape of line.yaml. Every key is named here; what the keys mean is in config/README.md.

A message raised by a validator is the end of a sentence that begins with the place. What one part
says about another (a number's region, a queue's overflow) is checked in references.py, and the
policy switches in switches.py, by the switches themselves.
"""

from datetime import time
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ivr.configuration.fields import (
    Clock,
    ClosingClock,
    Country,
    Day,
    Email,
    Language,
    MenuKey,
    Moment,
    Name,
    Number,
    OnlyOnce,
    Seconds,
    SecondsOrNever,
    Severity,
    Spoken,
    Voice,
    Weekday,
    Zone,
    none_or_settings,
)
from ivr.configuration.on_call import RotaPart, StepPart, rising_steps
from ivr.configuration.part import Part
from ivr.configuration.recorded import ConversationRecordingPart, VoicemailPart

# Switches, checked by routing; see switches.py.
Policy = dict[str, Any]
LongestWait = Annotated[int, Field(ge=30, le=14_400)]
LineType = Literal["fixed_line", "mobile", "voip"]


class HelpDeskPart(Part):
    written: Spoken
    spoken: Spoken


class RegionPart(Part):
    zone: Zone
    country: Country
    language: Language
    voice: Voice | None = None
    help_desk: HelpDeskPart
    helped_by: Annotated[list[Name], OnlyOnce] = []


class SupportHoursPart(Part):
    days: Annotated[list[Weekday], Field(min_length=1), OnlyOnce]
    opens: Clock
    closes: ClosingClock

    @model_validator(mode="after")
    def closes_after_opening(self) -> Self:
        if self.closes != time(0, 0) and self.opens >= self.closes:
            raise ValueError(
                "must have closes later than opens, on the same day; change one of them"
            )
        return self


class WeekendPart(Part):
    zone: Zone
    starts: Weekday
    starts_at: Clock
    ends: Weekday
    ends_at: Clock

    @model_validator(mode="after")
    def ends_at_another_moment(self) -> Self:
        if (self.starts, self.starts_at) == (self.ends, self.ends_at):
            raise ValueError("must not start and end at the same moment; change one of them")
        return self


class HoursPart(Part):
    support: SupportHoursPart
    weekend: WeekendPart


class HoursOverridePart(Part):
    support: SupportHoursPart | None = None
    weekend: WeekendPart | None = None


class NumberPart(Part):
    region: Name
    entry: Literal["menu", "direct"]
    support_option: MenuKey = "4"
    other_options: dict[MenuKey, Number] = {}
    languages: Annotated[list[Language], Field(min_length=1), OnlyOnce] | None = None
    policy: Policy = {}
    hours: HoursOverridePart = HoursOverridePart()

    @model_validator(mode="after")
    def keys_lead_to_one_place(self) -> Self:
        if self.support_option in self.other_options:
            raise ValueError(
                f"must not use key {self.support_option} twice: it is the support_option, "
                "so give the other option another key"
            )
        if self.other_options and self.entry == "direct":
            raise ValueError(
                "must have entry: menu for its other_options to be heard; "
                "change entry or remove other_options"
            )
        return self


class QueuePart(Part):
    label: Spoken
    products: Annotated[list[Name], OnlyOnce] = []
    severities: Annotated[list[Severity], OnlyOnce] = []
    queue_classes: Annotated[
        list[Literal["business", "sev1_after_hours", "sev1_weekend", "triage", "escalation"]],
        OnlyOnce,
    ] = []
    overflow: Annotated[list[Name], OnlyOnce] = []
    notify: Annotated[list[Email], Field(min_length=1), OnlyOnce]
    escalation: Annotated[list[StepPart], AfterValidator(rising_steps)] = []
    longest_wait_seconds: LongestWait | None = None
    only_on_call: bool = False


class RelaxPart(Part):
    product: SecondsOrNever
    language: SecondsOrNever
    region: SecondsOrNever
    severity: SecondsOrNever


class MatchingPart(Part):
    minutes_per_severity: Annotated[int, Field(ge=0, le=1_440)]
    relax_after_seconds: RelaxPart
    retry_after_seconds: Seconds


class TimersPart(Part):
    ring_seconds: Annotated[int, Field(ge=5, le=120)]
    longest_wait_seconds: LongestWait
    wrap_up_seconds: Seconds
    offer_pause_seconds: Annotated[int, Field(ge=0, le=300)]
    grace_seconds: Seconds
    hold_chunk_seconds: Annotated[int, Field(ge=5, le=120)]
    hold_menu_seconds: Annotated[int, Field(ge=15, le=3_600)]
    transfer_seconds: Annotated[int, Field(ge=5, le=120)]
    technician_hours: Annotated[int, Field(ge=1, le=168)]
    presence_seconds: Annotated[int, Field(ge=10, le=3_600)] = 60

    @model_validator(mode="after")
    def hold_fits_the_wait(self) -> Self:
        if self.hold_chunk_seconds > self.longest_wait_seconds:
            raise ValueError(
                "must have hold_chunk_seconds no longer than longest_wait_seconds; "
                "callers in the queue are only asked between two chunks"
            )
        return self


class TicketDigitsPart(Part):
    shortest: Annotated[int, Field(ge=1, le=20)]
    longest: Annotated[int, Field(ge=1, le=20)]

    @model_validator(mode="after")
    def longest_is_not_shorter(self) -> Self:
        if self.longest < self.shortest:
            raise ValueError("must have longest no smaller than shortest; swap them")
        return self


class ThrottlePart(Part):
    wrong_numbers: Annotated[int, Field(ge=1, le=1_000)]
    within_minutes: Annotated[int, Field(ge=1, le=1_440)]
    withheld_wrong_numbers: Annotated[int, Field(ge=1, le=100_000)]


class LimitsPart(Part):
    tries: Annotated[int, Field(ge=1, le=10)]
    ticket_digits: TicketDigitsPart
    gather_timeout_seconds: Annotated[int, Field(ge=1, le=60)]
    throttle: ThrottlePart
    max_tickets_per_call: Annotated[int, Field(ge=1, le=20)] = 3


class CalendarPart(Part):
    subdivision: Annotated[str, Field(min_length=1)] | None = None
    not_observed: Annotated[list[Spoken], OnlyOnce] = []
    also: Annotated[list[Day], OnlyOnce] = []


class HolidaysPart(Part):
    other_countries: Literal["national", "none"]
    calendars: dict[Country, CalendarPart]


class EmergencyClosurePart(Part):
    message: Spoken
    reason: Spoken
    author: Spoken
    expires_at: Moment
    regions: Annotated[list[Name], OnlyOnce] = []
    exempts_severity_1: bool = True


class TransferPart(Part):
    label: Spoken
    number: Number
    regions: Annotated[list[Name], OnlyOnce] = []


class DialPolicyPart(Part):
    countries: Annotated[list[Country], Field(min_length=1), OnlyOnce]
    line_types: Annotated[list[LineType], Field(min_length=1), OnlyOnce] = [*get_args(LineType)]
    calls_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 1_000
    calls_per_number_per_hour: Annotated[int, Field(ge=1, le=1_000)] = 120


class QuietHoursPart(Part):
    starts_at: Clock
    ends_at: Clock

    @model_validator(mode="after")
    def pass_midnight(self) -> Self:
        if self.starts_at <= self.ends_at:
            raise ValueError(
                "must have starts_at in the evening, later than ends_at in the morning; "
                "change one of them"
            )
        return self


class CallbacksPart(Part):
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    retry_minutes: Annotated[int, Field(ge=1, le=1_440)] = 15
    ring_seconds: Annotated[int, Field(ge=5, le=120)] = 30
    expires_hours: Annotated[int, Field(ge=1, le=336)] = 72
    quiet_hours: Annotated[QuietHoursPart | None, BeforeValidator(none_or_settings)] = (
        QuietHoursPart.model_validate({"starts_at": "21:00", "ends_at": "08:00"})
    )


class TaskRouterPart(Part):
    workspace: Spoken = "Supportline"


class MailPart(Part):
    sender: Email


class LineFile(Part):
    """line.yaml as a whole."""

    flow: Name
    default_line: Number
    regions: Annotated[dict[Name, RegionPart], Field(min_length=1)]
    voices: Annotated[dict[Language, Voice], Field(min_length=1)]
    numbers: Annotated[dict[Number, NumberPart], Field(min_length=1)]
    hours: HoursPart
    hours_by_product: dict[Name, HoursOverridePart]
    policy: Policy
    policy_by_product: dict[Name, Policy]
    products: dict[Name, Spoken]
    queues: Annotated[dict[Name, QueuePart], Field(min_length=1)]
    fallback_queue: Name
    triage_queue: Name
    matching: MatchingPart
    timers: TimersPart
    limits: LimitsPart
    voicemail: VoicemailPart
    conversation_recording: ConversationRecordingPart = ConversationRecordingPart()
    holidays: HolidaysPart
    closures: dict[str, Annotated[list[Day], OnlyOnce]]
    emergency_closure: Annotated[EmergencyClosurePart | None, BeforeValidator(none_or_settings)]
    transfers: dict[Name, TransferPart]
    dial_policy: DialPolicyPart
    callbacks: CallbacksPart = CallbacksPart()
    mail: MailPart
    technician_line: Annotated[Number | None, BeforeValidator(none_or_settings)] = None
    break_reasons: Annotated[list[Spoken], Field(max_length=9), OnlyOnce] = []
    distributor: Literal["builtin", "taskrouter"] = "builtin"
    taskrouter: TaskRouterPart = TaskRouterPart()
    on_call: dict[Name, RotaPart] = {}
