"""Gather: keys and words of the caller, during prompts and after them (contract 1.2 and 2.2)."""

from dataclasses import dataclass, field

from ivr.carrier.couriers import post
from ivr.carrier.documents import Context, Fields, Jump
from ivr.carrier.legs import Address, Key, Sound, SpeechBegan, SpeechEnded
from ivr.carrier.speaking import speak
from ivr.carrier.tasks import Listen, Script
from ivr.carrier.twiml import Verb

_MODES = {"dtmf": ("dtmf",), "speech": ("speech",)}
_AUTO_SILENCE = 1.0
_LONGEST_SPEECH = 60.0
_CONFIDENCE = "0.9"


@dataclass
class Ear:
    """What one Gather has caught so far. The first modality wins."""

    context: Context
    verb: Verb
    deadline: float = 0.0
    digits: str = ""
    words: list[str] = field(default_factory=list)
    finished_on: str = ""
    done: bool = False
    speech_limit: float = 0.0
    partials: int = 0

    @property
    def timeout(self) -> float:
        return float(self.verb.whole("timeout", 5))

    @property
    def silence(self) -> float:
        """The silence that ends a speech: speechTimeout, which defaults to timeout."""
        if self.verb.word("speechTimeout") == "auto":
            return _AUTO_SILENCE
        return float(self.verb.whole("speechTimeout", int(self.timeout)))

    def catch(self, sound: Sound, now: float) -> None:
        match sound:
            case Key(key) if not self.words and not self.speech_limit:
                self._catch_key(key, now)
            case SpeechBegan(text) if not self.digits:
                longest = min(
                    self.verb.whole("maxSpeechTime", int(_LONGEST_SPEECH)), _LONGEST_SPEECH
                )
                self.speech_limit = self.speech_limit or now + longest
                self.deadline = self.speech_limit
                self._report_partial(text)
            case SpeechEnded(text) if not self.digits:
                self.words.append(text)
                self.deadline = min(now + self.silence, self.speech_limit or now + _LONGEST_SPEECH)
            case _:
                self.context.office.ledger.add(
                    "key_ignored", call=self.context.leg.sid, sound=str(sound)
                )

    def cut_short(self, speaking: SpeechBegan | None) -> None:
        """The longest speech is over while the caller still talks: that much was understood."""
        if speaking is not None and self.speech_limit and not self.digits:
            self.words.append(speaking.text)

    def _catch_key(self, key: str, now: float) -> None:
        if key == self.verb.word("finishOnKey", "#"):
            self.finished_on = key
            self.done = True
            return
        self.digits += key
        limit = self.verb.whole("numDigits", 0)
        self.done = bool(limit) and len(self.digits) >= limit
        self.deadline = now + self.timeout

    def _report_partial(self, text: str) -> None:
        if "partialResultCallback" not in self.verb.attributes:
            return
        url = self.context.document.resolve(self.verb.word("partialResultCallback"))
        address = Address(url, self.verb.word("partialResultCallbackMethod", "POST"))
        extras = (
            ("UnstableSpeechResult", text),
            ("Stability", _CONFIDENCE),
            ("SequenceNumber", str(self.partials)),
        )
        self.partials += 1
        post(self.context.office, self.context.order("partial", address, extras))

    def result(self) -> Fields | None:
        """What the action request carries; None when there is nothing to tell."""
        assume = self.context.office.assume
        ending: Fields = ()
        if assume.gather_sends_finished_on_key:
            ending = (("msg", "Gather End"), ("FinishedOnKey", self.finished_on))
        if self.digits:
            return (*ending, ("Digits", self.digits))
        if self.words:
            return (("SpeechResult", " ".join(self.words)), ("Confidence", _CONFIDENCE))
        if not self.verb.flag("actionOnEmptyResult", False):
            return None
        if not assume.empty_gather_sends_digits:
            return ()
        empty = "SpeechResult" if self.verb.word("input") == "speech" else "Digits"
        return (*ending, (empty, ""))


def gather(context: Context, verb: Verb) -> Script[Jump | None]:
    """Play the prompts and listen. None: nothing was gathered, the next verb runs."""
    leg = context.leg
    ear = Ear(context, verb)
    leg.open_ears(*_MODES.get(verb.word("input", "dtmf"), ("dtmf", "speech")))
    try:
        for prompt in verb.children:
            if (yield from speak(context, prompt, stoppable=True)):
                break
        ear.deadline = context.office.now() + ear.timeout
        leg.waits_for_caller = True
        yield from _listen(ear)
    finally:
        leg.waits_for_caller = False
        for unread in leg.close_ears():
            context.office.ledger.add("key_ignored", call=leg.sid, sound=str(unread))
    result = ear.result()
    if result is None:
        return None
    context.office.ledger.add(
        "gathered", call=leg.sid, **{name.lower(): value for name, value in result}
    )
    return context.after_action(verb, result)


def _listen(ear: Ear) -> Script[None]:
    """Until a finishing key, enough digits, or silence."""
    leg, office = ear.context.leg, ear.context.office
    while not ear.done:
        if leg.inbox:
            ear.catch(leg.inbox.popleft(), office.now())
            continue
        woken = yield Listen(ear.deadline - office.now())
        if not woken:
            ear.cut_short(leg.speaking)
            return
