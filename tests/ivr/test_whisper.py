"""The whisper: what a technician knows of a call before taking it."""

from dataclasses import replace

import pytest

from routing.tickets import Entitlement, Ticket, TicketStatus
from tests.ivr.rooming import NORTH_AMERICA, TICKET, republish
from tests.line import LineUnderTest

ON_HOLD = "It is on hold for missing information."
SOLVED = "It is marked as solved."
LAPSED = "The subscription has lapsed."
NOT_VERIFIED = "This ticket is NOT VERIFIED: the help desk could not be asked."
NOTES = {ON_HOLD, SOLVED, LAPSED, NOT_VERIFIED}


def whispered(line: LineUnderTest, ticket: Ticket, down: bool = False) -> list[str]:
    """What the technician hears up to the keys."""
    line.desk.put(ticket)
    line.desk.down = down
    ann = line.technician("ann", "+12125550101")
    caller = line.caller().dial(NORTH_AMERICA)
    caller.hears("press 4").press("4").hears("ticket number").press(f"{ticket.number}#")
    ann.rings(90).answer().hears("Press 1 to accept")
    return ann.heard


@pytest.mark.parametrize(
    ("ticket", "down", "sentence", "notes"),
    [
        (
            replace(TICKET, organisation="Harbor"),
            False,
            "Severity 1. Ticket 1 0 0 1 0 0. VSA. Harbor. Waiting for",
            set(),
        ),
        (
            replace(TICKET, severity=None, product=None),
            False,
            "Severity 4. Ticket 1 0 0 1 0 0. Product unknown. Organisation unknown. Waiting for",
            set(),
        ),
        (replace(TICKET, status=TicketStatus.HOLD), False, "Severity 1.", {ON_HOLD}),
        (replace(TICKET, status=TicketStatus.SOLVED), False, "Severity 1.", {SOLVED}),
        (TICKET, True, "Severity 4. Ticket 1 0 0 1 0 0. Product unknown.", {NOT_VERIFIED}),
    ],
)
def test_it_says_what_the_call_is_about_and_what_there_is_to_know(
    line: LineUnderTest, ticket: Ticket, *, down: bool, sentence: str, notes: set[str]
) -> None:
    heard = whispered(line, ticket, down)

    assert heard[0].startswith(sentence)
    assert heard[-1] == "Press 1 to accept, 2 to refuse."
    assert NOTES.intersection(heard) == notes


def test_it_says_that_a_subscription_has_lapsed_where_that_is_only_reported(
    line: LineUnderTest,
) -> None:
    republish(line, {"entitlement: enforce": "entitlement: report"})

    heard = whispered(line, replace(TICKET, entitlement=Entitlement.LAPSED))

    assert NOTES.intersection(heard) == {LAPSED}
