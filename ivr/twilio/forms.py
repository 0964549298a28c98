"""What the carrier posts, read into our own words. Nothing unchecked goes further."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from callflows.events import Event, Keyed, Silence
from ivr.errors import BadRequest

Form = Mapping[str, str]

SID = re.compile(r"[A-Za-z0-9_-]{2,64}")
KEYS = re.compile(r"[0-9*#A-D]{0,64}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A caller's number is kept as text whatever it is; it is only believed where it looks like one.
MAX_ADDRESS = 64

ENDED_STATUSES = {"completed", "busy", "failed", "no-answer", "canceled"}
# What the carrier says of a caller who is no longer queued, in our words.
QUEUE_RESULTS = {
    "bridged": "bridged",
    "bridging-in-process": "bridged",
    "redirected-from-bridged": "bridged",
    "hangup": "abandoned",
    "leave": "left",
    "redirected": "left",
    "queue-full": "full",
    "error": "error",
    "system-error": "error",
}


@dataclass(frozen=True)
class Arrival:
    """A caller rings: which call, which of our numbers, and from where if the carrier says."""

    call_sid: str
    dnis: str
    ani: str | None


def read_arrival(form: Form) -> Arrival:
    return Arrival(read_call_sid(form), _address(form, "To"), _address(form, "From") or None)


def read_call_sid(form: Form) -> str:
    """The call's SID; raises BadRequest when it is not one."""
    sid = form.get("CallSid", "")
    if not SID.fullmatch(sid):
        raise BadRequest("CallSid is missing or malformed")
    return sid


def read_answer(form: Form) -> Event:
    """Keys, or silence. Keys that no telephone has are taken as silence."""
    digits = form.get("Digits")
    if digits is None or digits == "hangup" or not KEYS.fullmatch(digits):
        return Silence()
    return Keyed(digits)


def read_keys(form: Form) -> str:
    digits = form.get("Digits", "")
    return digits if KEYS.fullmatch(digits) else ""


def read_queue_result(form: Form) -> str:
    return QUEUE_RESULTS.get(form.get("QueueResult", ""), "error")


def read_position(form: Form) -> int | None:
    return _number(form, "QueuePosition")


def read_queue_sid(form: Form) -> str | None:
    sid = form.get("QueueSid", "")
    return sid if SID.fullmatch(sid) else None


def read_recording(form: Form) -> tuple[str | None, int]:
    """The recording's SID, when named or readable from its address, and its seconds."""
    sid = form.get("RecordingSid", "")
    if not sid:
        sid = form.get("RecordingUrl", "").rpartition("/")[2].partition(".")[0]
    return (sid if SID.fullmatch(sid) else None), _number(form, "RecordingDuration") or 0


def has_ended(form: Form) -> bool:
    return form.get("CallStatus", "") in ENDED_STATUSES


def read_sequence(form: Form) -> int:
    number = _number(form, "SequenceNumber")
    return -1 if number is None else number


def was_answered(form: Form) -> bool:
    """Whether a transferred caller really talked to somebody."""
    return form.get("DialBridged") == "true" or form.get("DialCallStatus") in {"completed", "answered"}


def _number(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _address(form: Form, name: str) -> str:
    return CONTROL.sub("", form.get(name, ""))[:MAX_ADDRESS]
