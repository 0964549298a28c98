"""On call: who is on duty by a rota now, by the configuration and by what was agreed since."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from ivr.acd.technicians import Technician, technician_by_email, technicians_by_email
from ivr.alarms import is_recent, raise_alarm
from ivr.configuration import Configuration
from ivr.errors import NoSuchRota
from ivr.store.on_call import on_call_override
from routing import rotas
from routing.rotas import Change, Override, Rota, Swap

# How often at most an alarm about the same unknown person is counted once more.
ALARM_EVERY = timedelta(minutes=10)


def on_duty(
    connection: Connection, configuration: Configuration, rota: str, now: datetime
) -> list[Technician]:
    """The technicians on duty by a rota, in the order in which they are rung.

    A rota nobody configured has nobody. Somebody on it who is no technician is passed over, with
    an alarm.
    """
    if rota not in configuration.on_call:
        return []
    emails = rotas.on_duty(rota_at(connection, configuration, rota, now), now)
    known = technicians_by_email(connection, emails)
    for email in emails:
        if email not in known:
            _tell_of_stranger(connection, rota, email, now)
    return [known[email] for email in emails if email in known]


def rota_at(
    connection: Connection, configuration: Configuration, name: str, since: datetime
) -> Rota:
    """A rota with every change that has not ended at `since`; raises NoSuchRota."""
    if name not in configuration.on_call:
        known = ", ".join(configuration.on_call) or "none"
        raise NoSuchRota(f"There is no rota {name}; there are: {known}.")
    rota = configuration.on_call[name]
    return replace(rota, changes=(*rota.changes, *_agreed(connection, name, since)))


def agree(
    connection: Connection,
    configuration: Configuration,
    rota: str,
    change: Change,
    now: datetime,
) -> None:
    """Change a rota for a time, from now on and without publishing.

    Raises NoSuchRota for an unknown rota, NoSuchTechnician for an unknown person.
    """
    rota_at(connection, configuration, rota, now)
    who = (change.one, change.other) if isinstance(change, Swap) else change.who
    for email in who:
        technician_by_email(connection, email)
    connection.execute(
        insert(on_call_override).values(
            rota=rota,
            begins_at=change.begins,
            ends_at=change.ends,
            who=list(who),
            is_swap=isinstance(change, Swap),
            reason=change.reason[:200],
            made_at=now,
        )
    )


def _agreed(connection: Connection, rota: str, since: datetime) -> Iterable[Change]:
    query = (
        select(on_call_override)
        .where(on_call_override.c.rota == rota, on_call_override.c.ends_at > since)
        .order_by(on_call_override.c.id)
    )
    for row in connection.execute(query):
        if row.is_swap:
            one, other = row.who
            yield Swap(row.begins_at, row.ends_at, one, other, row.reason)
        else:
            yield Override(row.begins_at, row.ends_at, tuple(row.who), row.reason)


def _tell_of_stranger(connection: Connection, rota: str, email: str, now: datetime) -> None:
    about = f"on call:{rota}:{email}"
    if not is_recent(connection, about, now - ALARM_EVERY):
        sentence = f"{email} is on call by rota {rota}, but is no technician and cannot be rung."
        raise_alarm(connection, about, sentence, now)
