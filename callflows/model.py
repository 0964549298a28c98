"""The model of a flow: its nodes, one kind per verb of the YAML, and where each of them goes.

A node is found by its name, and every target is a name. What is said are names of prompts, what
is played are names of media.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.policy import Outcome
from routing.regions import Entry

BY_POLICY = "by_policy"


class Ending(StrEnum):
    """Why a flow hung up, in the words of the dispositions."""

    REFUSED = "refused"
    MESSAGE = "voicemail"
    MESSAGE_EMPTY = "voicemail_empty"
    TRANSFERRED = "transferred"
    BRIDGED = "connected"
    ABANDONED = "abandoned_queue"


@dataclass(frozen=True)
class Enter:
    """Go where this line's callers begin."""

    targets: Mapping[Entry, str]


@dataclass(frozen=True)
class Say:
    """Say one prompt, or several in a row, and go on."""

    prompts: tuple[str, ...]
    next: str


@dataclass(frozen=True)
class TryAgain:
    """Say what went wrong and ask `at` again; after as many tries as are allowed, `otherwise`."""

    prompt: str
    at: str
    otherwise: str


@dataclass(frozen=True)
class Menu:
    """Let the caller choose by one key.

    `keys` are keys, and two words the line gives a meaning to: `support_option` is its key for
    technical support, `other_option` any key it has a number for.
    """

    prompt: str
    keys: Mapping[str, str]
    silence: str
    other: str


@dataclass(frozen=True)
class AskTicket:
    """Ask for a ticket number, ended by the pound key.

    `menu_choice` is for those who press the key of the menu once more; on a line without a menu,
    and after a few times, it is a number like any other.
    """

    prompt: str
    keyed: str
    silence: str
    menu_choice: str


@dataclass(frozen=True)
class FindTicket:
    """Look the keyed number up at the help desk."""

    found: str
    unknown: str
    unavailable: str


@dataclass(frozen=True)
class Decide:
    """Apply the support rules; each outcome has a target."""

    targets: Mapping[Outcome, str]


@dataclass(frozen=True)
class Announce:
    """Say what the decision wants the caller to know before going on, if anything."""

    next: str


@dataclass(frozen=True)
class Enqueue:
    """Let the caller wait for a technician, in the queue the policy chooses or in a named one.

    `position` is said once, `music` played all the time, and `menu` offered now and then. A key of
    `keys` leaves the queue; any other keeps waiting. Whoever is connected does not come back.
    """

    queue: str
    position: str
    music: str
    menu: str
    keys: Mapping[str, str]
    overflow: str
    full: str
    error: str


@dataclass(frozen=True)
class TakeMessage:
    """Ask for a message and record it, from those who have a ticket to bind it to."""

    prompt: str
    taken: str
    empty: str
    without_ticket: str


@dataclass(frozen=True)
class Transfer:
    """Connect the caller to the number of the menu option chosen; whoever talked is done."""

    prompt: str
    unanswered: str


@dataclass(frozen=True)
class EndWith:
    """Say one prompt, or several in a row, and hang up; the ending tells why."""

    prompts: tuple[str, ...]
    ending: Ending


Node = (
    Enter
    | Say
    | TryAgain
    | Menu
    | AskTicket
    | FindTicket
    | Decide
    | Announce
    | Enqueue
    | TakeMessage
    | Transfer
    | EndWith
)


@dataclass(frozen=True)
class Flow:
    """One conversation. `lines` are line numbers in `file`, by the path of keys to them."""

    name: str
    start: str
    nodes: Mapping[str, Node]
    file: str = field(default="", compare=False)
    lines: Mapping[tuple[str | int, ...], int] = field(
        default_factory=dict, compare=False, repr=False
    )
