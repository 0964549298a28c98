"""Holding: what a waiting caller hears round by round, and what the keys do there."""

from collections.abc import Iterator
from dataclasses import replace

from callflows import model
from callflows.escalation import way_to_escalate
from callflows.events import HoldKey, HoldTick
from callflows.session import Session
from callflows.verbs import Hold, LeaveQueue, Play, Say
from callflows.visit import said
from callflows.world import Turn, World


def hold(node: model.Enqueue, session: Session, event: HoldTick | HoldKey, world: World) -> Turn:
    """The next round: the position once, the menu when it is time, a message, else music.

    The session changes only when one of the first three was said, or a key was pressed that
    leaves. Every round ends in a piece of music, so nothing follows the menu at once.
    """
    if isinstance(event, HoldKey):
        target = _keys(node, session).get(model.Key(event.digits[:1]))
        session = replace(session, leaving=session.leaving or target)
    if session.leaving is not None:
        return Turn((LeaveQueue(),), session)
    music = Play(node.music)
    if event.position is not None and not session.position_said:
        position = said(node.position, session, world, position=str(event.position))
        position += _recent_waits(node, session, event.recent_wait_minutes, world)
        return Turn((Hold((*position, music), keys=False),), replace(session, position_said=True))
    if isinstance(event, HoldTick) and _is_menu_due(session, world):
        # The music belongs to the menu, so that a caller who thinks it over can still press a key.
        menu = [say for prompt in _menu(node, session) for say in said(prompt, session, world)]
        return Turn((Hold((*menu, music), keys=True),), replace(session, hold_menu_at=world.now))
    if isinstance(event, HoldTick) and _is_message_due(node, session, world):
        message = said(node.messages[session.messages_said], session, world)
        told = replace(session, messages_said=session.messages_said + 1, hold_message_at=world.now)
        return Turn((Hold((*message, music), keys=False),), told)
    return Turn((Hold((music,), keys=False),), session)


def _keys(node: model.Enqueue, session: Session) -> dict[model.Key, model.Chosen]:
    """The keys that lead somewhere for this caller: what is offered to others is not pressed."""
    by_telephone = way_to_escalate(session) is model.Escalation.BY_TELEPHONE
    return {**(node.escalate_keys if by_telephone else {}), **node.keys}


def _menu(node: model.Enqueue, session: Session) -> Iterator[model.Prompt]:
    yield node.menu
    match way_to_escalate(session):
        case model.Escalation.BY_TELEPHONE:
            added = node.escalate_menu
        case model.Escalation.IN_TICKET:
            added = node.escalate_later
        case _:
            added = None
    if added is not None:
        yield added


def _recent_waits(
    node: model.Enqueue, session: Session, minutes: int | None, world: World
) -> list[Say]:
    """What others waited, where it is known: never what this caller will (R25)."""
    if node.recent_waits is None or minutes is None:
        return []
    return said(node.recent_waits, session, world, minutes=str(minutes))


def _is_menu_due(session: Session, world: World) -> bool:
    return _since_menu(session, world) >= world.limits.hold_menu_seconds


def _is_message_due(node: model.Enqueue, session: Session, world: World) -> bool:
    """Half-way between two menus, one at most, and each once: nobody likes to hear it again."""
    if session.messages_said >= len(node.messages):
        return False
    menu_at, message_at = session.hold_menu_at, session.hold_message_at
    is_first = message_at is None or menu_at is None or message_at <= menu_at
    return is_first and 2 * _since_menu(session, world) >= world.limits.hold_menu_seconds


def _since_menu(session: Session, world: World) -> float:
    """Seconds since the menu was offered, or the wait began."""
    if session.hold_menu_at is None:
        return world.limits.hold_menu_seconds
    return (world.now - session.hold_menu_at).total_seconds()
