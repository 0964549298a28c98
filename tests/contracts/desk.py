"""What every TicketDesk promises. A new one gets a class in test_desks.py with a `rig` fixture."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from statistics import mean
from time import monotonic

import pytest

from ivr.desks.protocol import DEADLINE_SECONDS, NoteNotAdded, TicketDesk
from routing.tickets import Entitlement, Found, NotFound, Ticket, TicketStatus, Unavailable

TICKET = Ticket(
    number="100100",
    status=TicketStatus.OPEN,
    severity=1,
    product="vsa",
    organisation="Harbor Freightways",
    requester="Dana Whitcomb",
    requester_phone="+12125550111",
    requester_zone="America/New_York",
    language="en",
    entitlement=Entitlement.ACTIVE,
    subject='=HYPERLINK("x"), naïve, 日本語 and a quote: "',
)
CLOSED = replace(TICKET, number="100400", status=TicketStatus.CLOSED)
BARE = Ticket(number="100320", status=TicketStatus.PENDING)

# Nothing that a telephone can key, whoever sends it.
NO_TICKET_NUMBERS = [
    "",
    " 100100",
    "100100 ",
    "1e5",
    "-1",
    "１００１００",
    "1\x00",
    "1" * 21,
    "'--",
    "%",
]

# What the machine may need on top of the deadline.
SLACK_SECONDS = 0.5


@dataclass(frozen=True)
class DeskRig:
    """A desk that knows TICKET, CLOSED and BARE, and how to disturb it.

    `outage` makes its source fail, `silence` makes its source answer too late, each for a while.
    `notes` are those it has, by id: the ticket's number and the text.
    """

    desk: TicketDesk
    outage: Callable[[], AbstractContextManager[None]]
    silence: Callable[[], AbstractContextManager[None]]
    put: Callable[[Ticket], None]
    notes: Callable[[], Mapping[str, tuple[str, str]]]


class DeskContract:
    """The suite. It asks for a fixture `rig`."""

    @pytest.mark.parametrize("ticket", [TICKET, CLOSED, BARE], ids=lambda ticket: ticket.number)
    def test_a_ticket_is_found_as_it_was_kept(self, rig: DeskRig, ticket: Ticket) -> None:
        assert rig.desk.find(ticket.number) == Found(ticket)

    @pytest.mark.parametrize("number", ["100101", "0100100", "10010", "9" * 20])
    def test_a_number_without_a_ticket_is_not_found(self, rig: DeskRig, number: str) -> None:
        assert rig.desk.find(number) == NotFound(number)

    @pytest.mark.parametrize("number", NO_TICKET_NUMBERS)
    def test_what_is_no_ticket_number_is_not_found_even_in_an_outage(
        self, rig: DeskRig, number: str
    ) -> None:
        with rig.outage():
            assert rig.desk.find(number) == NotFound(number)

    def test_a_change_is_seen_by_the_next_question(self, rig: DeskRig) -> None:
        rig.desk.find(TICKET.number)
        rig.put(replace(TICKET, severity=3))

        assert rig.desk.find(TICKET.number) == Found(replace(TICKET, severity=3))

    @pytest.mark.parametrize("number", [TICKET.number, "999999"])
    def test_an_outage_is_an_answer_and_ends(self, rig: DeskRig, number: str) -> None:
        before = rig.desk.find(number)
        with rig.outage():
            during = rig.desk.find(number)

        assert isinstance(during, Unavailable)
        assert (during.number, bool(during.why)) == (number, True)
        assert rig.desk.find(number) == before

    def test_a_silent_source_is_unavailable_at_the_deadline(self, rig: DeskRig) -> None:
        with rig.silence():
            began = monotonic()
            answer = rig.desk.find(TICKET.number)
            took = monotonic() - began

        assert isinstance(answer, Unavailable)
        assert took < DEADLINE_SECONDS + SLACK_SECONDS

    def test_a_note_is_taken_and_the_same_note_again_changes_nothing(self, rig: DeskRig) -> None:
        for text in ("Please look at this.", "Another text under the same name."):
            rig.desk.add_note(TICKET.number, "CA1:note", text)
        rig.desk.add_note(TICKET.number, "CA2:note", "Quote: '\"; naïve")

        assert rig.notes() == {
            "CA1:note": (TICKET.number, "Please look at this."),
            "CA2:note": (TICKET.number, "Quote: '\"; naïve"),
        }

    def test_a_note_that_is_not_taken_says_why(self, rig: DeskRig) -> None:
        with pytest.raises(NoteNotAdded, match="there is no ticket 999999"):
            rig.desk.add_note("999999", "CA1:note", "Please look at this.")
        with rig.outage(), pytest.raises(NoteNotAdded):
            rig.desk.add_note(TICKET.number, "CA1:note", "Please look at this.")

        assert rig.notes() == {}

    def test_unknown_and_closed_take_the_same_time(self, rig: DeskRig) -> None:
        times: dict[str, list[float]] = {"999999": [], CLOSED.number: []}
        for _ in range(100):
            for number, took in times.items():
                began = monotonic()
                rig.desk.find(number)
                took.append(monotonic() - began)

        unknown, closed = map(mean, times.values())
        assert abs(unknown - closed) < 0.05
