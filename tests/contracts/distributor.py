"""What every distributor promises, told on whole lines. A new one gets a class in
test_distributors.py with a `distributor` fixture."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.carrier.phones import Phone
from ivr.configuration.directory import LINE_FILE
from ivr.publishing import publish
from ivr.store.engine import writing
from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

WEDNESDAY_NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # 12:00 in New York
NORTH_AMERICA = "+18779260001"
RING_SECONDS = 20
LONGEST_WAIT_SECONDS = 600

URGENT, ORDINARY, TRAVERSE = "100100", "100300", "100310"


def a_ticket(number: str, severity: int, product: str) -> Ticket:
    return Ticket(number, TicketStatus.OPEN, severity, product, requester_zone="America/New_York")


def waits(line: LineUnderTest, ticket: str, number: str = "+12125550177") -> Phone:
    """A caller who has come through to the queue."""
    caller = line.exchange.phone(number, f"caller {number}").dial(NORTH_AMERICA)
    caller.hears("press 4").press("4").hears("ticket number").press(f"{ticket}#")
    caller.hears("connect you")
    return caller


def accepts(phone: Phone, within: float = 30) -> None:
    phone.rings(within=within).answer().hears("press 1 to accept").press("1")


def rings_of(line: LineUnderTest, phone: Phone) -> int:
    return len([e for e in line.exchange.ledger.of("ringing") if e["phone"] == phone.number])


def changed(line: LineUnderTest, old: str, new: str) -> None:
    """The line's configuration with one setting changed, and published."""
    files = dict(line.configuration.files)
    assert files[LINE_FILE].count(old) == 1
    files[LINE_FILE] = files[LINE_FILE].replace(old, new)
    with writing(line.engine) as connection:
        publish(connection, files, "changed", "tests", line.exchange.clock())


