"""What we need of a help desk: a question answered in time, and notes taken."""

import re
from typing import Protocol

from routing.tickets import Found, NotFound, Unavailable

DEADLINE_SECONDS = 2.5
"""The longest a desk may take in all, waiting for a connection or a thread included (D1)."""

Answer = Found | NotFound | Unavailable

_TICKET_NUMBER = re.compile(r"[0-9]{1,20}", re.ASCII)


class NoteNotAdded(Exception):
    """The help desk did not take a note, now or ever; the message says why."""


class TicketDesk(Protocol):
    """A help desk that can be asked for a ticket, and told something about one.

    Every implementation keeps these promises; the contract suite holds it to them:

    - `find` answers within DEADLINE_SECONDS and never raises. A desk that is slow, broken or
      answers nonsense is `Unavailable`, with the reason for our log (A20).
    - The ticket it gives carries the number that was asked for, or the answer is not `Found` (D7).
    - It asks its source at most once for each question (D12).
    - What cannot be a ticket number is `NotFound`, whether the source is up or not.
    - An unknown ticket takes as long as one that is closed, so that time tells nothing (H1).
    - `add_note` has put the note on the ticket when it returns, or raises NoteNotAdded and nothing
      else. The same `note_id` again changes nothing. It is never asked within a caller's turn.
    """

    def find(self, number: str) -> Answer: ...

    def add_note(self, number: str, note_id: str, text: str) -> None: ...


def is_ticket_number(number: str) -> bool:
    """True for one to twenty of the digits 0 to 9, which is all that a telephone can key."""
    return _TICKET_NUMBER.fullmatch(number) is not None
