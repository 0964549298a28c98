"""Rooms: where a caller and a technician talk, one for each accepted offer."""


def room_name(offer_id: str) -> str:
    """The carrier's name for the room; it says nothing about anybody."""
    return f"room-{offer_id}"
