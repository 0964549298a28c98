"""Notices: what a technician is told by mail about a state they did not ask for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ivr.acd.technicians import Technician
from ivr.configuration import Configuration
from ivr.mail import post_mail


@dataclass(frozen=True)
class Notice:
    """One thing to be told, once per `about`; `happened` is a sentence or two."""

    about: str
    subject: str
    happened: str


def tell(
    connection: Connection,
    person: Technician,
    notice: Notice,
    configuration: Configuration,
    now: datetime,
) -> None:
    """Write the mail: what happened, what the technician is now, and how to come back."""
    back = [f"ivr technicians set {person.email} available"]
    if configuration.technician_line:
        line = configuration.technician_line
        back.insert(0, f"call {line} from your own telephone, key your PIN, press 1")
    body = (
        f"{notice.happened}\n\nYou are now {person.state.value.replace('_', ' ')}.\n\n"
        f"To be available again: {'; or '.join(back)}.\n"
    )
    post_mail(connection, notice.about, [person.email], notice.subject, body, now)
