"""The session: where a call stands in its flow, and what is remembered from turn to turn."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from callflows.model import Ending
from callflows.packing import pack, unpack_text
from routing.policy import Decision
from routing.tickets import DeskAnswer


@dataclass(frozen=True)
class Session:
    """Everything a call's next turn depends on, beside the event and the world.

    `node` is where the call waits, `steps` counts turns (hold events are none), `tries` failed
    answers by the node that asked, `menu_choices` how often the menu's key came where a ticket
    number was asked for. `option` is the menu key chosen, `keyed` the ticket number as keyed,
    `desk` the help desk's answer to it. In the queue, `hold_menu_at` is when the caller was last
    offered the menu, or began to wait, `hold_message_at` when a message was last said, and
    `leaving` the target of the key that leaves.
    `keyed_number` is a telephone number as keyed, `number_to_call` one in E.164 to be called back.
    """

    flow: str
    node: str
    language: str
    steps: int = 0
    tries: Mapping[str, int] = field(default_factory=dict)
    menu_choices: int = 0
    option: str | None = None
    keyed: str | None = None
    desk: DeskAnswer | None = None
    decision: Decision | None = None
    queue: str | None = None
    hold_menu_at: datetime | None = None
    position_said: bool = False
    leaving: str | None = None
    ending: Ending | None = None
    keyed_number: str | None = None
    number_to_call: str | None = None
    hold_message_at: datetime | None = None
    messages_said: int = 0

    def to_json(self) -> str:
        """In ASCII alone, so that no character of a ticket can make it unfit to be stored."""
        return json.dumps(pack(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Session":
        """The session that `to_json` wrote; for anything else it raises packing.Unreadable."""
        return unpack_text(cls, text)
