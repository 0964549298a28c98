"""Our numbers: what the service may set on each (IncomingPhoneNumbers)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.carrier.legs import Address

if TYPE_CHECKING:
    from ivr.carrier.office import Office


@dataclass
class OwnNumber:
    """One number of the account. The URLs keep their connection-override fragments."""

    sid: str
    phone_number: str
    friendly_name: str
    created_at: datetime
    updated_at: datetime
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_caller_id_lookup: bool = False

    @property
    def voice(self) -> Address:
        return Address(self.voice_url, self.voice_method)

    @property
    def fallback(self) -> Address | None:
        if not self.voice_fallback_url:
            return None
        return Address(self.voice_fallback_url, self.voice_fallback_method)


def add_number(office: "Office", number: str) -> OwnNumber:
    """Own a number, without URLs yet."""
    now = office.clock()
    own = OwnNumber(office.sids.new("PN"), number, number, now, now)
    office.numbers[number] = own
    return own
