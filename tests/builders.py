"""Values for tests, with good defaults, so that a test states only what matters to it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytz

from routing.calendars import WeeklyHours, WeeklyWindow
from routing.matching import IdleTechnician, Skills, WaitingCall
from routing.policy import Case, EmergencyClosure, SupportRules, Switches
from routing.regions import Entry, Line, Region
from routing.tickets import DeskAnswer, Entitlement, Found, Ticket, TicketStatus

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

BUSINESS_HOURS = WeeklyHours(frozenset(range(MONDAY, SATURDAY)), time(7), time(19))
WEEKEND_WINDOW = WeeklyWindow(FRIDAY, time(19), SUNDAY, time(16), "America/New_York")

TOLL_FREE = "+18779260001"
SAN_FRANCISCO = "+14156945700"
DUBLIN = "+35315262938"
AMSTERDAM = "+31203010888"
LONDON = "+448700422360"
AUCKLAND = "+6499144449"

# region, zone, country and entry of each
_NUMBERS = {
    TOLL_FREE: ("north-america", "America/New_York", "US", Entry.MENU),
    SAN_FRANCISCO: ("north-america", "America/New_York", "US", Entry.MENU),
    DUBLIN: ("ireland", "Europe/Dublin", "IE", Entry.DIRECT),
    AMSTERDAM: ("netherlands", "Europe/Amsterdam", "NL", Entry.DIRECT),
    LONDON: ("united-kingdom", "Europe/London", "GB", Entry.DIRECT),
    AUCKLAND: ("new-zealand", "Pacific/Auckland", "NZ", Entry.DIRECT),
}
NUMBERS = tuple(_NUMBERS)


def at(wall_clock: str) -> datetime:
    """The instant, in UTC, of e.g. "Fri 2026-03-06 16:59 Australia/Sydney". Seconds may follow
    the minutes. The weekday must be right, and the clock must show that time exactly once."""
    weekday, day, clock, zone = wall_clock.split()
    wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    if wall.strftime("%a") != weekday:
        raise ValueError(f"{day} is a {wall:%A}, not {weekday}.")
    return pytz.timezone(zone).localize(wall, is_dst=None).astimezone(UTC)


def a_region(number: str = TOLL_FREE) -> Region:
    """The region of one of the six numbers."""
    name, zone, country, _ = _NUMBERS[number]
    return Region(
        name=name,
        zone=zone,
        language="en",
        voice="Polly.Joanna",
        help_desk="help desk dot example dot com",
        country=country,
    )


def some_rules(
    settings: Mapping[str, str] | None = None,
    *,
    hours: WeeklyHours = BUSINESS_HOURS,
    weekend: WeeklyWindow = WEEKEND_WINDOW,
    closure: EmergencyClosure | None = None,
    closed_days: Mapping[str, frozenset[date]] | None = None,
) -> SupportRules:
    """The first edition's rules, but for the settings given by their keys."""
    switches = Switches()
    for key, value in (settings or {}).items():
        switches = switches.with_setting(key, value)
    return SupportRules(switches, hours, weekend, closure, closed_days or {})


def a_line(
    number: str = TOLL_FREE,
    rules: SupportRules | None = None,
    product_rules: Mapping[str, SupportRules] | None = None,
    other_options: Mapping[str, str] | None = None,
) -> Line:
    """One of the six numbers, with the first edition's rules unless others are given."""
    return Line(
        number=number,
        region=a_region(number),
        entry=_NUMBERS[number][3],
        rules=rules or some_rules(),
        product_rules=product_rules or {},
        other_options=other_options or {},
        languages=("en",),
    )


def a_ticket(
    severity: int | None = 3,
    status: str = "open",
    *,
    zone: str | None = None,
    organisation_zone: str | None = None,
    product: str | None = "vsa",
    entitlement: str = "active",
) -> Ticket:
    """Ticket 100200; `zone` is its requester's."""
    return Ticket(
        number="100200",
        status=TicketStatus(status),
        severity=severity,
        product=product,
        organisation="Example Ltd",
        requester="Robin Example",
        requester_phone="+12025550123",
        requester_zone=zone,
        organisation_zone=organisation_zone,
        language="en",
        entitlement=Entitlement(entitlement),
        subject="The server is down",
    )


def a_case(
    instant: datetime,
    desk: DeskAnswer | Ticket | None = None,
    *,
    line: Line | None = None,
    ani: str | None = None,
) -> Case:
    """A caller with a ticket (Severity 3 unless given), or with any other answer of the desk."""
    answer = desk if desk is not None else a_ticket()
    return Case(
        instant=instant,
        line=line or a_line(),
        desk=Found(answer) if isinstance(answer, Ticket) else answer,
        ani=ani,
    )


def a_closure(
    *,
    expires_at: datetime | None = None,
    regions: frozenset[str] = frozenset(),
    exempts_severity_1: bool = True,
) -> EmergencyClosure:
    return EmergencyClosure(
        message="Our office has no power.",
        reason="power cut",
        author="sam",
        expires_at=expires_at,
        regions=regions,
        exempts_severity_1=exempts_severity_1,
    )


# When matching happens in the tests.
NOW = datetime(2026, 2, 11, 12, 0, tzinfo=UTC)


def waiting(
    call_id: str,
    waited: int = 0,
    severity: int = 3,
    *,
    needs: Skills | None = None,
    not_before: datetime | None = None,
) -> WaitingCall:
    """A call that has waited so many seconds at NOW, and needs nothing in particular."""
    return WaitingCall(
        call_id=call_id,
        queue="support",
        severity=severity,
        since=NOW - timedelta(seconds=waited),
        needs=needs or Skills(),
        not_before=not_before,
    )


def a_technician(
    technician_id: str,
    idle: int = 0,
    level: int = 1,
    *,
    products: str = "",
    regions: str = "",
    languages: str = "",
) -> IdleTechnician:
    """A technician idle for so many seconds at NOW; skills are words, and none means any."""
    return IdleTechnician(
        technician_id=technician_id,
        idle_since=NOW - timedelta(seconds=idle),
        products=frozenset(products.split()),
        regions=frozenset(regions.split()),
        languages=frozenset(languages.split()),
        level=level,
    )
