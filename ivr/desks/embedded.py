"""The help desk of those who have none: tickets in our database, from `ivr tickets import`."""

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ivr.desks.deadline import Bulkhead
from ivr.desks.protocol import Answer, NoteNotAdded, is_ticket_number
from ivr.store.engine import reading, writing
from ivr.store.notes import ticket_note
from ivr.store.statements import insert_once
from ivr.store.tickets import find_ticket
from routing.tickets import Found, NotFound


class EmbeddedDesk:
    """A TicketDesk over the table `ticket`, asked in threads of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bulkhead = Bulkhead()

    def find(self, number: str) -> Answer:
        if not is_ticket_number(number):
            return NotFound(number)
        return self._bulkhead.ask(number, self._look_up)

    def add_note(self, number: str, note_id: str, text: str) -> None:
        try:
            with writing(self._engine) as connection:
                if find_ticket(connection, number) is None:
                    raise NoteNotAdded(f"there is no ticket {number}")
                values = {"note_id": note_id, "number": number, "text": text}
                insert_once(connection, ticket_note, values)
        except (DBAPIError, PoolExhausted) as error:
            raise NoteNotAdded(type(error).__name__) from error

    def close(self) -> None:
        """To be called before the engine is disposed of."""
        self._bulkhead.close()

    def _look_up(self, number: str) -> Answer:
        with reading(self._engine) as connection:
            ticket = find_ticket(connection, number)
        return NotFound(number) if ticket is None else Found(ticket)
