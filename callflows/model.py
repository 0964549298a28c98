"""The model of a flow: its nodes, and where each of them goes.

The dataclasses are also the schema of the YAML: one kind of node per verb, the verb is the first
field, and the fields are the keys of a node; a field with a default is a key it may leave out. What
a field refers to is told by its type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NewType

from routing.policy import Outcome
from routing.regions import Entry

Target = NewType("Target", str)  # a node, gone to without the caller doing anything
Chosen = NewType("Chosen", str)  # a node, gone to because the caller pressed keys or spoke
Prompt = NewType("Prompt", str)
Medium = NewType("Medium", str)
Queue = NewType("Queue", str)
Key = NewType("Key", str)  # one key of a telephone
MenuKey = NewType("MenuKey", str)  # the same, or one of the two words below

SUPPORT_OPTION = MenuKey("support_option")  # the line's own key for technical support
OTHER_OPTION = MenuKey("other_option")  # any key the line has a number to transfer to
BY_POLICY = Queue("by_policy")


class Search(StrEnum):
    """How looking for a ticket ends."""

    FOUND = "found"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


class Escalation(StrEnum):
    """How a caller may ask for support management now (R22)."""

    BY_TELEPHONE = "by_telephone"
    IN_TICKET = "in_ticket"
    WITHOUT_TICKET = "without_ticket"


class AfterWaiting(StrEnum):
    """What follows when nobody was free for as long as anybody may wait (A5)."""

    CALLBACK = "callback"
    CHOICE = "choice"


class Ending(StrEnum):
    """Why a flow hung up, in the words of the dispositions."""

    REFUSED = "refused"
    MESSAGE = "voicemail"
    MESSAGE_EMPTY = "voicemail_empty"
    TRANSFERRED = "transferred"
    BRIDGED = "connected"
    ABANDONED = "abandoned_queue"
    CALLBACK = "callback_requested"


@dataclass(frozen=True)
class Enter:
    """Go where the callers of this line begin."""

    enter: Mapping[Entry, Target]


@dataclass(frozen=True)
class Say:
    """Say one prompt, or several in a row, and go on."""

    say: tuple[Prompt, ...]
    next: Target


@dataclass(frozen=True)
class TryAgain:
    """Say what went wrong and ask again; after as many tries as are allowed, go elsewhere."""

    try_again: Prompt
    at: Target
    otherwise: Target


@dataclass(frozen=True)
class FindTicket:
    """Look the keyed number up at the help desk."""

    find_ticket: Mapping[Search, Target]


@dataclass(frozen=True)
class Decide:
    """Apply the support rules to the caller's ticket."""

    decide: Mapping[Outcome, Target]


@dataclass(frozen=True)
class Announce:
    """Say what the decision wants the caller to know besides, if anything: `announce_…` prompts."""

    announce: Literal["decision"]
    next: Target


@dataclass(frozen=True)
class FindNumber:
    """Take the caller's own number, or the one just keyed, as the one to call back, if it may be.

    Only a caller whose ticket the help desk has confirmed is called back (I8).
    """

    find_number: Literal["callers_own", "keyed"]
    found: Target
    not_callable: Target
    without_ticket: Target


@dataclass(frozen=True)
class MayEscalate:
    """Go where the caller's way of escalating leads: by telephone, in the ticket, or neither."""

    may_escalate: Mapping[Escalation, Target]


@dataclass(frozen=True)
class AddNote:
    """Have the text of a prompt put on the caller's ticket, if the help desk knows the ticket."""

    add_note: Prompt
    next: Target


@dataclass(frozen=True)
class WaitedInVain:
    """Go where the rules lead a caller who has waited in vain: a callback, or their own choice."""

    waited_in_vain: Mapping[AfterWaiting, Target]


@dataclass(frozen=True)
class Page:
    """Have the people on call told of this call at once, checked or not (A20)."""

    page: Literal["on_call"]
    next: Target


@dataclass(frozen=True)
class Menu:
    """Let the caller choose by one key."""

    menu: Prompt
    keys: Mapping[MenuKey, Chosen]
    silence: Target
    other: Chosen


@dataclass(frozen=True)
class AskTicket:
    """Ask for a ticket number.

    `menu_choice` is for those who press the menu's key for support once more. On a line without a
    menu, and after a few times, that key is a number like any other.
    """

    ask_ticket: Prompt
    keyed: Chosen
    silence: Target
    menu_choice: Chosen


@dataclass(frozen=True)
class AskNumber:
    """Ask for a telephone number."""

    ask_number: Prompt
    keyed: Chosen
    silence: Target


@dataclass(frozen=True)
class Enqueue:
    """Let the caller wait for a technician, in a named queue or in the one the policy chooses.

    `position` is said once, and with it `recent_waits` where something honest is known. `music` is
    played, `menu` offered now and then, and half-way between two menus one of `messages` is said,
    each once. A key of `keys` leaves the queue; any other keeps waiting. After a talk with a
    technician the call is over.

    Callers who may escalate by telephone hear `escalate_menu` after the menu and have the keys of
    `escalate_keys` too; those who may escalate in the ticket only hear `escalate_later`.
    """

    enqueue: Queue
    position: Prompt
    music: Medium
    menu: Prompt
    keys: Mapping[Key, Chosen]
    overflow: Target
    full: Target
    error: Target
    recent_waits: Prompt | None = None
    messages: tuple[Prompt, ...] = ()
    escalate_menu: Prompt | None = None
    escalate_keys: Mapping[Key, Chosen] = field(default_factory=dict)
    escalate_later: Prompt | None = None


@dataclass(frozen=True)
class TakeMessage:
    """Record a message, if there is a ticket, or at least an unchecked number, to keep it with."""

    take_message: Prompt
    taken: Chosen
    empty: Target
    without_ticket: Target


@dataclass(frozen=True)
class Transfer:
    """Connect the caller to the number of the menu's option; after a talk the call is over."""

    transfer: Literal["other_option"]
    say: Prompt
    unanswered: Target


@dataclass(frozen=True)
class RequestCallback:
    """Say so and hang up: a technician will telephone the number that was found."""

    request_callback: tuple[Prompt, ...]
    without_number: Target


@dataclass(frozen=True)
class EndWith:
    """Say one prompt, or several in a row, and hang up."""

    end_with: tuple[Prompt, ...]
    ending: Ending


PassingNode = (
    Enter
    | Say
    | TryAgain
    | FindTicket
    | Decide
    | Announce
    | FindNumber
    | MayEscalate
    | AddNote
    | WaitedInVain
    | Page
)
WaitingNode = Menu | AskTicket | AskNumber | Enqueue | TakeMessage | Transfer
EndingNode = RequestCallback | EndWith
Node = PassingNode | WaitingNode | EndingNode


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
