"""A worker killed at any of the six points around an offer: the caller is served all the same.

Within 25 s the caller is offered again, or joined, and no phone rings twice for one offer (B2). A
killed worker is one that stops in mid-work: its transaction is undone, what it had not yet asked
of the carrier is never asked, what it had asked is never written down. Each point is tried with
another worker that comes up five seconds later, and with none, when the callers' own hold loop
must do.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from ivr.acd.offers import RING, TAKE_FROM_QUEUE
from ivr.distribution import tick
from ivr.store.acd import outbox
from ivr.store.engine import reading
from tests.ivr.conftest import WEDNESDAY_NOON
from tests.ivr.dying import DyingTelephony, Killed, before_commit_of_an_offer, instead_of_sending
from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest

NEVER = 10**9
SOON = 25
RESTART_SECONDS = 5
ANN = "+12125550101"


@pytest.fixture
def alone(engine: Engine, tmp_path: Path) -> LineUnderTest:
    """A caller waits, and Ann is free; there is no worker yet."""
    line = LineUnderTest(engine, tmp_path / "instance", WEDNESDAY_NOON, worker_seconds=NEVER)
    queue_a_caller(line)
    line.exchange.run_for(2)
    line.technician("ann", ANN)
    return line


@pytest.fixture(params=["restarted", "hold loop"])
def line(request: pytest.FixtureRequest, alone: LineUnderTest) -> LineUnderTest:
    """The worker of the test is the only one for now; what helps later is the parameter."""
    exchange = alone.exchange
    if request.param == "restarted":
        exchange.timekeeper.after(RESTART_SECONDS, lambda: exchange.every(0.5, alone.work))
    else:
        alone.drive_by_hold_loop()
    return alone


def requests_made(line: LineUnderTest, kind: str) -> int:
    with reading(line.engine) as connection:
        query = select(func.count()).select_from(outbox).where(outbox.c.kind == kind)
        return int(connection.execute(query).scalar_one())


def kill_worker(line: LineUnderTest, dying: DyingTelephony | None = None) -> None:
    """One more round of the worker, which ends in the middle."""
    services = line.services
    if dying is not None:
        services = replace(services, telephony=dying)
    with pytest.raises(Killed):
        tick(services)


def ann_takes_it(line: LineUnderTest) -> None:
    """Ann's phone rings soon, once for each offer, and she is joined with the caller soon."""
    ann = line.exchange.phone(ANN)
    ann.rings(within=SOON).answer().hears("press 1").press("1")
    line.exchange.run_for(SOON)
    assert line.caller().is_talking_to(ann)
    assert rings(line, ANN) == 1
    assert line.violations() == []


def test_killed_before_the_offer_commits(
    line: LineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_commit_of_an_offer(monkeypatch):
        kill_worker(line)
    assert requests_made(line, RING) == 0

    ann_takes_it(line)


def test_killed_after_the_offer_commits_before_the_request_is_claimed(
    line: LineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with instead_of_sending(monkeypatch):
        kill_worker(line)
    assert requests_made(line, RING) == 1

    ann_takes_it(line)
    assert requests_made(line, RING) == 1


def test_killed_with_the_request_claimed_before_the_carrier_is_asked(line: LineUnderTest) -> None:
    kill_worker(line, DyingTelephony(line.services.telephony, "place_call", asks=False))
    assert rings(line, ANN) == 0

    ann_takes_it(line)


def test_a_call_of_a_moment_ago_is_not_taken_for_the_one_that_was_never_made(
    alone: LineUnderTest,
) -> None:
    line, ann = alone, alone.exchange.phone(ANN)
    line.work()
    ann.rings().answer().hears("press 1").press("2").is_left()
    second = line.exchange.phone("+12125550178", "second")
    second.dial("+35315262938").hears("ticket number").press("100100#").hears("connect you")
    line.exchange.run_for(2)

    kill_worker(line, DyingTelephony(line.services.telephony, "place_call", asks=False))
    line.exchange.every(0.5, line.work)

    ann.rings(within=SOON).answer().hears("press 1").press("1")
    line.exchange.run_for(SOON)
    assert second.is_talking_to(ann)


def test_killed_after_the_carrier_took_it_before_the_result_is_written(line: LineUnderTest) -> None:
    kill_worker(line, DyingTelephony(line.services.telephony, "place_call", asks=True))

    ann_takes_it(line)
    assert requests_made(line, RING) == 1


@pytest.mark.parametrize("key", ["1", "none"])
def test_killed_after_the_phone_is_answered_before_the_key(line: LineUnderTest, key: str) -> None:
    line.work()
    ann = line.exchange.phone(ANN)
    ann.rings().answer().hears("press 1")
    # From here there is no worker until another one comes up.

    if key == "1":
        ann.press("1")
        line.exchange.run_for(SOON)
        assert line.caller().is_talking_to(ann)
        assert rings(line, ANN) == 1
    else:
        line.technician("tom", "+12125550102").rings(within=SOON)
    assert line.violations() == []


@pytest.mark.parametrize("asks", [False, True])
def test_killed_after_the_key_before_the_caller_is_taken_out_of_the_queue(
    line: LineUnderTest, asks: bool
) -> None:
    line.work()
    ann = line.exchange.phone(ANN)
    ann.rings().answer().hears("press 1").press("1")
    line.exchange.run_until(lambda: requests_made(line, TAKE_FROM_QUEUE) == 1, within=5)
    kill_worker(line, DyingTelephony(line.services.telephony, "take_from_queue", asks=asks))

    line.exchange.run_for(SOON)

    assert line.caller().is_talking_to(ann)
    assert rings(line, ANN) == 1
    assert line.violations() == []
