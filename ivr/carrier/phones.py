"""Phones: what a person at the other end can do, and what they hear."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from ivr.carrier.hearing import can_hear, speech_begins, speech_ends
from ivr.carrier.legs import Key, Leg, SpeechBegan, Status
from ivr.carrier.memory import Heard, Memory
from ivr.carrier.office import Office
from ivr.carrier.sound import KEY_SECONDS, spoken_seconds

# Between dialling or answering and the first thing a person then does.
_HAND_SECONDS = 1.0


class Switch(Protocol):
    """What a phone needs of its exchange."""

    def call_in(self, phone: "Phone", to: str, forwarded_from: str = "") -> None: ...
    def do(self, action: Callable[[], None]) -> None: ...
    def run_until(self, predicate: Callable[[], bool], within: float = 30) -> bool: ...


class NotPossible(AssertionError):
    """The phone did not get what was asked for; the sentence says what it heard instead."""


class Behaviour(StrEnum):
    BY_HAND = "by hand"  # rings until somebody calls answer() or reject()
    ANSWERS = "answers"
    MACHINE = "machine"
    BUSY = "busy"
    UNREACHABLE = "unreachable"


@dataclass(eq=False)
class Phone:
    """One telephone. Commands are done in the order given, and happen as time runs; nothing happens
    before.

    A key takes 0.1 s, a word 0.35 s. Time runs in `exchange.run_for`, `run_until`, and in `hears`,
    `rings`, `is_left`, which raise NotPossible (an AssertionError) showing everything this phone
    heard.
    """

    number: str
    name: str
    office: Office
    switch: Switch
    leg: Leg | None = None
    ringing: bool = False
    call_sid: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    _memory: Memory = field(default_factory=Memory)
    _hands_free_at: float = 0.0
    _still_to_do: int = 0
    _behaviour: Behaviour = Behaviour.BY_HAND
    _after: float = 0.0
    _greeting: str = ""

    # What a person does.

    def dial(self, to: str, forwarded_from: str = "") -> "Phone":
        """Call a number; `forwarded_from` is whose phone sent the call on to us."""
        return self._then(_HAND_SECONDS, lambda: self.switch.call_in(self, to, forwarded_from))

    def press(self, keys: str) -> "Phone":
        """Keys one after the other; `w` is half a second's pause."""
        self._then(0, lambda: self._pressed(keys))
        for key in keys:
            self._then(0.5 if key == "w" else KEY_SECONDS, lambda key=key: self._key(key))  # type: ignore[misc]
        return self

    def speak(self, text: str, seconds: float | None = None) -> "Phone":
        self._then(spoken_seconds(text) if seconds is None else seconds, lambda: self._begin(text))
        return self._then(0, lambda: self._finish(text))

    def hang_up(self) -> "Phone":
        return self._then(0, self._hang_up)

    def answer(self) -> "Phone":
        return self._then(_HAND_SECONDS, lambda: self._pick_up(""))

    def reject(self) -> "Phone":
        return self._then(0, self._decline)

    # What it does by itself when it rings.

    def answers_by_itself(self, after: float = 1.0) -> "Phone":
        return self._behaves(Behaviour.ANSWERS, after)

    def does_not_answer(self) -> "Phone":
        """The default: it rings until the other side gives up, or somebody answers or rejects."""
        return self._behaves(Behaviour.BY_HAND)

    def is_busy(self) -> "Phone":
        return self._behaves(Behaviour.BUSY)

    def is_unreachable(self) -> "Phone":
        return self._behaves(Behaviour.UNREACHABLE)

    def voicemail_greets(self, greeting: str, after: float = 4.0) -> "Phone":
        """A machine picks up after so many seconds, says its greeting and presses nothing."""
        self._greeting = greeting
        return self._behaves(Behaviour.MACHINE, after)

    # What can be seen of it.

    @property
    def heard(self) -> list[str]:
        """Every sentence so far; sounds in brackets: `[beep]`, `[music hold.wav]`, `[ringing]`."""
        return [item.text for item in self._memory.items]

    @property
    def on_a_call(self) -> bool:
        return self.leg is not None and not self.ringing

    @property
    def is_expected_to_act(self) -> bool:
        """Nothing more is said before this person does something or waits (for transcripts)."""
        leg = self.leg
        return (
            leg is None
            or leg.waits_for_caller
            or leg.bridge is not None
            or leg.participant is not None
        )

    def is_talking_to(self, other: "Phone") -> bool:
        """Can the two hear each other now?"""
        if self.leg is None or other.leg is None:
            return False
        return can_hear(self.leg, other.leg) and can_hear(other.leg, self.leg)

    def hears(self, phrase: str, within: float = 30) -> "Phone":
        """Let time run until the phrase (any case) begins, after what earlier `hears` found."""
        start = self._memory.listened
        if self.switch.run_until(lambda: self._memory.recall(phrase), within):
            return self
        raise NotPossible(
            f"{self.name} did not hear {phrase!r} within {within:g} s.\n{self._memory.story(start)}"
        )

    def rings(self, within: float = 30) -> "Phone":
        if self.switch.run_until(lambda: self.ringing, within):
            return self
        raise NotPossible(f"{self.name} did not ring within {within:g} s.\n{self._memory.story()}")

    def is_left(self, within: float = 30) -> "Phone":
        """Let time run until this phone has done what it was told to and is on no call."""
        if self.switch.run_until(lambda: self.leg is None and not self._still_to_do, within):
            return self
        raise NotPossible(
            f"{self.name} is still on a call after {within:g} s.\n{self._memory.story()}"
        )

    # What the carrier does to it.

    def ring(self, leg: Leg) -> Status | None:
        """An incoming call: None when it rings, else how the attempt ends at once."""
        if self._behaviour is Behaviour.UNREACHABLE:
            return Status.FAILED
        if self._behaviour is Behaviour.BUSY or self.leg is not None:
            return Status.BUSY
        self.leg = leg
        self.ringing = True
        self.call_sid = leg.sid
        self.note("ringing", call=leg.sid, **{"from": leg.from_})
        if self._behaviour in {Behaviour.ANSWERS, Behaviour.MACHINE}:
            machine = self._greeting if self._behaviour is Behaviour.MACHINE else ""
            self.office.driver.after(
                self.office.paced(self._after), lambda: self._answer_for(leg, machine)
            )
        return None

    def connect(self, leg: Leg) -> None:
        """This phone's own call has begun."""
        self.leg = leg
        self.call_sid = leg.sid
        self.note("dialed", call=leg.sid, to=leg.to)

    def hear(self, text: str, kind: str, seconds: float = 0.0, url: str = "") -> None:
        self._memory.items.append(Heard(self.office.now(), text))
        self.note("heard", text=text, kind=kind, seconds=round(seconds, 2), url=url)

    def leg_ended(self, leg: Leg) -> None:
        if self.leg is leg:
            self.leg = None
            self.ringing = False
            self.note("ended", call=leg.sid, status=leg.status.value, seconds=leg.duration)

    def note(self, event: str, **fields: Any) -> None:
        """An entry for those who watch this phone: in the browser, the terminal, a transcript."""
        self.events.append(
            {
                "n": len(self.events) + 1,
                "at": self.office.clock().isoformat(),
                "event": event,
                **fields,
            }
        )

    # How it does things.

    def _then(self, takes: float, action: Callable[[], None]) -> "Phone":
        self.switch.do(lambda: self._queue_up(takes, action))
        return self

    def _queue_up(self, takes: float, action: Callable[[], None]) -> None:
        now = self.office.now()
        start = max(now, self._hands_free_at)
        self._hands_free_at = start + takes
        self._still_to_do += 1
        self.office.driver.after(start - now, lambda: self._do_next(action))

    def _do_next(self, action: Callable[[], None]) -> None:
        self._still_to_do -= 1
        action()

    def _behaves(self, behaviour: Behaviour, after: float = 0.0) -> "Phone":
        self._behaviour = behaviour
        self._after = after
        return self

    def _pressed(self, keys: str) -> None:
        self.note("pressed", keys=keys)
        self.office.ledger.add(
            "digits", call=self.leg.sid if self.leg else "", phone=self.number, keys=keys
        )

    def _key(self, key: str) -> None:
        leg = self.leg
        if key == "w":
            return
        if leg is None or self.ringing or not leg.hear_from_caller(Key(key)):
            self.office.ledger.add(
                "key_ignored", call=leg.sid if leg else "", phone=self.number, key=key
            )

    def _begin(self, text: str) -> None:
        self.note("spoke", text=text)
        self.office.ledger.add(
            "spoke", call=self.leg.sid if self.leg else "", phone=self.number, text=text
        )
        if self.leg is not None and not self.ringing:
            speech_begins(self.office, self.leg, SpeechBegan(text))

    def _finish(self, text: str) -> None:
        if self.leg is not None and self.leg.speaking is not None:
            speech_ends(self.office, self.leg, text)

    def _hang_up(self) -> None:
        self.note("hung_up")
        if self.leg is None:
            return
        status = Status.COMPLETED if self.leg.answered else Status.NO_ANSWER
        self.office.hang_up(self.leg, f"phone {self.number}", status)

    def _answer_for(self, leg: Leg, greeting: str) -> None:
        if self.leg is leg and self.ringing:
            self._pick_up(greeting)

    def _pick_up(self, greeting: str) -> None:
        if self.leg is None or not self.ringing:
            self.note("nothing_to_answer")
            return
        self.ringing = False
        self.leg.picked_up = True
        self.leg.answered_by = "machine" if greeting else "human"
        self.note("answered", call=self.leg.sid)
        self.leg.poke()
        if greeting:
            self.speak(greeting)

    def _decline(self) -> None:
        if self.leg is not None and self.ringing:
            self.note("declined", call=self.leg.sid)
            self.leg.declined = True
            self.leg.poke()
