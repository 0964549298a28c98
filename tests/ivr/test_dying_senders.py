"""A process that dies between committing a ring and reporting it rings nobody twice (B2)."""

import pytest
from sqlalchemy import select, update

from ivr.acd.builtin import distribute
from ivr.acd.carrier_requests import CarrierRequests
from ivr.acd.offers import RING
from ivr.acd.outbox import SENDING_LEASE, Request
from ivr.dial_policy import policy_for
from ivr.store.acd import RequestState, outbox
from ivr.store.engine import writing
from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest


def die_over_the_ring(line: LineUnderTest, after_dialling: bool) -> None:
    """What a worker does that is killed before, or just after, it asked the carrier."""
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        assert distribute(connection, line.configuration, now) == 1
        row = connection.execute(select(outbox).where(outbox.c.kind == RING)).one()
        connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(state=RequestState.SENDING, attempts=1, due_at=now + SENDING_LEASE)
        )
    if after_dialling:
        policy = policy_for(line.configuration.dial_countries, line.configuration.lines)
        services = line.services
        requests = CarrierRequests(
            services.engine, services.telephony, services.links, policy, 20, services.clock
        )
        requests.send(Request(row.id, row.kind, row.subject, row.parameters, 1, None))


@pytest.mark.parametrize("after_dialling", [False, True])
def test_the_next_worker_looks_it_up_and_the_caller_is_served(
    line: LineUnderTest, after_dialling: bool
) -> None:
    queue_a_caller(line)
    line.exchange.run_for(2)
    ann = line.technician("ann", "+12125550101")
    die_over_the_ring(line, after_dialling)

    ann.rings(within=25).answer().hears("press 1").press("1")
    line.exchange.run_for(30)

    assert line.caller().is_talking_to(ann)
    assert rings(line, ann.number) == 1
    assert line.violations() == []
