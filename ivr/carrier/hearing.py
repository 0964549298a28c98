"""Hearing: who hears whom on a bridge or in a room, and what reaches a recording."""

from typing import TYPE_CHECKING

from ivr.carrier.legs import Leg, SpeechBegan, SpeechEnded
from ivr.carrier.office import Office

if TYPE_CHECKING:
    from ivr.carrier.recordings import Take


def listeners(leg: Leg) -> list[Leg]:
    """The legs that hear what is said on this one."""
    if leg.bridge is not None:
        return [leg.bridge.other(leg)]
    if leg.participant is not None:
        return leg.participant.room.listeners(leg.participant)
    return []


def can_hear(listener: Leg, speaker: Leg) -> bool:
    return listener in listeners(speaker)


def say_to(
    office: Office, leg: Leg, text: str, kind: str, seconds: float = 0.0, url: str = ""
) -> None:
    """The carrier makes a leg's phone hear something. Kinds: say, play, beep, tone, voice."""
    office.ledger.add("heard", call=leg.sid, phone=leg.phone.number, text=text, kind=kind)
    leg.phone.hear(text, kind, seconds, url)


def speech_begins(office: Office, leg: Leg, words: SpeechBegan) -> None:
    leg.speaking = words
    leg.speech_began_at = office.now()
    leg.hear_from_caller(words)
    leg.poke()
    for other in listeners(leg):
        say_to(office, other, words.text, "voice")


def speech_ends(office: Office, leg: Leg, text: str) -> None:
    leg.speaking = None
    for take in takes_of(leg):
        take.add(leg.speech_began_at, office.now(), text)
    leg.hear_from_caller(SpeechEnded(text))
    leg.poke()


def takes_of(leg: Leg) -> list["Take"]:
    takes = list(leg.takes)
    if (
        leg.participant is not None
        and leg.participant.room.take is not None
        and not leg.participant.muted
    ):
        takes.append(leg.participant.room.take)
    return takes
