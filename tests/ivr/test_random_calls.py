"""Thousands of random calls, with faults on: whatever anybody does, all that must hold holds."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.acd.technicians import ask_for_state
from ivr.carrier.phones import Phone
from ivr.store.engine import reading, writing
from ivr.store.technicians import TechnicianState
from routing.tickets import Entitlement, Ticket, TicketStatus
from tests.ivr.test_state_log import not_as_logged
from tests.line import LineUnderTest

CALLS = 3000
SOAK_CALLS = 30_000
AT_ONCE = 50
TECHNICIANS = 12
# With so few on shift, people on call are rung too.
FEW_TECHNICIANS = 1
ZONES = ("America/New_York", "Europe/Amsterdam", "Pacific/Auckland", "Asia/Kolkata", None)
WORDS = ("The server is down again.", "Please call me back.", "Hello?")


class RandomLine:
    """A line whose callers and technicians do whatever comes to mind, by one seed."""

    def __init__(
        self, engine: Engine, folder: Path, seed: int, distributor: str = "builtin"
    ) -> None:
        self.chance = random.Random(seed)
        starts_at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=self.chance.randrange(168))
        self.line = LineUnderTest(engine, folder, starts_at, 2.0, distributor)
        self.tickets = [self._ticket(number) for number in range(100100, 100160)]
        for ticket in self.tickets:
            self.line.desk.put(ticket)
        self.technicians = [
            self.line.technician(f"t{number}", f"+121255501{number:02}")
            for number in range(FEW_TECHNICIANS if seed % 3 == 1 else TECHNICIANS)
        ]
        # Rung although they are offline: those on call for Severity 1, all but one.
        self.technicians += [
            self.line.off_shift(name, f"+121255502{number:02}")
            for number, name in enumerate(("sam.whitfield", "pieter.dewit", "ngaire.scott"))
        ]
        faults = self.line.exchange.faults
        faults.duplicate(lambda _: True, copies=1, chance=0.05)
        faults.reorder("status", within=3, chance=0.3)
        faults.drop("status", chance=0.02)
        for fault in ("429", "500", "lost"):
            faults.rest(fault, path="/", times=None, chance=0.01)

    def calls(self, count: int) -> None:
        """So many calls at once, until all of them are over."""
        exchange, start = self.line.exchange, len(self.line.calls())
        self._technicians_come_back()
        self.line.desk.down = self.chance.random() < 0.05
        callers = [exchange.phone(f"+1212555{2000 + number}") for number in range(count)]
        for caller in callers:
            caller.dial(self.chance.choice(list(self.line.configuration.lines)))
        for _ in range(24):
            exchange.run_for(self.chance.uniform(1, 12))
            for phone in (*callers, *self.technicians):
                self._whatever(phone, is_caller=phone in callers)
        for caller in callers:
            caller.hang_up()
        exchange.run_for(100)
        assert len(self.line.calls()) >= start + count

    def _technicians_come_back(self) -> None:
        """Most of those who were put away for a missed call notice it."""
        now, state = self.line.exchange.clock(), TechnicianState.AVAILABLE
        until = now + timedelta(hours=12)
        away = [email for email, was in self.line.technician_states().items() if was == "on_break"]
        with writing(self.line.engine) as connection:
            for email in away:
                if self.chance.random() < 0.8:
                    ask_for_state(connection, email, state, now=now, until=until)

    def _whatever(self, phone: Phone, is_caller: bool) -> None:
        if phone.ringing:
            self.chance.choice([phone.answer, phone.answer, phone.reject, phone.does_not_answer])()
        elif phone.on_a_call and not is_caller:
            phone.press(self.chance.choice(["1", "1", "1", "2", "5"]))
            if self.chance.random() < 0.1:
                phone.hang_up()
        elif phone.on_a_call:
            self._caller_does_something(phone)

    def _caller_does_something(self, caller: Phone) -> None:
        ticket = self.chance.choice(self.tickets).number
        match self.chance.randrange(12):
            case 0 | 1 | 2 | 3:
                caller.press(f"4w{ticket}#")
            case 4:
                caller.press("#")
            case 5:
                caller.press(self.chance.choice(["3", "1", "*", "999999#", "12#", "0"]))
            case 6:
                caller.speak(self.chance.choice(WORDS))
            case 7 if self.chance.random() < 0.4:
                caller.hang_up()
            case _:
                pass

    def _ticket(self, number: int) -> Ticket:
        return Ticket(
            str(number),
            self.chance.choice([*[TicketStatus.OPEN] * 6, *TicketStatus]),
            self.chance.choice([1, 1, 2, 3, 4, None]),
            self.chance.choice(["vsa", "traverse", "emm", None]),
            organisation=self.chance.choice(["Harbor", "</Say><Dial>+19005550100</Dial>", None]),
            requester_zone=self.chance.choice(ZONES),
            entitlement=self.chance.choice([*[Entitlement.ACTIVE] * 4, *Entitlement]),
        )


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_must_hold_is_broken_by_random_calls(
    sqlite_engine: Engine, tmp_path: Path, request: pytest.FixtureRequest, seed: int
) -> None:
    wanted = (SOAK_CALLS if request.config.getoption("--soak") else CALLS) // 6
    random_line = RandomLine(sqlite_engine, tmp_path / "instance", seed)
    line = random_line.line

    for _ in range(wanted // AT_ONCE):
        random_line.calls(AT_ONCE)
    line.exchange.run_for(3600)

    assert line.violations() == []
    with reading(line.engine) as connection:
        assert not_as_logged(connection) == []
    assert all(call.disposition is not None for call in line.calls())
    assert len(line.exchange.ledger.of("app_error_played")) == 0
    states = set(line.technician_states().values())
    assert states <= {"available", "on_break", "offline"}
