"""Phones: what a person at the other end can do, and what they hear."""

from typing import Protocol


class Phone(Protocol):
    """One telephone. Commands are put in the order given and happen as time runs; nothing happens before.

    Keys take 0.1 s each, words 0.35 s. Time runs in `exchange.run_for`, `run_until`, and in `hears`, `rings` and
    `is_left` below, which fail (AssertionError) showing everything this phone heard.
    """

    number: str
    name: str

    @property
    def heard(self) -> list[str]:
        """Every sentence so far; sounds in brackets: `[beep]`, `[music hold.wav]`, `[ringing]`."""
        ...

    @property
    def ringing(self) -> bool: ...

    @property
    def on_a_call(self) -> bool: ...

    @property
    def call_sid(self) -> str:
        """The SID of the call this phone is on or was last on; "" when none."""
        ...

    def dial(self, to: str) -> "Phone": ...
    def press(self, keys: str) -> "Phone": ...
    def speak(self, text: str, seconds: float | None = None) -> "Phone": ...
    def hang_up(self) -> "Phone": ...
    def answer(self) -> "Phone": ...
    def reject(self) -> "Phone": ...

    def answers_by_itself(self, after: float = 1.0) -> "Phone":
        """From now on every ring is answered after so many seconds."""
        ...

    def does_not_answer(self) -> "Phone":
        """The default: it rings until the other side gives up."""
        ...

    def is_busy(self) -> "Phone": ...

    def is_unreachable(self) -> "Phone": ...

    def voicemail_greets(self, greeting: str, after: float = 4.0) -> "Phone":
        """A machine picks up after so many seconds, says its greeting and presses nothing."""
        ...

    def hears(self, phrase: str, within: float = 30) -> "Phone":
        """Let time run until the phrase (any case) is said, or was since the last `hears`."""
        ...

    def rings(self, within: float = 30) -> "Phone": ...

    def is_left(self, within: float = 30) -> "Phone":
        """Let time run until this phone's call is over."""
        ...

    def is_talking_to(self, other: "Phone") -> bool: ...
