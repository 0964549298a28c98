"""The standard parameters of every request about a call (contract 1.1)."""

from datetime import datetime
from email.utils import format_datetime

from ivr.carrier.legs import Direction, Leg

API_VERSION = "2010-04-01"

# The longest prefix wins. Enough of the world for a support line; elsewhere the country is blank,
# as on a real line.
_COUNTRIES = {
    "+1": "US",
    "+1204": "CA",
    "+1416": "CA",
    "+1604": "CA",
    "+31": "NL",
    "+32": "BE",
    "+33": "FR",
    "+34": "ES",
    "+353": "IE",
    "+39": "IT",
    "+44": "GB",
    "+49": "DE",
    "+61": "AU",
    "+64": "NZ",
    "+91": "IN",
}
_ENDS = (("From", "from_"), ("Caller", "from_"), ("To", "to"), ("Called", "to"))
_PLACES = ("City", "State", "Zip")


def standard(leg: Leg, account_sid: str) -> tuple[tuple[str, str], ...]:
    """As Twilio sends them, with the duplicates and the blanks."""
    fields = [
        ("AccountSid", account_sid),
        ("ApiVersion", API_VERSION),
        ("CallSid", leg.sid),
        ("CallStatus", leg.status.value),
        ("Direction", leg.direction.value),
    ]
    for name, end in _ENDS:
        party = getattr(leg, end)
        fields.append((name, party))
        fields.extend((name + place, "") for place in _PLACES)
        fields.append((name + "Country", country_of(party)))
    if leg.forwarded_from:
        fields.append(("ForwardedFrom", leg.forwarded_from))
    if leg.parent is not None:
        fields.append(("ParentCallSid", leg.parent.sid))
    if leg.direction is Direction.INBOUND:
        if leg.number is not None and leg.number.voice_caller_id_lookup:
            fields.append(("CallerName", leg.phone.name.upper()))
        fields.append(("CallToken", leg.call_token))
        fields.append(("StirVerstat", "TN-Validation-Passed-A"))
    return tuple(fields)


def country_of(party: str) -> str:
    return next((_COUNTRIES[party[:n]] for n in range(5, 1, -1) if party[:n] in _COUNTRIES), "")


def rfc2822(moment: datetime) -> str:
    return format_datetime(moment)
