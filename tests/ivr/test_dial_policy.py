"""The dial policy: which numbers are ever rung, read as people give them, and how often."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.dial_policy import DialPolicy, diallable, policy_for, policy_of
from ivr.dialling import Dialler
from ivr.errors import NotDialled
from ivr.publishing import publish
from ivr.store.engine import writing
from ivr.telephony import NumberRefused, PhoneCall, Telephony, TooManyCalls
from routing.tickets import Ticket, TicketStatus
from tests.calling_back import asks_to_be_called_back
from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest

OURS = "+35315262938"
POLICY = policy_for(["US", "CA", "IE", "NL", "GB", "NZ"], [OURS])

ALLOWED = [
    ("+14155550100", "a number of California"),
    ("+353861234567", "an Irish mobile"),
    ("+31612345678", "a Dutch mobile"),
    ("+6421123456", "a mobile of New Zealand"),
    ("+442079460018", "a London number"),
    ("+445600123456", "a British number over the internet"),
]
REFUSED = [
    ("+19005550100", "premium of North America"),
    ("+18095550100", "the Dominican Republic, which looks like home"),
    ("+12425550100", "the Bahamas"),
    ("+448700422360", "a shared-cost number"),
    ("+447012345678", "a personal number, dear as a premium one"),
    ("+447640123456", "a pager"),
    ("+449012345678", "premium of the United Kingdom"),
    ("+353152012345678", "too long"),
    ("+3539012", "too short"),
    ("+8816123456789", "satellite"),
    ("+882161234567", "an international network"),
    ("+979123456789", "international premium"),
    ("+491701234567", "a country that is not on the list"),
    (OURS, "our own: a circle"),
    ("911", "emergency"),
    ("+1911", "emergency"),
    ("112", "emergency"),
    ("+353112", "emergency"),
    ("+44999", "emergency"),
    ("14155550100", "no plus"),
    ("+1 415 555 0100", "spaces"),
    ("+1415555０１００", "figures of another script"),
    ("+14155550100\n", "a line end"),
    ("+14155550100;ext=9", "an extension"),
    ("sip:pat@example.com", "no number"),
    ("", "nothing"),
]


@pytest.mark.parametrize("number", [number for number, _ in ALLOWED], ids=[w for _, w in ALLOWED])
def test_these_are_rung(number: str) -> None:
    POLICY.check(number)


@pytest.mark.parametrize("number", [number for number, _ in REFUSED], ids=[w for _, w in REFUSED])
def test_these_are_never_rung(number: str) -> None:
    with pytest.raises(NotDialled):
        POLICY.check(number)


@pytest.mark.parametrize(
    ("number", "kind"),
    [("+353861234567", "mobile"), ("+35316778899", "fixed_line"), ("+445600123456", "voip")],
)
def test_a_kind_of_number_is_rung_only_where_it_is_named(number: str, kind: str) -> None:
    replace(POLICY, line_types=frozenset([kind])).check(number)

    others = frozenset(["fixed_line", "mobile", "voip"]) - {kind}
    with pytest.raises(NotDialled, match="never dialled"):
        replace(POLICY, line_types=others).check(number)


@pytest.mark.parametrize(
    ("given", "country", "number"),
    [
        ("2125550188", "US", "+12125550188"),
        ("12125550188", "US", "+12125550188"),
        ("+12125550188", "IE", "+12125550188"),
        ("0861234567", "IE", "+353861234567"),
        ("00353861234567", "NL", "+353861234567"),
        ("011353861234567", "US", "+353861234567"),
        ("353861234567", "US", "+353861234567"),
        ("0612345678", "NL", "+31612345678"),
        ("9005550188", "US", None),
        ("911", "US", None),
        ("anonymous", "US", None),
        ("+266696687", "US", None),
        ("", "US", None),
        ("0" * 32, "NL", None),
        ("*#", "NL", None),
    ],
)
def test_a_number_is_read_as_people_of_that_country_dial(
    given: str, country: str, number: str | None
) -> None:
    assert diallable(given, country, POLICY) == number


def a_call(number: str) -> PhoneCall:
    return PhoneCall(number, "+14156945700", "", "", "", 20)


class Exchange:
    """A carrier that places every call it is asked for."""

    def __init__(self) -> None:
        self.placed: list[str] = []

    def place_call(self, phone_call: PhoneCall) -> str:
        self.placed.append(phone_call.to)
        return f"CA{len(self.placed)}"


def a_dialler(
    line: LineUnderTest, exchange: Exchange, policy: DialPolicy, now: datetime
) -> Dialler:
    carrier = cast("Telephony", exchange)
    return Dialler(line.engine, carrier, line.services.links, policy, 20, lambda: now)


@pytest.mark.parametrize("number", [OURS, "+19005550100", "911", "+4930123456"])
def test_what_the_policy_refuses_is_never_placed_and_costs_no_call_of_the_cap(
    line: LineUnderTest, number: str
) -> None:
    exchange, policy = Exchange(), replace(POLICY, calls_per_hour=1)
    dialler = a_dialler(line, exchange, policy, line.exchange.clock())

    with pytest.raises(NumberRefused):
        dialler.dial(a_call(number))

    dialler.dial(a_call("+12125550101"))
    assert exchange.placed == ["+12125550101"]


def test_no_more_calls_are_placed_in_an_hour_than_are_allowed(line: LineUnderTest) -> None:
    policy = replace(POLICY, calls_per_hour=3, calls_per_number_per_hour=2)
    now, exchange = line.exchange.clock(), Exchange()

    def dials(number: str, minutes: int) -> str:
        at = now + timedelta(minutes=minutes)
        return a_dialler(line, exchange, policy, at).dial(a_call(number))

    dials("+12125550101", 0)
    dials("+12125550101", 1)
    with pytest.raises(TooManyCalls, match="…0101 is called no more than 2 times in an hour"):
        dials("+12125550101", 2)
    dials("+12125550102", 3)
    with pytest.raises(TooManyCalls, match="No more than 3 calls are placed in an hour"):
        dials("+12125550103", 4)
    dials("+12125550103", 61)
    assert len(exchange.placed) == 4


def with_a_cap_of(line: LineUnderTest, calls: int) -> None:
    files = dict(read_directory(PROJECT_DIRECTORY))
    capped = files["line.yaml"].replace("calls_per_hour: 1000", f"calls_per_hour: {calls}")
    files["line.yaml"] = capped.replace("longest_wait_seconds: 600", "longest_wait_seconds: 240")
    with writing(line.engine) as connection:
        publish(connection, files, "few calls", "tests", line.exchange.clock())


def test_over_the_cap_nobody_is_rung_and_the_caller_comes_to_voicemail(
    line: LineUnderTest,
) -> None:
    with_a_cap_of(line, 1)
    ann = line.technician("ann", "+12125550101").is_busy()
    tom = line.technician("tom", "+12125550102")
    queue_a_caller(line)

    line.caller().hears("after the tone", within=300)

    assert (rings(line, ann.number), rings(line, tom.number)) == (0, 0)
    assert "No more than 1 calls" in line.alarms()["dial policy"]
    assert line.technician_states()["tom@example.com"] == "available"


def test_over_the_cap_a_callback_waits_and_no_attempt_is_counted(line: LineUnderTest) -> None:
    line.desk.put(Ticket("100300", TicketStatus.OPEN, 3, requester_zone="America/New_York"))
    asks_to_be_called_back(line, line.caller())
    with_a_cap_of(line, 1)
    ann = line.technician("ann", "+12125550101")
    ann.rings().answer().hears("press 1 to").press("1")

    ann.hears("did not answer").is_left()
    line.exchange.run_for(2)

    assert not line.caller().ringing
    assert [(each.state, each.attempts) for each in line.callbacks()] == [("waiting", 0)]
    assert line.violations() == []


def test_the_first_edition_dials_what_it_says(line: LineUnderTest) -> None:
    policy = policy_of(line.configuration)

    assert isinstance(policy, DialPolicy)
    assert policy.line_types == {"fixed_line", "mobile", "voip"}
    assert (policy.calls_per_hour, policy.calls_per_number_per_hour) == (1000, 120)
