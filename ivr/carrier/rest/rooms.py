"""REST: conferences and their participants."""

from typing import Any

from ivr.carrier.attributes import is_absolute
from ivr.carrier.conferencing import announce
from ivr.carrier.legs import Address
from ivr.carrier.parameters import API_VERSION, rfc2822
from ivr.carrier.performing import perform
from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found, page
from ivr.carrier.rest.calls import within
from ivr.carrier.rooms import Participant, Room, end_room, leave, tell_room


def show_room(ask: Ask, room: Room) -> dict[str, Any]:
    uri = ask.uri(f"/Conferences/{room.sid}")
    shown = {
        "sid": room.sid,
        "account_sid": ask.office.account_sid,
        "friendly_name": room.friendly_name,
        "status": room.status,
        "date_created": rfc2822(room.created_at),
        "date_updated": rfc2822(room.updated_at),
        "api_version": API_VERSION,
        "region": "us1",
        "call_sid_ending_conference": room.ended_by,
        "uri": f"{uri}.json",
        "subresource_uris": {
            "participants": f"{uri}/Participants.json",
            "recordings": f"{uri}/Recordings.json",
        },
    }
    if room.reason_ended is not None:
        shown["reason_conference_ended"] = room.reason_ended
    return shown


def show_participant(ask: Ask, participant: Participant) -> dict[str, Any]:
    manner, room = participant.manner, participant.room
    return {
        "call_sid": participant.leg.sid,
        "account_sid": ask.office.account_sid,
        "conference_sid": room.sid,
        "label": manner.label or None,
        "muted": manner.muted,
        "hold": manner.hold,
        "coaching": bool(manner.coaches),
        "call_sid_to_coach": manner.coaches or None,
        "start_conference_on_enter": manner.starts_on_enter,
        "end_conference_on_exit": manner.ends_on_exit,
        "status": "connected",
        "queue_time": None,
        "date_created": rfc2822(participant.joined_at),
        "date_updated": rfc2822(participant.joined_at),
        "uri": ask.uri(f"/Conferences/{room.sid}/Participants/{participant.leg.sid}.json"),
    }


def list_rooms(ask: Ask) -> Answer:
    rooms = [room for room in reversed(list(ask.office.rooms.values())) if _is_wanted(ask, room)]
    return page(ask, "/Conferences.json", "conferences", rooms, lambda room: show_room(ask, room))


def fetch_room(ask: Ask) -> Answer:
    return Answer(200, show_room(ask, _room(ask, "Sid")))


def update_room(ask: Ask) -> Answer:
    room = _room(ask, "Sid")
    if ask.text("Status") == "completed":
        end_room(ask.office, room, "conference-ended-via-api")
    address = _address(ask, "AnnounceUrl", "AnnounceMethod")
    if address is not None:
        for participant in room.participants:
            ask.office.spawn(announce(ask.office, participant.leg, room, address, perform))
    return Answer(200, show_room(ask, room))


def list_participants(ask: Ask) -> Answer:
    room = _room(ask, "ConferenceSid")
    participants = [p for p in room.participants if _is_wanted_participant(ask, p)]
    rest = f"/Conferences/{room.sid}/Participants.json"
    return page(ask, rest, "participants", participants, lambda p: show_participant(ask, p))


def fetch_participant(ask: Ask) -> Answer:
    return Answer(200, show_participant(ask, _participant(ask)))


def update_participant(ask: Ask) -> Answer:
    """Mute, hold, coach, announce; each change is an event of the room."""
    participant = _participant(ask)
    office, room, manner = ask.office, participant.room, participant.manner
    hold = _address(ask, "HoldUrl", "HoldMethod")
    announcement = _address(ask, "AnnounceUrl", "AnnounceMethod")
    if hold is not None:
        participant.hold_url, participant.hold_method = hold.url, hold.method
    for name, attribute, on, off in (
        ("Muted", "muted", "participant-mute", "participant-unmute"),
        ("Hold", "hold", "participant-hold", "participant-unhold"),
    ):
        if ask.has(name) and getattr(manner, attribute) != ask.flag(name):
            setattr(manner, attribute, ask.flag(name))
            event = on if ask.flag(name) else off
            office.ledger.add(
                event.replace("-", "_"), call=participant.leg.sid, room=room.friendly_name
            )
            tell_room(office, room, event, participant)
    if ask.has("EndConferenceOnExit") or ask.has("Coaching") or ask.has("CallSidToCoach"):
        manner.ends_on_exit = ask.flag("EndConferenceOnExit", manner.ends_on_exit)
        manner.coaches = (
            ask.text("CallSidToCoach", manner.coaches) if ask.flag("Coaching", True) else ""
        )
        tell_room(office, room, "participant-modify", participant)
    if announcement is not None:
        office.spawn(announce(office, participant.leg, room, announcement, perform))
    participant.leg.poke()
    return Answer(200, show_participant(ask, participant))


def delete_participant(ask: Ask) -> Answer:
    """Out of the room; the call goes on after its Dial."""
    participant = _participant(ask)
    participant.reason_left = "participant_updated_via_api"
    leave(ask.office, participant)
    return Answer(204)


def _address(ask: Ask, name: str, method: str) -> Address | None:
    url = ask.text(name)
    if not url:
        return None
    if not is_absolute(url):
        raise RestError(400, 21205, f"{name} is not a valid URL: {url}")
    return Address(url, ask.text(method, "POST"))


def _room(ask: Ask, name: str) -> Room:
    room = ask.office.rooms.get(ask.sids[name])
    if room is None:
        raise not_found(ask.uri(f"/Conferences/{ask.sids[name]}.json"))
    return room


def _participant(ask: Ask) -> Participant:
    room, call = _room(ask, "ConferenceSid"), ask.sids["CallSid"]
    participant = room.participant(call)
    if participant is None:
        raise not_found(ask.uri(f"/Conferences/{room.sid}/Participants/{call}.json"))
    return participant


def _is_wanted(ask: Ask, room: Room) -> bool:
    if ask.has("FriendlyName") and ask.text("FriendlyName") != room.friendly_name:
        return False
    if ask.has("Status") and ask.text("Status") != room.status:
        return False
    return within(ask, "DateCreated", room.created_at) and within(
        ask, "DateUpdated", room.updated_at
    )


def _is_wanted_participant(ask: Ask, participant: Participant) -> bool:
    manner = participant.manner
    return (
        (not ask.has("Muted") or ask.flag("Muted") == manner.muted)
        and (not ask.has("Hold") or ask.flag("Hold") == manner.hold)
        and (not ask.has("Coaching") or ask.flag("Coaching") == bool(manner.coaches))
    )
