"""Holding: what a waiting caller hears round by round, and what the keys do there."""

from dataclasses import replace

from callflows import model
from callflows.events import HoldKey, HoldTick
from callflows.session import Session
from callflows.verbs import Hold, LeaveQueue, Play
from callflows.visit import said
from callflows.world import Turn, World


def hold(node: model.Enqueue, session: Session, event: HoldTick | HoldKey, world: World) -> Turn:
    """The next round: the position once, the menu when it is time, else music.

    The session changes only when one of the first two was said, or a key was pressed that leaves.
    """
    if isinstance(event, HoldKey):
        target = node.keys.get(model.Key(event.digits[:1]))
        session = replace(session, leaving=session.leaving or target)
    if session.leaving is not None:
        return Turn((LeaveQueue(),), session)
    music = Play(node.music)
    if event.position is not None and not session.position_said:
        position = said(node.position, session, world, position=str(event.position))
        return Turn((Hold((*position, music), keys=False),), replace(session, position_said=True))
    if isinstance(event, HoldTick) and _is_menu_due(session, world):
        # The music belongs to the menu, so that a caller who thinks it over can still press a key.
        menu = said(node.menu, session, world)
        return Turn((Hold((*menu, music), keys=True),), replace(session, hold_menu_at=world.now))
    return Turn((Hold((music,), keys=False),), session)


def _is_menu_due(session: Session, world: World) -> bool:
    if session.hold_menu_at is None:
        return True
    waited = (world.now - session.hold_menu_at).total_seconds()
    return waited >= world.limits.hold_menu_seconds
