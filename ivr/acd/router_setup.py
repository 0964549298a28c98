"""Makes the task router's workspace what our configuration and our technicians ask for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, select

from ivr.acd.router_plan import ORDER, Addresses, PartChange, changes
from ivr.acd.router_records import keep_parts
from ivr.acd.technicians import Technician, all_technicians
from ivr.configuration import Configuration
from ivr.publishing import live
from ivr.store.engine import reading, writing
from ivr.store.technicians import technician
from ivr.task_routing import Kind, Part, TaskRouter

# More than the kinds there are: each round makes one kind, on which the next may depend.
MOST_ROUNDS = 10


def plan(engine: Engine, router: TaskRouter, addresses: Addresses) -> list[PartChange]:
    """What has to change, and what nobody asked for. Asks the task router, changes nothing."""
    with reading(engine) as connection:
        configuration = live(connection).configuration
        people = _workers(connection)
    existing = router.parts(configuration.distribution.workspace)
    return changes(configuration, people, addresses, existing)


def apply(
    engine: Engine,
    router: TaskRouter,
    addresses: Addresses,
    done: Callable[[PartChange], None] = lambda _: None,
) -> None:
    """Change what has to be changed, and remember every part; again changes nothing.

    `done` is told of each change that was made. What was made before a refusal stays made, and
    the next time goes on from there.
    """
    with reading(engine) as connection:
        configuration = live(connection).configuration
        people = _workers(connection)
    parts = router.parts(configuration.distribution.workspace)
    try:
        for _ in range(MOST_ROUNDS):
            due = _next_kind(configuration, people, addresses, parts)
            if not due:
                break
            for change in due:
                parts = _make(router, change, parts)
                done(change)
    finally:
        if parts:
            with writing(engine) as connection:
                keep_parts(connection, parts, people)


def _next_kind(
    configuration: Configuration,
    people: Sequence[Technician],
    addresses: Addresses,
    parts: Sequence[Part],
) -> list[PartChange]:
    """The changes of the first kind that has any."""
    needed = [c for c in changes(configuration, people, addresses, parts) if c.is_needed]
    first = min((ORDER.index(change.part.kind) for change in needed), default=0)
    return [change for change in needed if change.part.kind is ORDER[first]]


def _make(router: TaskRouter, change: PartChange, parts: Sequence[Part]) -> list[Part]:
    """Make one change; returns the parts as they are then."""
    workspace = next((part.sid for part in parts if part.kind is Kind.WORKSPACE), None) or ""
    wants = change.part
    if change.had is None:
        if wants.kind is not Kind.WORKSPACE:
            return [*parts, replace(wants, sid=router.create_part(workspace, wants))]
        router.create_part(workspace, wants)
        # It may come with parts of its own.
        return router.parts(wants.name)
    changed = replace(wants, sid=change.had.sid)
    router.change_part(workspace, changed)
    return [changed if part is change.had else part for part in parts]


def _workers(connection: Connection) -> list[Technician]:
    """Whoever may be offered calls."""
    query = select(technician.c.id).where(technician.c.enabled)
    enabled = set(connection.execute(query).scalars())
    return [person for person in all_technicians(connection) if person.id in enabled]
