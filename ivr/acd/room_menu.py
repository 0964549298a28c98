"""The menu of a technician who has stepped out of the room by `*`, key by key.

Every answer is found in the transaction that makes it come true. What no key was pressed for, or
a wrong one, is asked once more; then the technician is back with the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection

from callflows.prompts import say_digits
from ivr.acd import call_tickets, company, partings, rooms
from ivr.acd.offers import Offer
from ivr.acd.spoken import LANGUAGE, text
from ivr.call_records import Call
from ivr.configuration import Configuration
from ivr.configuration.model import Transfer
from ivr.store.rooms import HandoverKind
from routing.queues import Queue
from routing.tickets import DeskAnswer

T = TypeVar("T")

# Keys 1 to 9 choose from a list; 0 goes on to the rest of it.
LIST_KEYS = 9


class Question(StrEnum):
    """What a technician was asked, and answers by the next keys."""

    OPENED = "opened"
    MENU = "menu"
    MENU_AGAIN = "menu-again"
    QUEUE = "queue"
    TARGET = "target"
    TICKET = "ticket"


@dataclass(frozen=True)
class Scene:
    """What the menu knows: the offer and its call, both configurations, and the desk's answer.

    Lists are those of the call's own revision, so that a key means what was read out.
    """

    offer: Offer
    call: Call
    configuration: Configuration
    live: Configuration
    now: datetime
    desk: DeskAnswer | None = None


@dataclass(frozen=True)
class Ask:
    """Say this, and wait for keys that answer the question; `start` is where its list begins."""

    says: tuple[str, ...]
    question: Question
    start: int = 0


@dataclass(frozen=True)
class Return:
    """Say this, and back into the room."""

    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leave:
    """Say this, and hang up: the technician's part is over."""

    says: tuple[str, ...]


Step = Ask | Return | Leave


def next_step(
    connection: Connection, scene: Scene, question: Question, start: int, keys: str
) -> Step:
    """What follows from the keys pressed at a question; none were pressed is ""."""
    match question, keys:
        case Question.OPENED, _:
            rooms.open_menu(connection, scene.offer)
            missed = company.nobody_came(connection, scene.offer)
            return _menu(scene, *([_text(scene, "room_manager_missed")] if missed else []))
        case Question.QUEUE, _:
            return _queue_chosen(connection, scene, start, keys)
        case Question.TARGET, _:
            return _target_chosen(connection, scene, start, keys)
        case Question.TICKET, _ if keys:
            return _attach(connection, scene, keys)
        case ((Question.MENU | Question.MENU_AGAIN), ("1" | "2" | "3" | "4" | "5")):
            return _key_of_menu(connection, scene, keys)
        case Question.MENU_AGAIN, _:
            return Return()
    return _menu_again(scene)


def _key_of_menu(connection: Connection, scene: Scene, key: str) -> Step:
    match key:
        case "2":
            return _list_queues(connection, scene, 0)
        case "3":
            return _list_targets(scene, 0)
        case "4":
            return _ring_duty_manager(connection, scene)
        case "5":
            return _ask_ticket(connection, scene)
        case _:
            return Return()


def _menu(scene: Scene, *first: str) -> Ask:
    return Ask((*first, _text(scene, "room_menu")), Question.MENU)


def _menu_again(scene: Scene, *first: str) -> Ask:
    return Ask((*first, _text(scene, "room_menu_again")), Question.MENU_AGAIN)


def _list_queues(connection: Connection, scene: Scene, start: int) -> Ask:
    labels = [queue.label for queue in _queues(connection, scene)]
    if not labels:
        return _menu(scene, _text(scene, "room_no_queues"))
    return Ask(_choices(scene, labels, start), Question.QUEUE, start)


