"""Complaint 4: hunt through the whole escalation policy, voicemail only at the end.

Naive: one person on call is rung, and when they do not answer the caller goes to voicemail; or
somebody on the rota who cannot be rung ends the hunt.
"""

import pytest
from sqlalchemy import select

from ivr.store.acd import offer
from ivr.store.engine import reading
from ivr.store.technicians import technician
from tests.ivr.test_carrier_requests import queue_a_caller
from tests.ivr.test_escalation import MAYA, NGAIRE, PIETER, SAM
from tests.line import LineUnderTest


def who_was_tried(line: LineUnderTest) -> list[str]:
    """The telephones of those the call was offered to, in order."""
    query = select(technician.c.phone).join(offer, offer.c.technician_id == technician.c.id)
    with reading(line.engine) as connection:
        return list(connection.execute(query.order_by(offer.c.offered_at)).scalars())


@pytest.mark.parametrize("how", ["does_not_answer", "is_busy", "is_unreachable"])
def test_complaint_4_everybody_of_the_policy_is_rung_before_voicemail(
    line: LineUnderTest, how: str
) -> None:
    hunted = [line.off_shift(*person) for person in (SAM, MAYA, PIETER, NGAIRE)]
    for phone in hunted:
        getattr(phone, how)()

    queue_a_caller(line)
    caller = line.caller().hears("after the tone", within=660)

    assert who_was_tried(line)[:4] == [phone.number for phone in hunted]
    assert caller.on_a_call
    assert line.violations() == []


def test_complaint_4_the_last_of_the_policy_gets_the_call(line: LineUnderTest) -> None:
    """Two of the four on the rotas are no technicians any more, and one does not answer."""
    line.off_shift(*MAYA).does_not_answer()
    ngaire = line.off_shift(*NGAIRE)

    queue_a_caller(line)
    ngaire.rings(within=60).answer().hears("press 1").press("1")
    line.exchange.run_for(10)

    assert line.caller().is_talking_to(ngaire)
    assert line.violations() == []
