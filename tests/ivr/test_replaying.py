"""The order of offers, matched again from the journal: the same, or the pass that was not."""

import pytest
from sqlalchemy import update

from ivr.acd.replaying import Pass, replay
from ivr.publishing import live
from ivr.store.engine import reading, writing
from ivr.store.technicians import technician_state_log
from routing.tickets import Ticket, TicketStatus
from tests.ivr.rooming import MENU, call_in_room, take
from tests.line import LineUnderTest

NORTH_AMERICA = "+14156945700"


@pytest.fixture
def two_calls_offered(line: LineUnderTest) -> None:
    """Ann and Bob are free, Ann for longer; a Severity 3 caller is offered first, then a 1."""
    for number, severity in (("100100", 1), ("100300", 3)):
        line.desk.put(Ticket(number, TicketStatus.OPEN, severity, "vsa"))
    line.technician("ann", "+12125550101")
    line.exchange.run_for(60)
    line.technician("bob", "+12125550102")
    line.caller("+12125550177").dial(NORTH_AMERICA).press("w4wwwwww").press("100300#")
    line.exchange.run_for(30)
    line.caller("+12125550178").dial(NORTH_AMERICA).press("w4wwwwww").press("100100#")
    line.exchange.run_for(10)


def passes(line: LineUnderTest) -> list[Pass]:
    with reading(line.engine) as connection:
        return list(replay(connection, live(connection).configuration))


@pytest.mark.usefixtures("two_calls_offered")
def test_every_offer_is_the_one_the_rules_make(line: LineUnderTest) -> None:
    offers = [[who for _, who in each.offered] for each in passes(line)]

    assert offers == [["1"], ["2"]]
    assert all(each.is_same for each in passes(line))


@pytest.mark.usefixtures("two_calls_offered")
def test_passes_before_the_instant_asked_for_are_left_out(line: LineUnderTest) -> None:
    (_, second) = passes(line)

    with reading(line.engine) as connection:
        since = list(replay(connection, live(connection).configuration, second.at))

    assert since == [second]


@pytest.mark.usefixtures("two_calls_offered")
def test_an_offer_that_passed_somebody_over_is_told(line: LineUnderTest) -> None:
    with writing(line.engine) as connection:
        bob = technician_state_log.c.technician_id == 2
        earlier = line.exchange.clock().replace(hour=1)
        connection.execute(update(technician_state_log).where(bob).values(idle_since=earlier))

    first = passes(line)[0]

    assert not first.is_same
    assert [who for _, who in first.again] == ["2"]


def test_whoever_had_the_caller_before_comes_last(line: LineUnderTest) -> None:
    caller, ann = call_in_room(line)

    ann.press("*").hears(MENU).press("2").hears("For VSA").press("1").is_left()
    line.exchange.run_for(70)
    assert line.technician_states() == {"ann@example.com": "available"}
    take(ann, within=120)
    ann.press("*").hears(MENU).hang_up()
    caller.hears("lost the technician")
    take(line.technician("bob", "+12125550102"))

    offers = [[who for _, who in each.offered] for each in passes(line)]
    assert offers == [["1"], ["1"], ["2"]]
    assert all(each.is_same for each in passes(line))
