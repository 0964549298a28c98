"""Distributors: who decides which technician is offered which waiting call.

Everything after that decision is the same for all of them: the offer and its row, the ringing
through the outbox, the whisper, the key and the room (offers.py). A distributor is told nothing;
it looks. What it has to know stands in the tables of the queue, the offers and the technicians,
so a process that dies in between leaves nothing untold.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from ivr.acd import builtin, taskrouter
from ivr.configuration import Configuration


class Distributor(Protocol):
    """One way to pair waiting calls with technicians."""

    def distribute(
        self, connection: Connection, configuration: Configuration, now: datetime
    ) -> int:
        """Do what is due between the callers who wait and the technicians who are free.

        One transaction, safe from any process at any moment. Returns how much it did; 0 when
        nothing is left to do now.
        """


# By the names of line.yaml.
DISTRIBUTORS: Mapping[str, Distributor] = {"builtin": builtin, "taskrouter": taskrouter}
