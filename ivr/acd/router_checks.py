"""Once a minute the task router is asked how things stand, for events that never reached us."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ivr.acd import outbox
from ivr.acd.router_callbacks import RouterEvent, happened
from ivr.configuration import Configuration
from ivr.store.taskrouter import TaskState, router_task
from ivr.task_routing import TaskRouter

CHECK = "router_check"
# From when the last one was taken up, which is its lease before it was `due` for the last time.
EVERY = timedelta(seconds=60) - outbox.SENDING_LEASE
SUBJECT = "workspace"


@dataclass(frozen=True)
class Seen:
    """How things stood at TaskRouter, asked at an instant: `known` are the tasks of ours then."""

    at: datetime
    known: Set[str]
    live_tasks: Set[str]
    activities: Mapping[str, str]


def check_when_due(connection: Connection, now: datetime) -> int:
    """Have the task router asked, unless it was lately."""
    if outbox.was_posted(connection, CHECK, SUBJECT, now - EVERY):
        return 0
    outbox.post(connection, CHECK, SUBJECT, now)
    return 1


def known_tasks(connection: Connection) -> set[str]:
    """The tasks that are open as far as we know."""
    query = select(router_task.c.sid).where(
        router_task.c.state == TaskState.OPEN, router_task.c.sid.is_not(None)
    )
    return {str(sid) for sid in connection.execute(query).scalars()}


def look(router: TaskRouter, workspace_sid: str, known: Set[str], now: datetime) -> Seen:
    """Ask for the tasks that are not over, and for every worker's activity."""
    return Seen(now, known, router.live_tasks(workspace_sid), router.activities(workspace_sid))


def follow(connection: Connection, configuration: Configuration, seen: Seen, now: datetime) -> None:
    """What differs is taken as the event that was lost."""
    for sid in sorted(seen.known - seen.live_tasks):
        ended = RouterEvent("task.canceled", seen.at, sid, None, None, None)
        happened(connection, configuration, ended, now)
    for worker, activity in seen.activities.items():
        changed = RouterEvent("worker.activity.update", seen.at, None, None, worker, activity)
        happened(connection, configuration, changed, now)
