"""Every address we give the carrier, made in one place: absolute, with connection overrides."""

from dataclasses import dataclass
from urllib.parse import quote

# How the carrier should connect, as a fragment it keeps to itself: give up on a silent
# connection after two seconds and on a silent answer after six, and try twice more.
OVERRIDES = "#ct=2000&rt=6000&rc=2&rp=ct,rt,5xx&tt=14000"


@dataclass(frozen=True)
class TwilioLinks:
    """Addresses under the public base URL."""

    base: str

    def incoming(self) -> str:
        return self._to("/voice/incoming")

    def status(self) -> str:
        return self._to("/voice/status")

    def fallback(self) -> str:
        return self._to("/voice/fallback")

    def leg_fallback(self) -> str:
        return self._to("/voice/legs/fallback")

    def fallback_recorded(self) -> str:
        return self._to("/voice/fallback/recorded")

    def turn(self, call_sid: str, number: int) -> str:
        return self._to(f"/voice/calls/{quote(call_sid)}/turns/{number}")

    def hold(self, call_sid: str, turn: int, tick: int) -> str:
        return self._to(f"/voice/calls/{quote(call_sid)}/turns/{turn}/hold/{tick}")

    def recording(self, call_sid: str) -> str:
        return self._to(f"/voice/calls/{quote(call_sid)}/recording")

    def offer(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}")

    def offer_key(self, offer_id: str, attempt: int) -> str:
        return self._to(f"/voice/offers/{offer_id}/keys/{attempt}")

    def offer_status(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/status")

    def offer_ended(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/ended")

    def room_left(self, offer_id: str, visit: int) -> str:
        return self._to(f"/voice/offers/{offer_id}/visits/{visit}/left")

    def room_menu(self, offer_id: str, visit: int, step: int, question: str, start: int) -> str:
        return self._to(f"/voice/offers/{offer_id}/visits/{visit}/menu/{step}/{question}/{start}")

    def caller_gone(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/gone")

    def room_music(self, offer_id: str, tick: int) -> str:
        return self._to(f"/voice/offers/{offer_id}/music/{tick}")

    def offer_in_vain(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/in-vain")

    def customer(self, offer_id: str) -> str:
        """The customer of a callback, called for an offer that was accepted."""
        return self._to(f"/voice/customers/{offer_id}")

    def customer_key(self, offer_id: str, attempt: int) -> str:
        return self._to(f"/voice/customers/{offer_id}/keys/{attempt}")

    def customer_status(self, offer_id: str) -> str:
        return self._to(f"/voice/customers/{offer_id}/status")

    def room_status(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/room/status")

    def conversation(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/recording")

    def manager_missed(self, offer_id: str) -> str:
        return self._to(f"/voice/offers/{offer_id}/manager-missed")

    def guest(self, guest_id: str) -> str:
        return self._to(f"/voice/guests/{guest_id}")

    def guest_key(self, guest_id: str, attempt: int) -> str:
        return self._to(f"/voice/guests/{guest_id}/keys/{attempt}")

    def guest_status(self, guest_id: str) -> str:
        return self._to(f"/voice/guests/{guest_id}/status")

    def guest_left(self, guest_id: str) -> str:
        return self._to(f"/voice/guests/{guest_id}/left")

    def check(self, check_id: str) -> str:
        return self._to(f"/voice/checks/{check_id}")

    def check_key(self, check_id: str) -> str:
        return self._to(f"/voice/checks/{check_id}/key")

    def check_status(self, check_id: str) -> str:
        return self._to(f"/voice/checks/{check_id}/status")

    def staff_turn(self, number: int) -> str:
        return self._to(f"/voice/staff/turns/{number}")

    def assignment(self) -> str:
        """Where TaskRouter asks for a worker's answer."""
        return self._to("/voice/taskrouter/assignment")

    def router_events(self) -> str:
        return self._to("/voice/taskrouter/status")

    def media(self, name: str, seconds: int) -> str:
        """Sound is fetched with GET, and cached by the carrier: the same length, the same file."""
        return f"{self.base}/media/{name}/{seconds}.wav"

    def again(self, address: str, attempt: int) -> str:
        """The same request once more, after a pause: `attempt` counts how often."""
        return f"{address}?again={attempt}{OVERRIDES}"

    def _to(self, path: str) -> str:
        return self.base + path + OVERRIDES