class DistributorContract:
    """The tests. Each ends with a line on which every invariant holds."""

    @pytest.fixture
    def line(self, engine: Engine, tmp_path: Path, distributor: str) -> LineUnderTest:
        line = LineUnderTest(engine, tmp_path / "i", WEDNESDAY_NOON, distributor=distributor)
        for number, severity, product in (
            (URGENT, 1, "vsa"),
            (ORDINARY, 3, "vsa"),
            (TRAVERSE, 3, "traverse"),
        ):
            line.desk.put(a_ticket(number, severity, product))
        line.set_up_task_router()
        return line

    @pytest.fixture(autouse=True)
    def sound(self, line: LineUnderTest) -> Iterator[None]:
        yield
        assert line.violations() == []

    def test_the_higher_severity_comes_first(self, line: LineUnderTest) -> None:
        first = waits(line, ORDINARY, "+12125550171")
        second = waits(line, URGENT, "+12125550172")
        line.exchange.run_for(20)
        ann = line.technician("ann", "+12125550101")

        accepts(ann)
        line.exchange.run_for(3)

        assert second.is_talking_to(ann)
        assert not first.is_talking_to(ann)

    def test_of_equals_who_came_first_is_served_first(self, line: LineUnderTest) -> None:
        first = waits(line, ORDINARY, "+12125550171")
        line.exchange.run_for(10)
        waits(line, ORDINARY, "+12125550172")
        ann = line.technician("ann", "+12125550101")

        accepts(ann)
        line.exchange.run_for(3)

        assert first.is_talking_to(ann)

    def test_whoever_was_idle_longest_is_rung(self, line: LineUnderTest) -> None:
        ann = line.technician("ann", "+12125550101")
        line.exchange.run_for(60)
        bob = line.technician("bob", "+12125550102")
        line.exchange.run_for(60)

        caller = waits(line, ORDINARY)
        accepts(ann)
        line.exchange.run_for(3)

        assert caller.is_talking_to(ann)
        assert rings_of(line, bob) == 0

    def test_skills_are_insisted_on_and_then_relaxed(self, line: LineUnderTest) -> None:
        bob = line.technician("bob", "+12125550102", products=frozenset({"traverse"}))

        waits(line, ORDINARY)
        line.exchange.run_for(100)
        assert rings_of(line, bob) == 0

        accepts(bob, within=40)
        line.exchange.run_for(3)
        assert line.caller().is_talking_to(bob)

    def test_who_has_the_skill_is_rung_and_nobody_else(self, line: LineUnderTest) -> None:
        ann = line.technician("ann", "+12125550101", products=frozenset({"vsa"}))
        line.exchange.run_for(30)
        bob = line.technician("bob", "+12125550102", products=frozenset({"traverse"}))

        caller = waits(line, TRAVERSE)
        accepts(bob)
        line.exchange.run_for(3)

        assert caller.is_talking_to(bob)
        assert rings_of(line, ann) == 0

    def test_the_region_that_helps_out_first_is_rung_first(self, line: LineUnderTest) -> None:
        far = line.technician("kea", "+12125550101", regions=frozenset({"new-zealand"}))
        line.exchange.run_for(30)
        near = line.technician("aoife", "+12125550102", regions=frozenset({"ireland"}))
        line.exchange.run_for(5)

        caller = waits(line, ORDINARY)
        accepts(near)
        line.exchange.run_for(3)

        assert caller.is_talking_to(near)
        assert rings_of(line, far) == 0

    def test_who_refuses_is_not_rung_again_at_once(self, line: LineUnderTest) -> None:
        ann = line.technician("ann", "+12125550101")
        caller = waits(line, ORDINARY)
        ann.rings().answer().hears("press 1 to accept").press("2")
        line.exchange.run_for(60)
        assert rings_of(line, ann) == 1

        bob = line.technician("bob", "+12125550102")
        accepts(bob)
        line.exchange.run_for(3)

        assert caller.is_talking_to(bob)
        assert rings_of(line, ann) == 1

    def test_who_refused_is_rung_again_later_when_nobody_else_is_there(
        self, line: LineUnderTest
    ) -> None:
        ann = line.technician("ann", "+12125550101")
        caller = waits(line, ORDINARY)
        ann.rings().answer().hears("press 1 to accept").press("2")

        accepts(ann, within=150)
        line.exchange.run_for(3)

        assert caller.is_talking_to(ann)

    def test_a_missed_call_goes_to_the_next(self, line: LineUnderTest) -> None:
        ann = line.technician("ann", "+12125550101").does_not_answer()
        line.exchange.run_for(30)
        bob = line.technician("bob", "+12125550102")

        caller = waits(line, ORDINARY)
        ann.rings()
        accepts(bob, within=45)
        line.exchange.run_for(3)

        assert caller.is_talking_to(bob)
        assert rings_of(line, ann) == 1

    def test_a_caller_who_hangs_up_leaves_a_silent_phone_and_a_free_technician(
        self, line: LineUnderTest
    ) -> None:
        ann = line.technician("ann", "+12125550101")
        caller = waits(line, ORDINARY)
        ann.rings()

        caller.hang_up()
        line.exchange.run_for(5)
        assert not ann.on_a_call
        assert line.technician_states() == {"ann@example.com": "available"}

        other = waits(line, URGENT, "+12125550172")
        accepts(ann)
        line.exchange.run_for(3)
        assert other.is_talking_to(ann)

    def test_two_technicians_and_three_callers_all_talk(self, line: LineUnderTest) -> None:
        technicians = [
            line.technician("ann", "+12125550101").answers_by_itself(),
            line.technician("bob", "+12125550102").answers_by_itself(),
        ]
        callers = [waits(line, ORDINARY, f"+1212555017{n}") for n in range(3)]
        for technician in technicians:
            technician.hears("press 1 to accept").press("1")
        line.exchange.run_for(10)
        assert [c.is_talking_to(t) for c, t in zip(callers, technicians, strict=False)] == [
            True,
            True,
        ]

        callers[0].hang_up()
        technicians[0].hears("press 1 to accept", within=120).press("1")
        line.exchange.run_for(5)

        assert callers[2].is_talking_to(technicians[0])
        assert [rings_of(line, technician) for technician in technicians] == [2, 1]

    def test_nobody_there_ends_in_voicemail_within_the_longest_wait(
        self, line: LineUnderTest
    ) -> None:
        caller = waits(line, ORDINARY)

        caller.hears("after the tone", within=LONGEST_WAIT_SECONDS + 30)
        caller.hears("[beep]").speak("Please call me back.", 4).hang_up()
        line.exchange.run_for(70)

        assert line.the_call().disposition == "voicemail"

    def test_every_request_delivered_twice_is_one_offer(self, line: LineUnderTest) -> None:
        line.exchange.faults.duplicate(lambda _: True, copies=2)
        ann = line.technician("ann", "+12125550101")

        caller = waits(line, ORDINARY)
        accepts(ann)
        line.exchange.run_for(3)

        assert caller.is_talking_to(ann)
        assert rings_of(line, ann) == 1

    @pytest.mark.parametrize("path", ["/Tasks", "/Reservations/", "/Workers/", "/Calls.json"])
    def test_a_lost_answer_of_the_carrier_rings_nobody_twice(
        self, line: LineUnderTest, path: str
    ) -> None:
        ann = line.technician("ann", "+12125550101")
        bob = line.technician("bob", "+12125550102")
        line.exchange.faults.rest("lost", path=path)

        caller = waits(line, ORDINARY)
        ann.rings().answer().hears("press 1 to accept").press("2")
        accepts(bob)
        line.exchange.run_for(30)

        assert caller.is_talking_to(bob)
        assert [rings_of(line, ann), rings_of(line, bob)] == [1, 1]

    def test_after_a_call_the_technician_takes_the_next_one_when_wrapped_up(
        self, line: LineUnderTest
    ) -> None:
        ann = line.technician("ann", "+12125550101")
        first = waits(line, ORDINARY, "+12125550171")
        accepts(ann)
        line.exchange.run_for(3)
        second = waits(line, ORDINARY, "+12125550172")

        first.hang_up()
        line.exchange.run_for(5)
        assert line.technician_states() == {"ann@example.com": "wrap_up"}
        accepts(ann, within=90)
        line.exchange.run_for(3)

        assert second.is_talking_to(ann)

    def test_a_callback_is_offered_and_again_when_the_customer_did_not_answer(
        self, line: LineUnderTest
    ) -> None:
        changed(line, "retry_minutes: 15", "retry_minutes: 1")
        caller = waits(line, ORDINARY)
        caller.hears("To be called back", within=90).press("2")
        caller.hears("to call you back is").press("1").is_left()
        ann = line.technician("ann", "+12125550101")
        ann.rings().answer().hears("press 1 to").press("1")
        ann.hears("customer did not answer", within=90).is_left()
        line.exchange.run_for(30)
        assert rings_of(line, ann) == 1

        ann.rings(within=150).answer().hears("press 1 to").press("1")
        caller.rings().answer().hears("calling you back").press("1")
        line.exchange.run_for(8)

        assert caller.is_talking_to(ann)
