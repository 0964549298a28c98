"""REST: our numbers and their webhook URLs (contract 5.5)."""

from typing import Any

from ivr.carrier.attributes import is_absolute
from ivr.carrier.dialing import is_number
from ivr.carrier.numbers import OwnNumber, add_number
from ivr.carrier.parameters import API_VERSION, rfc2822
from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found, page

_URLS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
}
_METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
}


def show_number(ask: Ask, number: OwnNumber) -> dict[str, Any]:
    return {
        "sid": number.sid,
        "account_sid": ask.office.account_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "api_version": API_VERSION,
        "beta": False,
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "date_created": rfc2822(number.created_at),
        "date_updated": rfc2822(number.updated_at),
        "origin": "twilio",
        "address_requirements": "none",
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_receive_mode": "voice",
        "voice_application_sid": None,
        "trunk_sid": None,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "status": "in-use",
        "uri": ask.uri(f"/IncomingPhoneNumbers/{number.sid}.json"),
    }


def list_numbers(ask: Ask) -> Answer:
    numbers = [
        number
        for number in ask.office.numbers.values()
        if ask.text("PhoneNumber") in number.phone_number
        and ask.text("FriendlyName", number.friendly_name) == number.friendly_name
    ]
    rest = "/IncomingPhoneNumbers.json"
    return page(
        ask, rest, "incoming_phone_numbers", numbers, lambda number: show_number(ask, number)
    )


def fetch_number(ask: Ask) -> Answer:
    return Answer(200, show_number(ask, _number(ask)))


def create_number(ask: Ask) -> Answer:
    phone_number = ask.text("PhoneNumber")
    if not is_number(phone_number):
        raise RestError(400, 21421, f"PhoneNumber {phone_number} is invalid.")
    if phone_number in ask.office.numbers:
        raise RestError(400, 21422, f"PhoneNumber {phone_number} is not available.")
    _check(ask, "")
    number = add_number(ask.office, phone_number)
    _change(ask, number)
    return Answer(201, show_number(ask, number))


def update_number(ask: Ask) -> Answer:
    number = _number(ask)
    _check(ask, number.voice_url)
    _change(ask, number)
    return Answer(200, show_number(ask, number))


def _check(ask: Ask, voice_url: str) -> None:
    """Nothing is changed when one of the URLs is wrong."""
    for name in _URLS:
        url = ask.text(name)
        if url and not is_absolute(url):
            raise RestError(400, 21402, f"{name} is not a valid URL: {url}")
    if ask.text("VoiceFallbackUrl") and not ask.text("VoiceUrl", voice_url):
        raise RestError(400, 21405, "Cannot set VoiceFallbackUrl without setting VoiceUrl.")


def _change(ask: Ask, number: OwnNumber) -> None:
    for name, attribute in {**_URLS, **_METHODS, "FriendlyName": "friendly_name"}.items():
        if ask.has(name):
            setattr(number, attribute, ask.text(name))
    number.voice_caller_id_lookup = ask.flag("VoiceCallerIdLookup", number.voice_caller_id_lookup)
    number.updated_at = ask.office.clock()
    ask.office.ledger.add(
        "number_changed",
        number=number.phone_number,
        voice_url=number.voice_url,
        voice_fallback_url=number.voice_fallback_url,
        status_callback=number.status_callback,
    )


def _number(ask: Ask) -> OwnNumber:
    sid = ask.sids["Sid"]
    found = next((number for number in ask.office.numbers.values() if number.sid == sid), None)
    if found is None:
        raise not_found(ask.uri(f"/IncomingPhoneNumbers/{sid}.json"))
    return found
