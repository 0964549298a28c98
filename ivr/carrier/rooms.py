"""Rooms (Twilio's conferences): who is in, who hears whom, and who is told (contract 1.10)."""

from dataclasses import dataclass, field
from datetime import datetime

from ivr.carrier.couriers import post
from ivr.carrier.documents import Fields
from ivr.carrier.hearing import say_to
from ivr.carrier.legs import Leg, Subscription
from ivr.carrier.office import Office
from ivr.carrier.parameters import rfc2822
from ivr.carrier.recordings import Listener, Take, start_take, stop_take
from ivr.carrier.signing import Order

_FEWEST = 2
# The word that asks for an event, by the first part of the event's own name that matches.
_ASKED_BY = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}


@dataclass
class Manner:
    """How a participant takes part; REST can change it."""

    muted: bool = False
    hold: bool = False
    starts_on_enter: bool = True
    ends_on_exit: bool = False
    beep: str = "true"
    label: str = ""
    coaches: str = ""  # the SID of the only call that hears this one


@dataclass(eq=False)
class Participant:
    leg: Leg
    room: "Room"
    joined_at: datetime
    manner: Manner
    present: bool = True
    reason_left: str = "participant_hung_up"
    hold_url: str = ""
    hold_method: str = "POST"

    @property
    def muted(self) -> bool:
        return self.manner.muted or self.manner.hold

    @property
    def waits(self) -> bool:
        """Hears music: the room has not started, or they are on hold."""
        return self.room.status == "init" or self.manner.hold


@dataclass
class Terms:
    """What the first participant's element settles for the room."""

    subscription: Subscription | None = None
    records: bool = False
    trims: bool = True
    listener: Listener | None = None
    most: int = 250


@dataclass(eq=False)
class Room:
    sid: str
    friendly_name: str
    created_at: datetime
    updated_at: datetime
    terms: Terms
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)
    take: Take | None = None
    events_sent: int = 0
    reason_ended: str | None = None
    ended_by: str | None = None

    def listeners(self, speaker: Participant) -> list[Leg]:
        """The legs that hear this participant."""
        if self.status != "in-progress" or speaker.muted:
            return []
        coached = speaker.manner.coaches
        return [
            other.leg
            for other in self.participants
            if other is not speaker
            and not other.manner.hold
            and (not coached or other.leg.sid == coached)
        ]

    def participant(self, call: str) -> Participant | None:
        """By call SID or label."""
        return next((p for p in self.participants if call in {p.leg.sid, p.manner.label}), None)


def room_named(office: Office, name: str) -> Room | None:
    """The room of that name that is still going on."""
    rooms = office.rooms.values()
    return next(
        (room for room in rooms if room.friendly_name == name and room.status != "completed"), None
    )


def open_room(office: Office, name: str, terms: Terms) -> Room:
    now = office.clock()
    room = Room(office.sids.new("CF"), name, now, now, terms)
    office.rooms[room.sid] = room
    return room


def enter(office: Office, room: Room, leg: Leg, manner: Manner) -> Participant:
    """Join; the room starts with two participants of whom one may start it."""
    participant = Participant(leg, room, office.clock(), manner)
    room.participants.append(participant)
    leg.participant = participant
    office.ledger.add("joined", call=leg.sid, phone=leg.phone.number, room=room.friendly_name)
    tell_room(office, room, "participant-join", participant)
    may_start = any(other.manner.starts_on_enter for other in room.participants)
    if room.status == "init" and may_start and len(room.participants) >= _FEWEST:
        _start(office, room)
    if manner.beep in {"true", "onEnter"}:
        _beep(office, room)
    _note_company(room)
    return participant