def _queue_chosen(connection: Connection, scene: Scene, start: int, keys: str) -> Step:
    queues = _queues(connection, scene)
    if keys == "0" and start + LIST_KEYS < len(queues):
        return _list_queues(connection, scene, start + LIST_KEYS)
    queue = _chosen(queues, start, keys)
    if queue is None:
        return _menu_again(scene)
    if not _send_on(connection, scene, HandoverKind.QUEUE, queue.name):
        return _menu(scene, _text(scene, "room_not_yet"))
    return Leave((_text(scene, "room_to_queue", label=queue.label),))


def _list_targets(scene: Scene, start: int) -> Ask:
    labels = [target.label for target in _targets(scene)]
    if not labels:
        return _menu(scene, _text(scene, "room_no_targets"))
    return Ask(_choices(scene, labels, start), Question.TARGET, start)


def _target_chosen(connection: Connection, scene: Scene, start: int, keys: str) -> Step:
    targets = _targets(scene)
    if keys == "0" and start + LIST_KEYS < len(targets):
        return _list_targets(scene, start + LIST_KEYS)
    target = _chosen(targets, start, keys)
    if target is None:
        return _menu_again(scene)
    if not _send_on(connection, scene, HandoverKind.TARGET, target.name):
        return _menu(scene, _text(scene, "room_not_yet"))
    return Leave((_text(scene, "room_to_target", label=target.label),))


def _send_on(connection: Connection, scene: Scene, kind: HandoverKind, name: str) -> bool:
    wrap_up = scene.live.timers.wrap_up_seconds
    return partings.send_on(connection, scene.offer, kind, name, scene.now, wrap_up)


def _ring_duty_manager(connection: Connection, scene: Scene) -> Step:
    if not partings.is_bridged(connection, scene.offer):
        return _menu(scene, _text(scene, "room_not_yet"))
    if not company.ring_duty_manager(connection, scene.live, scene.offer, scene.now):
        return _menu(scene, _text(scene, "room_manager_nobody"))
    return Return((_text(scene, "room_manager_rung"),))


def _ask_ticket(connection: Connection, scene: Scene) -> Ask:
    most = scene.configuration.max_tickets_per_call
    if len(call_tickets.tickets_of(connection, scene.call)) >= most:
        return _menu(scene, _text(scene, "room_tickets_full"))
    return Ask((_text(scene, "room_ask_ticket"),), Question.TICKET)


def _attach(connection: Connection, scene: Scene, keys: str) -> Ask:
    assert scene.desk is not None
    technician, most = scene.offer.technician_id, scene.configuration.max_tickets_per_call
    result = call_tickets.attach(connection, scene.call, scene.desk, technician, most, scene.now)
    prompt = f"room_{result.value}"
    needed = scene.live.prompts.placeholders(LANGUAGE, prompt)
    values = {"ticket": say_digits(keys)} if needed else {}
    return _menu(scene, _text(scene, prompt, **values))


def _queues(connection: Connection, scene: Scene) -> list[Queue]:
    """Where the caller may be sent: every queue but the one they come from."""
    here = partings.queue_of(connection, scene.offer)
    return [queue for queue in scene.configuration.plan.queues if queue.name != here]


def _targets(scene: Scene) -> list[Transfer]:
    """The targets for callers of this region that are still those of the live configuration."""
    region = scene.configuration.line_for(scene.call.dnis).region.name
    return [
        target
        for target in scene.configuration.transfers
        if target in scene.live.transfers and (not target.regions or region in target.regions)
    ]


def _chosen(items: Sequence[T], start: int, keys: str) -> T | None:
    if len(keys) != 1 or keys not in "123456789" or start + int(keys) > len(items):
        return None
    return items[start + int(keys) - 1]


def _choices(scene: Scene, labels: Sequence[str], start: int) -> tuple[str, ...]:
    shown = labels[start : start + LIST_KEYS]
    says = [
        _text(scene, "room_choice", key=str(key), label=label) for key, label in enumerate(shown, 1)
    ]
    if start + LIST_KEYS < len(labels):
        says.append(_text(scene, "room_more"))
    return tuple(says)


def _text(scene: Scene, name: str, **values: str) -> str:
    return text(scene.live, name, **values)
