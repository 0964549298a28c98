"""What the service asks of a telephone company, in its own words.

The implementation for Twilio's REST API is `ivr.twilio.rest.TwilioTelephony`. Every method may
raise one of the three refusals below, which say whether trying again could ring somebody twice.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class CarrierRefused(Exception):
    """The carrier said no for a reason that trying again will not change."""


class NumberRefused(CarrierRefused):
    """The number itself is the reason: nobody will ever be reached there."""


class TooManyCalls(CarrierRefused):
    """A cap of the dial policy is reached: the number may be rung again later."""


class CarrierBusy(Exception):
    """The carrier did not take the request (rate limit): it is safe to try again later."""


class CarrierUnreachable(Exception):
    """No answer, or a broken one. Whether the request was carried out is not known."""


@dataclass(frozen=True)
class PhoneCall:
    """An outgoing call to be placed: whom to ring, and where the carrier asks what to say."""

    to: str
    caller_id: str
    url: str
    status_url: str
    fallback_url: str
    ring_seconds: int


@dataclass(frozen=True)
class CarrierNumber:
    """A number we own, as the carrier has it configured."""

    sid: str
    number: str
    voice_url: str
    status_url: str
    fallback_url: str


@dataclass(frozen=True)
class CarrierRecording:
    """A recording in the carrier's own list."""

    sid: str
    call_sid: str
    seconds: int
    created_at: datetime


class Links(Protocol):
    """The addresses at which the carrier asks us what to do."""

    def turn(self, call_sid: str, number: int) -> str: ...
    def offer(self, offer_id: str) -> str: ...
    def offer_status(self, offer_id: str) -> str: ...
    def caller_gone(self, offer_id: str) -> str: ...
    def room_music(self, offer_id: str, tick: int) -> str: ...
    def offer_in_vain(self, offer_id: str) -> str: ...
    def customer(self, offer_id: str) -> str: ...
    def customer_status(self, offer_id: str) -> str: ...
    def manager_missed(self, offer_id: str) -> str: ...
    def guest(self, guest_id: str) -> str: ...
    def guest_status(self, guest_id: str) -> str: ...
    def check(self, check_id: str) -> str: ...
    def check_status(self, check_id: str) -> str: ...
    def leg_fallback(self) -> str: ...


class Telephony(Protocol):
    """A telephone company that answers within a few seconds or raises."""

    def place_call(self, phone_call: PhoneCall) -> str:
        """Ring a number; returns the new leg's SID. At most one phone rings per call of this."""

    def find_call(
        self, to: str, caller_id: str, since: datetime, other_than: Collection[str] = ()
    ) -> str | None:
        """The SID of the newest call we placed to `to` since then, if the carrier knows one.

        Calls that are known already are named in `other_than`: it was none of those.
        """

    def take_from_queue(self, queue_sid: str, call_sid: str, url: str) -> None:
        """Move one waiting caller to the document at `url`; refused if it has left the queue."""

    def redirect(self, call_sid: str, url: str) -> None:
        """Send a live call to another document; refused if it is not live."""

    def hang_up(self, call_sid: str) -> None:
        """End a call or stop its ringing; refused if it is over."""

    def hold(self, room: str, call_sid: str, music_url: str) -> None:
        """Let one person in a room hear music, and nobody; refused if they are not in it."""

    def end_hold(self, room: str, call_sid: str) -> None:
        """Let them hear and be heard again; refused if they are not in the room."""

    def announce(self, room: str, call_sid: str, url: str) -> None:
        """Say the document at `url` into one person's ear; refused if they are not in the room."""

    def is_live(self, call_sid: str) -> bool:
        """Whether the carrier still has this call up (ringing or talking)."""

    def recording_sound(self, recording_sid: str) -> Iterator[bytes]:
        """The WAV of a recording, in pieces; raises CarrierUnreachable while it is not ready."""

    def delete_recording(self, recording_sid: str) -> None:
        """Delete a recording at the carrier; gone already is fine."""

    def recordings_of(self, call_sid: str) -> list[CarrierRecording]:
        """The carrier's list of completed recordings of one call."""

    def recordings_of_room(self, room: str) -> list[CarrierRecording]:
        """The carrier's list of completed recordings of one room, going on or over."""

    def numbers(self) -> list[CarrierNumber]:
        """Every number of the account."""

    def configure_number(self, number: CarrierNumber) -> None:
        """Set a number's voice, status and fallback addresses."""
