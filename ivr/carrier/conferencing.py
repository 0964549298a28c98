"""Dial with Conference: being in a room, and the music before it starts and on hold (1.10, 2.2)."""

from ivr.carrier.dialing import LONGEST_CALL, Outcome, left_by_star
from ivr.carrier.documents import (
    Context,
    Document,
    Fields,
    Jump,
    Performer,
    Unobtainable,
    play_through,
    room_place,
)
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Address, Leg, Subscription
from ivr.carrier.office import Office
from ivr.carrier.recording import listener_of
from ivr.carrier.rooms import (
    Manner,
    Participant,
    Room,
    Terms,
    enter,
    leave,
    open_room,
    room_named,
    tell_room,
)
from ivr.carrier.tasks import Listen, Script, Sleep, Task
from ivr.carrier.twiml import Verb

_MUSIC_SECONDS = 60.0
_LONGEST_NAME = 128


def dial_room(context: Context, verb: Verb, noun: Verb, outcome: Outcome) -> Script[None]:
    """In the room until it ends, or until this leg leaves it."""
    participant = _enter(context, noun)
    if participant is None:
        return
    outcome.status = "answered"
    outcome.bridged = None
    try:
        yield from _stay(context, verb, noun, participant, outcome)
    finally:
        if participant.present and not context.leg.over:
            participant.reason_left = "participant_left_the_dial"
        leave(context.office, participant)


def _enter(context: Context, noun: Verb) -> Participant | None:
    office, leg, name = context.office, context.leg, noun.text
    if not name or len(name) > _LONGEST_NAME:
        office.problem(13237, name[:40], call=leg.sid, url=context.document.url)
        return None
    room = room_named(office, name) or open_room(office, name, _terms(context, noun))
    manner = Manner(
        muted=noun.flag("muted", False),
        starts_on_enter=noun.flag("startConferenceOnEnter", True),
        ends_on_exit=noun.flag("endConferenceOnExit", False),
        beep=noun.word("beep", "true"),
        label=noun.word("participantLabel"),
        coaches=noun.word("coach"),
    )
    refusal = _refusal(room, manner)
    if refusal:
        office.problem(refusal, name, call=leg.sid, url=context.document.url)
        return None
    return enter(office, room, leg, manner)


def _refusal(room: Room, manner: Manner) -> int:
    if len(room.participants) >= room.terms.most:
        return 16020
    if manner.label and any(other.manner.label == manner.label for other in room.participants):
        return 16025
    if manner.coaches and room.participant(manner.coaches) is None:
        return 13240
    return 0


def _terms(context: Context, noun: Verb) -> Terms:
    address = context.address(noun, "statusCallback", "statusCallbackMethod")
    subscription = None
    if address is not None:
        subscription = Subscription(address, frozenset(noun.word("statusCallbackEvent").split()))
    return Terms(
        subscription,
        noun.word("record") in {"record-from-start", "true"},
        noun.word("trim", "trim-silence") == "trim-silence",
        listener_of(context, noun),
        noun.whole("maxParticipants", 250),
    )


def _stay(
    context: Context, verb: Verb, noun: Verb, participant: Participant, outcome: Outcome
) -> Script[None]:
    office = context.office
    until = office.now() + verb.whole("timeLimit", LONGEST_CALL)
    music: Task | None = None
    held = False
    try:
        while participant.present and outcome.status == "answered":
            if music is not None and (not participant.waits or held != participant.manner.hold):
                music.cancel()
                music = None
            if participant.waits and music is None:
                held = participant.manner.hold
                music = office.spawn(_music(context, noun, participant, outcome))
            woken = yield Listen(until - office.now())
            if not woken or left_by_star(context, verb):
                return
    finally:
        if music is not None:
            music.cancel()


def _music(
    context: Context, noun: Verb, participant: Participant, outcome: Outcome
) -> Script[None]:
    """What is heard until the room starts, or while on hold. A wait document does not loop here."""
    address = _music_address(context, noun, participant)
    if address is None:
        while True:
            say_to(context.office, context.leg, "[music]", "play", _MUSIC_SECONDS)
            yield Sleep(_MUSIC_SECONDS)
    if not address.url:
        return
    place = room_place(lambda: _room_fields(participant.room))
    try:
        yield from play_through(context, Jump(address, "wait"), place)
    except Unobtainable:
        # A wait document that fails: the caller is not in the room, and goes on after the Dial
        # (contract 4.2).
        if not participant.manner.hold:
            outcome.status = "failed"
            context.leg.poke()


def _music_address(context: Context, noun: Verb, participant: Participant) -> Address | None:
    if participant.manner.hold:
        return (
            Address(participant.hold_url, participant.hold_method) if participant.hold_url else None
        )
    if "waitUrl" not in noun.attributes:
        return None
    url = noun.word("waitUrl")
    return Address(context.document.resolve(url) if url else "", noun.word("waitMethod", "POST"))


def _room_fields(room: Room) -> Fields:
    return (("ConferenceSid", room.sid), ("FriendlyName", room.friendly_name))


def announce(
    office: Office, leg: Leg, room: Room, address: Address, perform: Performer
) -> Script[None]:
    """Play a document into one participant's ear, while the others talk on."""
    place = room_place(lambda: _room_fields(room))
    context = Context(office, leg, Document(()), place, perform)
    try:
        yield from play_through(context, Jump(address, "announce"), place)
    except Unobtainable:
        tell_room(office, room, "announcement-fail", room.participant(leg.sid))
        return
    tell_room(office, room, "announcement-end", room.participant(leg.sid))
