"""Technicians in the database: who there is, who is free, and every change of state.

A state changes only here, by compare-and-set against the table of moves, and every change is
written into the state log with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, exists, insert, select, update

from ivr.acd import state_log
from ivr.acd.states import ASKED_FOR, BUSY, TECHNICIAN_MOVES
from ivr.errors import IllegalMove, NoSuchTechnician
from ivr.store.rooms import guest
from ivr.store.technicians import CameBy, TechnicianState, technician
from ivr.technician_import import TechnicianRow
from routing.matching import IdleTechnician

# How many free technicians one pass of matching looks at; the others are looked at in the next.
MATCHING_WIDTH = 500
# A leg that is of no more use is over by then, whether the carrier tells us so or not.
LEG_ENDS_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True)
class Technician:
    """A technician as the rest of the service sees one."""

    id: int
    name: str
    email: str
    phone: str
    products: tuple[str, ...]
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    severities: tuple[int, ...]
    level: int
    state: TechnicianState
    state_since: datetime
    available_until: datetime | None
    state_reason: str | None
    came_by: CameBy | None
    seen_at: datetime | None
    misses: int


@dataclass(frozen=True)
class Asked:
    """How a technician asks for a state, and why if they say so (a break's reason)."""

    by: CameBy
    reason: str | None = None


BY_COMMAND = Asked(CameBy.COMMAND)


def all_technicians(connection: Connection) -> list[Technician]:
    """Everybody, by name."""
    rows = connection.execute(select(technician).order_by(technician.c.name, technician.c.id))
    return [_technician(row) for row in rows]


def technician_by_email(connection: Connection, email: str, *, held: bool = False) -> Technician:
    """One technician, `held` for this transaction or just seen; raises NoSuchTechnician."""
    query = select(technician).where(technician.c.email == email.strip().lower())
    row = connection.execute(query.with_for_update() if held else query).first()
    if row is None:
        raise NoSuchTechnician(f"There is no technician with the e-mail address {email}.")
    return _technician(row)


def technicians_by_email(connection: Connection, emails: Iterable[str]) -> dict[str, Technician]:
    """Those of these people who are technicians of ours and not struck off, by their address."""
    query = select(technician).where(technician.c.email.in_(list(emails)), technician.c.enabled)
    return {row.email: _technician(row) for row in connection.execute(query)}


def technician_by_id(connection: Connection, technician_id: int) -> Technician:
    query = select(technician).where(technician.c.id == technician_id)
    return _technician(connection.execute(query).one())


def idle_technicians(connection: Connection, now: datetime) -> list[IdleTechnician]:
    """Those who can be offered a call now, longest idle first."""
    query = (
        select(technician)
        .where(
            technician.c.state == TechnicianState.AVAILABLE,
            technician.c.enabled,
            technician.c.available_until.is_(None) | (technician.c.available_until > now),
            technician.c.phone_busy_until.is_(None) | (technician.c.phone_busy_until <= now),
            # A guest in somebody else's room is on the telephone.
            ~exists().where(guest.c.technician_id == technician.c.id, guest.c.live),
        )
        .order_by(technician.c.idle_since, technician.c.id)
        .limit(MATCHING_WIDTH)
    )
    return [
        IdleTechnician(
            technician_id=str(row.id),
            idle_since=row.idle_since,
            products=frozenset(row.products),
            regions=frozenset(row.regions),
            languages=frozenset(row.languages),
            severities=frozenset(row.severities),
            level=row.level,
        )
        for row in connection.execute(query)
    ]


def move(
    connection: Connection,
    technician_id: int,
    was: TechnicianState,
    becomes: TechnicianState,
    now: datetime,
    **also: object,
) -> bool:
    """Move one technician; False if somebody else did first. Raises IllegalMove off the table.

    `also` are further columns that change with the state: `state_until` is when the new state
    ends by itself, `state_reason` why it came about. Longest idle counts from when somebody came
    free; one who was only offered a call that went elsewhere keeps their place in that line.
    """
    if becomes not in TECHNICIAN_MOVES[was]:
        raise IllegalMove(f"A technician who is {was} cannot become {becomes}.")
    values: dict[str, object] = {"state": becomes, "state_since": now, "state_until": None}
    if becomes is not TechnicianState.ON_CALL:
        # A reason given during an offer is of the state that comes after the call.
        values["state_reason"] = None
    values |= also
    if becomes is TechnicianState.AVAILABLE and was is not TechnicianState.RESERVED:
        values["idle_since"] = now
    moved = connection.execute(
        update(technician)
        .where(technician.c.id == technician_id, technician.c.state == was)
        .values(**values)
    )
    if moved.rowcount == 1:
        state_log.note(connection, technician_id, now)
    return moved.rowcount == 1


def ask_for_state(
    connection: Connection,
    email: str,
    state: TechnicianState,
    *,
    now: datetime,
    until: datetime,
    how: Asked = BY_COMMAND,
) -> Technician:
    """What a technician asks for: available (which ends at `until`), on_break or offline.

    During an offer or a call it takes effect when that is over. Raises IllegalMove for a state
    that only calls bring about, NoSuchTechnician for an unknown address.
    """
    if state not in ASKED_FOR:
        asked = ", ".join(sorted(ASKED_FOR))
        raise IllegalMove(f"{state} comes about by calls; a technician can be set {asked}.")
    person = technician_by_email(connection, email, held=True)
    values: dict[str, object] = {
        "available_until": until if state is TechnicianState.AVAILABLE else None,
        "after_call": state if person.state in BUSY else None,
        "state_reason": how.reason,
        "came_by": how.by,
    }
    if how.by is CameBy.CONSOLE:
        values["seen_at"] = now
    if person.state in {state, *BUSY}:
        asked_for = update(technician).where(technician.c.id == person.id)
        connection.execute(asked_for.values(**values))
        state_log.note(connection, person.id, now)
    else:
        move(connection, person.id, person.state, state, now, **values)
    return technician_by_id(connection, person.id)


def release(
    connection: Connection,
    technician_id: int,
    was: TechnicianState,
    now: datetime,
    wrap_up_until: datetime | None = None,
    *,
    leg_is_up: bool = False,
) -> None:
    """A call or an offer is over: wrap up, or what was asked for meanwhile, or free again.

    While the `leg_is_up` (a last sentence is heard, or it is being hung up), the phone would be
    busy for the next caller; phones.py says when it is over.
    """
    query = select(technician.c.after_call, technician.c.state_reason)
    meanwhile = connection.execute(query.where(technician.c.id == technician_id)).one()
    becomes = meanwhile.after_call
    also: dict[str, object] = {"state_reason": meanwhile.state_reason}
    if becomes in {None, TechnicianState.AVAILABLE}:
        becomes = TechnicianState.WRAP_UP if wrap_up_until else TechnicianState.AVAILABLE
        also = {"state_until": wrap_up_until}
    also["phone_busy_until"] = now + LEG_ENDS_WITHIN if leg_is_up else None
    move(connection, technician_id, was, becomes, now, **also, after_call=None)


def end_states_that_are_over(connection: Connection, now: datetime) -> int:
    """Wrap-up and availability end by themselves. Returns how many technicians moved."""
    has_ended = technician.c.available_until <= now
    free = technician.c.state.in_([TechnicianState.AVAILABLE, TechnicianState.WRAP_UP])
    due = select(technician.c.id, technician.c.state, technician.c.available_until).where(
        (technician.c.state_until <= now) | (has_ended & free)
    )
    moved = 0
    for row in connection.execute(due.with_for_update(skip_locked=True)).all():
        over = row.available_until is not None and row.available_until <= now
        becomes = TechnicianState.OFFLINE if over else TechnicianState.AVAILABLE
        moved += move(connection, row.id, row.state, becomes, now)
    return moved


def upsert_technician(connection: Connection, row: TechnicianRow, now: datetime) -> str:
    """Insert or update by e-mail; says what it did: new ones are offline."""
    values = {
        "name": row.name,
        "phone": row.phone,
        "products": sorted(row.products),
        "regions": sorted(row.regions),
        "languages": sorted(row.languages),
        "severities": sorted(row.severities),
        "level": row.level,
    }
    same = select(technician).where(technician.c.email == row.email)
    existing = connection.execute(same).mappings().first()
    if existing is None:
        inserted = connection.execute(
            insert(technician)
            .values(
                **values,
                email=row.email,
                state=TechnicianState.OFFLINE,
                state_since=now,
                idle_since=now,
            )
            .returning(technician.c.id)
        )
        state_log.note(connection, inserted.scalar_one(), now)
        return "inserted"
    if all(existing[name] == value for name, value in values.items()):
        return "unchanged"
    connection.execute(update(technician).where(technician.c.email == row.email).values(**values))
    state_log.note(connection, existing["id"], now)
    return "updated"


def default_until(now: datetime, hours: int) -> datetime:
    """When availability ends that nobody limited."""
    return now + timedelta(hours=hours)


def _technician(row: Row[tuple[object, ...]]) -> Technician:
    return Technician(
        id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        products=_words(row.products),
        regions=_words(row.regions),
        languages=_words(row.languages),
        severities=tuple(row.severities),
        level=row.level,
        state=row.state,
        state_since=row.state_since,
        available_until=row.available_until,
        state_reason=row.state_reason,
        came_by=row.came_by,
        seen_at=row.seen_at,
        misses=row.misses,
    )


def _words(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values)
