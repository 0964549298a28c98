"""The interpreter: plays a flow to its next wait, one turn at a time, and forgets everything."""

from callflows.events import Event
from callflows.model import Ending, Flow
from callflows.session import Session
from callflows.world import FlowLimits, Turn, World

__all__ = ["Ending", "FlowLimits", "FlowLoop", "Turn", "World", "advance", "begin"]


class FlowLoop(Exception):
    """The flow goes round without end; the message says where, for the journal."""


def begin(flow: Flow, world: World) -> Turn:
    """The first turn of a call."""
    raise NotImplementedError


def advance(flow: Flow, session: Session, event: Event, world: World) -> Turn:
    """The next turn: what happened is `event`. An event that does not fit repeats the question."""
    raise NotImplementedError
