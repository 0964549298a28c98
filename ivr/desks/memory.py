"""A help desk in memory, for tests and transcripts: it can be down, and it can be slow."""

import time
from collections.abc import Callable, Iterable

from ivr.desks.protocol import DEADLINE_SECONDS, Answer, NoteNotAdded, is_ticket_number
from routing.tickets import Found, NotFound, Ticket, Unavailable


class DeskInMemory:
    """A TicketDesk whose tickets are put there.

    `down` makes every question fail; `slow_seconds` makes each take that long, up to the deadline.
    `asked` lists the numbers its source was asked for, oldest first; `notes` are those it took, by
    their ids, with the ticket's number and the text.
    """

    def __init__(
        self, tickets: Iterable[Ticket] = (), sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.down = False
        self.slow_seconds = 0.0
        self.asked: list[str] = []
        self.notes: dict[str, tuple[str, str]] = {}
        self._tickets = {ticket.number: ticket for ticket in tickets}
        self._sleep = sleep

    def put(self, ticket: Ticket) -> None:
        """Keep a ticket, in place of one with the same number."""
        self._tickets[ticket.number] = ticket

    def find(self, number: str) -> Answer:
        if not is_ticket_number(number):
            return NotFound(number)
        self.asked.append(number)
        self._sleep(min(self.slow_seconds, DEADLINE_SECONDS))
        if self.down:
            return Unavailable(number, "the desk is down")
        if self.slow_seconds >= DEADLINE_SECONDS:
            return Unavailable(number, f"no answer within {DEADLINE_SECONDS:g} s")
        ticket = self._tickets.get(number)
        return NotFound(number) if ticket is None else Found(ticket)

    def add_note(self, number: str, note_id: str, text: str) -> None:
        if self.down:
            raise NoteNotAdded("the desk is down")
        if number not in self._tickets:
            raise NoteNotAdded(f"there is no ticket {number}")
        self.notes.setdefault(note_id, (number, text))
