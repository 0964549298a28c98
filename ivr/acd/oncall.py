"""On call: who is on duty by a rota now, and who of them is rung for a caller nobody can take.

A rota is what the configuration says, with what operators have agreed since. People on call are
rung for the queues that have an escalation chain, when nobody free could be rung, and whatever
they are doing that is no call: off duty for matching does not mean off duty for these.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from ivr.acd import offers
from ivr.acd.queue import QueuedCall, waiting_in
from ivr.acd.states import STANDS_BY
from ivr.acd.technicians import Technician, technician_by_email, technicians_by_email
from ivr.alarms import is_recent, raise_alarm
from ivr.configuration import Configuration
from ivr.errors import NoSuchRota
from ivr.store.on_call import on_call_override
from ivr.store.technicians import TechnicianState, technician
from routing import rotas
from routing.escalation import Unanswered, next_on_call
from routing.rotas import Change, Override, Rota, Swap

# How often at most an alarm about the same unknown person is counted once more.
ALARM_EVERY = timedelta(minutes=10)


def ring_on_call(
    connection: Connection,
    configuration: Configuration,
    now: datetime,
    head_start: timedelta = timedelta(0),
) -> int:
    """Ring people on call for the callers for whom nobody free could be rung; returns how many.

    Whoever is free comes first, so this follows their matching; a caller is left to a matching
    that takes its time for so long (`head_start`). While no call waits in a queue with a chain,
    one question to the database is all it costs.
    """
    chains = {queue.name: queue.escalation for queue in configuration.plan.queues}
    with_chain = waiting_in(connection, [name for name, chain in chains.items() if chain])
    waiting = [queued for queued in with_chain if queued.entered + head_start <= now]
    if not waiting:
        return 0
    needed = {step.rota for queued in waiting for step in chains[queued.queue]}
    on_call = {rota: on_duty(connection, configuration, rota, now) for rota in sorted(needed)}
    people = {str(person.id): person for each in on_call.values() for person in each}
    by_rota = {rota: [str(person.id) for person in each] for rota, each in on_call.items()}
    can_be_rung = _who_can_be_rung(connection, people.values(), now)
    rung = 0
    for call, queued in _unanswered(connection, configuration, waiting, now):
        standby = next_on_call(call, by_rota, can_be_rung, now)
        if standby is not None:
            can_be_rung.remove(standby.person)
            person, ring_seconds = people[standby.person], configuration.timers.ring_seconds
            if _reserve(connection, queued, person, now):
                told = {"why": standby.why, "rota": standby.rota}
                offers.ring(connection, queued, person.id, told, ring_seconds, now)
                rung += 1
    return rung


def _reserve(connection: Connection, queued: QueuedCall, person: Technician, now: datetime) -> bool:
    """Somebody who is not free is afterwards what they were, unless they ask for something else."""
    if person.state is TechnicianState.AVAILABLE:
        return offers.reserve(connection, queued, person.id, person.state, now)
    back = {"after_call": person.state, "state_reason": person.state_reason}
    return offers.reserve(connection, queued, person.id, person.state, now, **back)


def _who_can_be_rung(
    connection: Connection, people: Iterable[Technician], now: datetime
) -> set[str]:
    """Those who are on no call, are not being rung, and whose phone is not being checked."""
    query = select(technician.c.id).where(
        technician.c.id.in_([person.id for person in people if person.state in STANDS_BY]),
        technician.c.phone_busy_until.is_(None) | (technician.c.phone_busy_until <= now),
    )
    return {str(person_id) for person_id in connection.execute(query).scalars()}


def _unanswered(
    connection: Connection,
    configuration: Configuration,
    waiting: Sequence[QueuedCall],
    now: datetime,
) -> Iterator[tuple[Unanswered, QueuedCall]]:
    """The waiting calls that may be offered now, each with its chain and who let it pass."""
    let_pass: dict[str, dict[str, datetime]] = {queued.call_sid: {} for queued in waiting}
    for one in offers.tried_before(connection, let_pass):
        let_pass[one.call_id][one.technician_id] = one.last_at
    pause = timedelta(seconds=configuration.timers.offer_pause_seconds)
    retry_after = configuration.matching.retry_after_seconds
    chains = {queue.name: queue.escalation for queue in configuration.plan.queues}
    for queued in waiting:
        tried = let_pass[queued.call_sid]
        if all(last_at + pause <= now for last_at in tried.values()):
            yield Unanswered(queued.since, chains[queued.queue], tried, retry_after), queued


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