def leave(office: Office, participant: Participant) -> None:
    """Out of the room, for whatever reason; nothing happens to one who left already."""
    room, leg = participant.room, participant.leg
    if participant not in room.participants:
        return
    room.participants.remove(participant)
    participant.present = False
    leg.participant = None
    office.ledger.add("left", call=leg.sid, phone=leg.phone.number, room=room.friendly_name)
    leg.phone.note("parted", **{"from": room.friendly_name})
    extras = (
        ("ParticipantCallStatus", leg.status.value),
        ("ReasonParticipantLeft", participant.reason_left),
    )
    tell_room(office, room, "participant-leave", participant, extras)
    leg.poke()
    kicked = participant.reason_left == "participant_updated_via_api"
    if participant.manner.ends_on_exit:
        how = "kicked" if kicked else "left"
        end_room(office, room, f"participant-with-end-conference-on-exit-{how}", participant)
    elif not room.participants:
        end_room(
            office,
            room,
            "last-participant-kicked" if kicked else "last-participant-left",
            participant,
        )
    elif participant.manner.beep in {"true", "onExit"}:
        _beep(office, room)
    _note_company(room)


def end_room(office: Office, room: Room, reason: str, by: Participant | None = None) -> None:
    """The room is over; whoever is still in goes on after their Dial."""
    if room.status == "completed":
        return
    room.status = "completed"
    room.reason_ended = reason
    room.ended_by = by.leg.sid if by is not None else None
    for participant in list(room.participants):
        participant.reason_left = "conference_ended"
        leave(office, participant)
    if room.take is not None:
        stop_take(room.take)
    office.ledger.add("room_ended", room=room.friendly_name, reason=reason)
    extras: Fields = (("ReasonConferenceEnded", reason), ("Reason", reason.replace("-", " ")))
    if by is not None:
        extras += (
            ("CallSidEndingConference", by.leg.sid),
            ("ParticipantLabelEndingConference", by.manner.label),
        )
    tell_room(office, room, "conference-end", None, extras)


def tell_room(
    office: Office,
    room: Room,
    event: str,
    participant: Participant | None = None,
    extras: Fields = (),
) -> None:
    """Tell the subscriber of the room, if this event was asked for."""
    room.updated_at = office.clock()
    subscription = room.terms.subscription
    if subscription is None or _ASKED_BY[event] not in subscription.events:
        return
    fields: Fields = (
        ("ConferenceSid", room.sid),
        ("FriendlyName", room.friendly_name),
        ("AccountSid", office.account_sid),
        ("SequenceNumber", str(room.events_sent + 1)),
        ("Timestamp", rfc2822(office.clock())),
        ("StatusCallbackEvent", event),
    )
    room.events_sent += 1
    if participant is not None:
        fields += _about(participant)
    address = subscription.address
    call = participant.leg.sid if participant is not None else ""
    post(
        office,
        Order("conference", address.url, address.method, fields + extras, call),
        lambda reply: office.problem(
            16011, f"status {reply.status} {reply.failure}", url=address.url
        ),
    )


def _about(participant: Participant) -> Fields:
    manner = participant.manner
    return (
        ("CallSid", participant.leg.sid),
        ("Muted", _word(manner.muted)),
        ("Hold", _word(manner.hold)),
        ("Coaching", _word(bool(manner.coaches))),
        ("EndConferenceOnExit", _word(manner.ends_on_exit)),
        ("StartConferenceOnEnter", _word(manner.starts_on_enter)),
        ("ParticipantLabel", manner.label),
    )


def _word(value: bool) -> str:
    return "true" if value else "false"


def _start(office: Office, room: Room) -> None:
    room.status = "in-progress"
    office.ledger.add(
        "room_started", room=room.friendly_name, calls=[p.leg.sid for p in room.participants]
    )
    if room.terms.records:
        room.take = start_take(
            office,
            "Conference",
            conference=room.sid,
            trims=room.terms.trims,
            listener=room.terms.listener,
        )
    tell_room(office, room, "conference-start")
    for participant in room.participants:
        participant.leg.poke()


def _beep(office: Office, room: Room) -> None:
    if room.status == "in-progress":
        for participant in room.participants:
            say_to(office, participant.leg, "[beep]", "beep")


def _note_company(room: Room) -> None:
    """Phones that are watched see who is in the room with them now."""
    if room.status != "in-progress":
        return
    for participant in room.participants:
        others = [other.leg.phone.number for other in room.participants if other is not participant]
        participant.leg.phone.note("joined", **{"with": ", ".join(others)})
