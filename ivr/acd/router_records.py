"""What we know of the task router's side: its parts, and the rows that stand for its tasks."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from ivr.acd.technicians import Technician
from ivr.store.taskrouter import (
    ReservationState,
    TaskState,
    router_part,
    router_reservation,
    router_task,
    router_worker,
)
from ivr.store.technicians import TechnicianState, technician
from ivr.task_routing import Kind, Part

# Of an offer that was made because TaskRouter reserved the technician.
WHY = "TaskRouter chose this technician."


def keep_parts(
    connection: Connection, parts: Sequence[Part], technicians: Sequence[Technician]
) -> None:
    """Remember the workspace, its parts and who its workers are."""
    connection.execute(delete(router_part))
    rows = [{"kind": p.kind.value, "name": p.name, "sid": p.sid} for p in parts if p.sid]
    connection.execute(insert(router_part), rows)
    sids = {part.name: part.sid for part in parts if part.kind is Kind.WORKER}
    rows_known = connection.execute(select(router_worker.c.technician_id, router_worker.c.sid))
    known = {row.technician_id: row.sid for row in rows_known}
    for person in technicians:
        sid = sids.get(person.email)
        if sid is None or known.get(person.id) == sid:
            continue
        values = {"sid": sid, "state": None, "asking": False, "told_at": None}
        if person.id in known:
            mine = router_worker.c.technician_id == person.id
            connection.execute(update(router_worker).where(mine).values(**values))
        else:
            connection.execute(insert(router_worker).values(technician_id=person.id, **values))


def sid_of(connection: Connection, kind: Kind, name: str) -> str | None:
    """The SID of a part, once it was applied."""
    query = select(router_part.c.sid).where(
        router_part.c.kind == kind.value, router_part.c.name == name
    )
    return connection.execute(query).scalar_one_or_none()


def workspace_sid(connection: Connection) -> str | None:
    """The SID of our workspace, once it was applied."""
    query = select(router_part.c.sid).where(router_part.c.kind == Kind.WORKSPACE.value)
    return connection.execute(query).scalar_one_or_none()


def wanted_state(connection: Connection, technician_id: int) -> TechnicianState:
    """The state to show TaskRouter. Whom it has reserved itself, it keeps from other calls."""
    query = select(technician.c.state).where(technician.c.id == technician_id)
    state: TechnicianState = connection.execute(query).scalar_one()
    reserved_there = select(router_reservation.c.sid).where(
        router_reservation.c.technician_id == technician_id,
        router_reservation.c.state == ReservationState.OFFERED,
    )
    if state is TechnicianState.RESERVED and connection.execute(reserved_there).first():
        return TechnicianState.AVAILABLE
    return state


def end_task_row(connection: Connection, task_id: int) -> None:
    """The task is over at TaskRouter, and so is every reservation of it."""
    ended = update(router_task).where(router_task.c.id == task_id)
    connection.execute(ended.values(state=TaskState.ENDED, asking=False))
    connection.execute(
        update(router_reservation)
        .where(router_reservation.c.task_id == task_id)
        .values(state=ReservationState.ENDED, asking=False)
    )
