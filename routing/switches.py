"""Switches: every question the support guide leaves open, with the reading in force."""

from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar


class ZoneSource(StrEnum):
    """Where the zone of a decision may come from."""

    REQUESTER = "requester"
    ORGANISATION = "organisation"
    CALLER_NUMBER = "caller_number"
    DIALED_NUMBER = "dialed_number"


class NumberRule(StrEnum):
    """When the zones of the caller's number may be used."""

    ALL_AGREE = "all_agree"
    SINGLE_ZONE = "single_zone"
    OFF = "off"


class Precedence(StrEnum):
    """Which wins where local hours and the weekend window overlap."""

    LOCAL_HOURS = "local_hours"
    WEEKEND_WINDOW = "weekend_window"


class BesideWindow(StrEnum):
    """What a local weekend is called before the weekend window opens or after it ends."""

    CLOSED = "closed"
    WEEKEND_SEV1_ONLY = "weekend_sev1_only"


class Sev1OffHours(StrEnum):
    """What a Severity 1 caller gets outside support hours and outside the weekend window."""

    CONNECT = "connect"
    CALLBACK = "callback"
    CLOSED = "closed"


class Sev1Weekend(StrEnum):
    """What a Severity 1 caller gets in the weekend window."""

    CONNECT_THEN_CALLBACK = "connect_then_callback"
    CONNECT = "connect"
    CALLBACK = "callback"


class WindowEnd(StrEnum):
    """Whether the second at which hours or the window end still belongs to them."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"


class DecideAt(StrEnum):
    """Which instant a case is decided with; whoever builds the case follows it."""

    CALL_ARRIVAL = "call_arrival"
    TICKET_VALIDATED = "ticket_validated"


class HolidayRule(StrEnum):
    """Whose public holidays close support hours."""

    OFF = "off"
    CALLER_COUNTRY = "caller_country"
    REGION = "region"


class Admission(StrEnum):
    """Whether a ticket in some state may still be talked about."""

    CONNECT = "connect"
    REFUSE = "refuse"


class MissingSeverity(StrEnum):
    """The severity of a ticket that has none."""

    FOUR = "4"
    ONE = "1"


class EntitlementRule(StrEnum):
    """What happens when the desk plainly says that entitlement has lapsed."""

    ENFORCE = "enforce"
    REPORT = "report"
    OFF = "off"


class DeskDown(StrEnum):
    """Where a caller goes whose ticket could not be asked for."""

    TRIAGE = "triage"
    VOICEMAIL = "voicemail"


class SettingRefused(ValueError):
    """A policy setting with an unknown key or value; its text is a sentence for the admin."""


ZoneOrder = tuple[ZoneSource, ...]
Word = TypeVar("Word", bound=StrEnum)


def _switch(ambiguity: str, key: str, default: Any) -> Any:
    return field(default=default, metadata={"ambiguity": ambiguity, "key": key})


@dataclass(frozen=True)
class Switches:
    """One field per switch; the defaults are the first edition's.

    Each field carries its id in rules.md (`ambiguity`) and its spelling in settings (`key`).
    """

    caller_zone_order: ZoneOrder = _switch("A1", "caller_zone.order", tuple(ZoneSource))
    caller_zone_number_rule: NumberRule = _switch(
        "A1", "caller_zone.number_rule", NumberRule.ALL_AGREE
    )
    precedence: Precedence = _switch("A2", "precedence", Precedence.LOCAL_HOURS)
    after_weekend_window: BesideWindow = _switch("A3", "after_weekend_window", BesideWindow.CLOSED)
    sev1_off_hours: Sev1OffHours = _switch("A4", "sev1_off_hours", Sev1OffHours.CONNECT)
    sev1_weekend: Sev1Weekend = _switch("A5", "sev1_weekend", Sev1Weekend.CONNECT_THEN_CALLBACK)
    before_weekend_window: BesideWindow = _switch(
        "A6", "before_weekend_window", BesideWindow.CLOSED
    )
    window_end: WindowEnd = _switch("A7", "window_end", WindowEnd.EXCLUSIVE)
    decide_at: DecideAt = _switch("A7", "decide_at", DecideAt.CALL_ARRIVAL)
    holidays: HolidayRule = _switch("A9", "holidays", HolidayRule.OFF)
    on_hold: Admission = _switch("A10", "on_hold", Admission.CONNECT)
    solved: Admission = _switch("A11", "solved", Admission.CONNECT)
    closed: Admission = _switch("A11", "closed", Admission.REFUSE)
    missing_severity: MissingSeverity = _switch("A12", "missing_severity", MissingSeverity.FOUR)
    entitlement: EntitlementRule = _switch("A14", "entitlement", EntitlementRule.ENFORCE)
    desk_down_in_hours: DeskDown = _switch("A20", "desk_down.in_hours", DeskDown.TRIAGE)
    desk_down_off_hours: DeskDown = _switch("A20", "desk_down.off_hours", DeskDown.VOICEMAIL)

    def with_setting(self, key: str, value: str) -> "Switches":
        """The same switches with one flipped, e.g. ("caller_zone.order", "dialed_number").

        A "policy." before the key is allowed. Raises SettingRefused with a sentence.
        """
        spelled = key.removeprefix("policy.")
        name = _FIELD_OF_KEY.get(spelled)
        if name is None:
            raise SettingRefused(_unknown_key(key, spelled))
        reading: Any = _read(getattr(self, name), spelled, value)
        return replace(self, **{name: reading})

    def as_settings(self) -> dict[str, str]:
        """Every switch by its key, in words; the inverse of `with_setting`."""
        settings = {key: str(getattr(self, name)) for key, name in _FIELD_OF_KEY.items()}
        settings["caller_zone.order"] = ",".join(self.caller_zone_order)
        return settings


_FIELD_OF_KEY = {each.metadata["key"]: each.name for each in fields(Switches)}


def _unknown_key(key: str, spelled: str) -> str:
    near = get_close_matches(spelled, _FIELD_OF_KEY, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(_FIELD_OF_KEY)}."
    return f"There is no policy switch {key!r}; {hint}"


def _read(present: StrEnum | ZoneOrder, key: str, value: str) -> StrEnum | ZoneOrder:
    """`value` as the same kind of thing as `present`."""
    if isinstance(present, StrEnum):
        return _one_of(type(present), key, value.strip())
    order = tuple(_one_of(ZoneSource, key, part.strip()) for part in value.split(","))
    if len(set(order)) < len(order):
        raise SettingRefused(f"{value!r} names a source twice in {key}.")
    return order


def _one_of(kind: type[Word], key: str, value: str) -> Word:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(kind)
        raise SettingRefused(f"{value!r} is no value of {key}; allowed: {allowed}.") from None
