"""What the carrier posts, read into our own words. Nothing unchecked goes further."""

import re
from collections.abc import Mapping

from ivr.errors import BadRequest
from ivr.replies import Arrival, LegEnd, QueueExit, Reply

Form = Mapping[str, str]

SID = re.compile(r"[A-Za-z0-9_-]{2,64}")
KEYS = re.compile(r"[0-9*#A-D]{0,64}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A caller's number is kept as text whatever it is; it is only believed where it looks like one.
MAX_ADDRESS = 64
MOST_FIGURES = 9

OUR_OWN_NAMES = "CB"

LEG_ENDS = {
    "busy": LegEnd.BUSY,
    "no-answer": LegEnd.NO_ANSWER,
    "failed": LegEnd.UNREACHABLE,
}
ENDED_STATUSES = {"completed", "busy", "failed", "no-answer", "canceled"}
# What the carrier says of a caller who is no longer queued, in our words.
QUEUE_EXITS = {
    "bridged": QueueExit.BRIDGED,
    "bridging-in-process": QueueExit.BRIDGED,
    "redirected-from-bridged": QueueExit.BRIDGED,
    "hangup": QueueExit.ABANDONED,
    "leave": QueueExit.LEFT,
    "redirected": QueueExit.LEFT,
    "queue-full": QueueExit.FULL,
}


def read_arrival(form: Form) -> Arrival:
    return Arrival(read_call_sid(form), _address(form, "To"), _address(form, "From") or None)


def read_call_sid(form: Form) -> str:
    """The call's SID; raises BadRequest when it is not one."""
    sid = form.get("CallSid", "")
    if not SID.fullmatch(sid):
        raise BadRequest("CallSid is missing or malformed")
    return sid


def check_call(form: Form, call_sid: str) -> None:
    """The address and the form must speak of the same call; raises BadRequest."""
    if call_sid.startswith(OUR_OWN_NAMES):
        # A callback: the carrier's name for its leg is another one than ours for the call.
        read_call_sid(form)
    elif read_call_sid(form) != call_sid:
        raise BadRequest("the form is about another call than the address")


def read_reply(form: Form) -> Reply:
    """What came back for a turn: keys, a recording, the end of a queue or of a dialled leg."""
    if "QueueResult" in form and "DialCallStatus" not in form:
        return Reply(queue_exit=QUEUE_EXITS.get(form["QueueResult"], QueueExit.ERROR))
    if "RecordingUrl" in form or form.get("Digits") == "hangup":
        sid, seconds = read_recording(form)
        return Reply(recording_sid=sid, recording_seconds=seconds)
    if "DialCallStatus" in form:
        return Reply(dial_answered=_was_answered(form))
    if "Digits" in form:
        return Reply(keys=read_keys(form))
    return Reply()


def read_keys(form: Form) -> str:
    digits = form.get("Digits", "")
    return digits if KEYS.fullmatch(digits) else ""


def read_queue_sid(form: Form) -> str | None:
    sid = form.get("QueueSid", "")
    return sid if SID.fullmatch(sid) else None


def read_recording(form: Form) -> tuple[str | None, int]:
    """The recording's SID, when named or readable from its address, and its seconds."""
    sid = form.get("RecordingSid", "")
    if not sid:
        sid = form.get("RecordingUrl", "").rpartition("/")[2].partition(".")[0]
    return (sid if SID.fullmatch(sid) else None), _number(form, "RecordingDuration") or 0


def read_error_code(form: Form) -> str:
    """Why the carrier gave up on a document, as its code."""
    code = form.get("ErrorCode", "")
    return code if code.isascii() and code.isdigit() else "unknown"


def has_ended(form: Form) -> bool:
    return form.get("CallStatus", "") in ENDED_STATUSES


def read_leg_end(form: Form) -> LegEnd:
    """How a leg that has ended did so; `failed` is a number the carrier could not even ring."""
    return LEG_ENDS.get(form.get("CallStatus", ""), LegEnd.OVER)


def read_ended_participant(form: Form) -> str | None:
    """The leg that has left a room because it is over; None when it only left."""
    if form.get("ParticipantCallStatus", "") not in ENDED_STATUSES:
        return None
    return read_call_sid(form)


def _was_answered(form: Form) -> bool:
    """Whether two parties were really connected; a conference only says `answered`."""
    if "DialBridged" in form:
        return form["DialBridged"] == "true"
    return form["DialCallStatus"] in {"completed", "answered"}


def _number(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_FIGURES else None


def _address(form: Form, name: str) -> str:
    return CONTROL.sub("", form.get(name, ""))[:MAX_ADDRESS]
