"""What a technician may become from what they are: the one table of moves."""

from ivr.store.technicians import TechnicianState as T

TECHNICIAN_MOVES: dict[T, frozenset[T]] = {
    T.OFFLINE: frozenset({T.AVAILABLE, T.ON_BREAK, T.RESERVED}),
    T.AVAILABLE: frozenset({T.RESERVED, T.ON_BREAK, T.OFFLINE}),
    T.RESERVED: frozenset({T.ON_CALL, T.AVAILABLE, T.ON_BREAK, T.OFFLINE}),
    T.ON_CALL: frozenset({T.WRAP_UP, T.AVAILABLE, T.ON_BREAK, T.OFFLINE}),
    T.WRAP_UP: frozenset({T.AVAILABLE, T.ON_BREAK, T.OFFLINE}),
    T.ON_BREAK: frozenset({T.AVAILABLE, T.OFFLINE, T.RESERVED}),
}

# What a technician (or the command line) may ask for; the others come about by calls alone.
ASKED_FOR = frozenset({T.AVAILABLE, T.ON_BREAK, T.OFFLINE})
# States in which somebody who is on call can be rung; from the last two they go back to them.
STANDS_BY = frozenset({T.AVAILABLE, T.OFFLINE, T.ON_BREAK})
# States a call put the technician in: what is asked for then waits until the call is over.
BUSY = frozenset({T.RESERVED, T.ON_CALL})
# States of somebody who can take a call, now or when the one they are on is over.
ON_SHIFT = frozenset({T.AVAILABLE, T.RESERVED, T.ON_CALL, T.WRAP_UP})
