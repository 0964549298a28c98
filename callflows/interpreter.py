"""The interpreter: plays a flow to its next wait, one turn at a time.

It keeps nothing: all that a later turn needs is in the session. Whatever the caller does, a turn
ends in a verb that waits or in Hangup. Only a flow that goes round raises, FlowLoop.
"""

import re
from dataclasses import replace

from callflows import model
from callflows.events import (
    Event,
    HoldKey,
    HoldTick,
    Keyed,
    LeftQueue,
    MessageTaken,
    QueueResult,
    Silence,
    TransferEnded,
)
from callflows.holding import hold
from callflows.model import Ending, Flow
from callflows.session import Session
from callflows.verbs import Hangup
from callflows.visit import KEYS_AT_MOST, Visit
from callflows.world import FlowLimits, FlowLoop, Turn, World
from routing.regions import Entry

__all__ = ["Ending", "FlowLimits", "FlowLoop", "Turn", "World", "advance", "begin"]

TURNS_PER_CALL = 60
# How often the menu's key is taken for impatience where a ticket number was asked for (A8).
MENU_CHOICES = 3
NOT_A_KEY = re.compile(r"[^0-9A-D*#]")


def begin(flow: Flow, world: World) -> Turn:
    """The first turn of a call. Raises FlowLoop."""
    language = next(iter(world.line.languages), world.line.region.language)
    session = Session(flow=flow.name, node=flow.start, language=language, steps=1)
    return Visit(flow, world, session).play(flow.start)


def advance(flow: Flow, session: Session, event: Event, world: World) -> Turn:
    """The next turn, after `event`. Raises FlowLoop.

    An event that the flow is not waiting for repeats what it is waiting for. A call that has ended
    stays ended. Hold events are not turns: a long wait must not use the turns up.
    """
    if session.ending is not None:
        return Turn((Hangup(),), session, ending=session.ending)
    node = flow.nodes[session.node]
    if isinstance(event, HoldTick | HoldKey):
        if isinstance(node, model.Enqueue):
            return hold(node, session, event, world)
        return Visit(flow, world, session).play(session.node)
    if session.steps >= TURNS_PER_CALL:
        raise FlowLoop(f"The call has had {TURNS_PER_CALL} turns, the last at {session.node}.")
    visit = Visit(flow, world, replace(session, steps=session.steps + 1))
    match node, event:
        case model.Enqueue(), LeftQueue("bridged"):
            return visit.end(Ending.BRIDGED)
        case model.Enqueue(), LeftQueue("abandoned"):
            return visit.end(Ending.ABANDONED)
        case model.Transfer(), TransferEnded(answered=True):
            return visit.end(Ending.TRANSFERRED)
    return visit.play(_target(node, event, visit))


def _target(node: model.Node, event: Event, visit: Visit) -> str:
    """Where this event leads from the node the call waits at; what was keyed is remembered."""
    match node, event:
        case model.Menu(), Keyed(digits):
            return _chosen(node, _keys(digits), visit)
        case model.AskTicket(), Keyed(digits):
            return _keyed(node, _keys(digits), visit)
        case model.AskNumber(), Keyed(digits):
            visit.session = replace(visit.session, keyed_number=_keys(digits))
            return node.keyed if digits else node.silence
        case ((model.Menu() | model.AskTicket() | model.AskNumber()), Silence()):
            return node.silence
        case model.Enqueue(), LeftQueue(result):
            return _out_of_queue(node, result, visit)
        case model.TakeMessage(), MessageTaken(seconds):
            is_message = seconds >= visit.world.limits.message_min_seconds
            return node.taken if is_message else node.empty
        case model.Transfer(), TransferEnded():
            return node.unanswered
    return visit.session.node


def _out_of_queue(node: model.Enqueue, result: QueueResult, visit: Visit) -> str:
    match result:
        case "message":
            return visit.session.leaving or node.overflow
        case "full":
            return node.full
        case "error":
            return node.error
        case _:
            return node.overflow


def _chosen(node: model.Menu, key: str, visit: Visit) -> str:
    """A key of the flow comes before one of the line, and that for support before the others."""
    line = visit.world.line
    if not key:
        return node.silence
    if key in node.keys:
        return node.keys[model.MenuKey(key)]
    if key == line.support_option and model.SUPPORT_OPTION in node.keys:
        return node.keys[model.SUPPORT_OPTION]
    if key in line.other_options and model.OTHER_OPTION in node.keys:
        visit.session = replace(visit.session, option=key)
        return node.keys[model.OTHER_OPTION]
    return node.other


def _keyed(node: model.AskTicket, keys: str, visit: Visit) -> str:
    session, line = visit.session, visit.world.line
    if not keys:
        return node.silence
    is_menu_key = line.entry is Entry.MENU and keys == line.support_option
    if is_menu_key and session.menu_choices < MENU_CHOICES:
        visit.session = replace(session, menu_choices=session.menu_choices + 1)
        return node.menu_choice
    visit.session = replace(session, keyed=keys)
    return node.keyed


def _keys(digits: str) -> str:
    return NOT_A_KEY.sub("", digits)[:KEYS_AT_MOST]
