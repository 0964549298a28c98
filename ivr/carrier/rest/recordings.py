"""REST: recordings and their media (contract 5.4)."""

from typing import Any

from ivr.carrier.office import Office
from ivr.carrier.parameters import API_VERSION, rfc2822
from ivr.carrier.recordings import Recording, recording_url
from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found, page
from ivr.carrier.rest.calls import within

_MEDIA = {"": "audio/x-wav", "wav": "audio/x-wav", "mp3": "audio/mpeg"}


def show_recording(ask: Ask, recording: Recording) -> dict[str, Any]:
    uri = ask.uri(f"/Recordings/{recording.sid}")
    done = recording.status == "completed"
    return {
        "sid": recording.sid,
        "account_sid": ask.office.account_sid,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid or None,
        "conference_sid": recording.conference_sid or None,
        "date_created": rfc2822(recording.started_at),
        "date_updated": rfc2822(recording.started_at),
        "start_time": rfc2822(recording.started_at),
        "duration": str(recording.seconds) if done else None,
        "price": None,
        "price_unit": "USD",
        "status": recording.status,
        "channels": recording.channels,
        "source": recording.source,
        "error_code": None,
        "uri": f"{uri}.json",
        "encryption_details": None,
        "subresource_uris": {
            "add_on_results": f"{uri}/AddOnResults.json",
            "transcriptions": f"{uri}/Transcriptions.json",
        },
        "media_url": recording_url(ask.office, recording),
    }


def list_recordings(ask: Ask) -> Answer:
    kept = [
        recording
        for recording in reversed(list(ask.office.recordings.values()))
        if _is_wanted(ask, recording)
    ]
    return page(ask, "/Recordings.json", "recordings", kept, lambda r: show_recording(ask, r))


def fetch_recording(ask: Ask) -> Answer:
    return Answer(200, show_recording(ask, _recording(ask)))


def delete_recording(ask: Ask) -> Answer:
    """The media goes at once; the resource stays, as deleted, for those who ask for it."""
    recording = _recording(ask)
    if recording.status not in {"completed", "absent"}:
        raise RestError(400, 20009, "Cannot delete this recording before it is complete.")
    recording.status = "deleted"
    ask.office.ledger.add("recording_deleted", recording=recording.sid)
    return Answer(204)


def media(office: Office, sid: str, extension: str, channels: str) -> Answer:
    """The sound itself, once the recording is complete and as far as the faults let it be."""
    recording = office.recordings.get(sid)
    if recording is None or recording.status != "completed" or recording.completed_at is None:
        raise not_found(f"/Recordings/{sid}")
    if office.now() < recording.completed_at + office.faults.media_missing_seconds:
        raise not_found(f"/Recordings/{sid}")
    if channels and int(channels) > recording.channels:
        raise RestError(400, 16113, "This recording has one channel.")
    body = recording.media(extension)
    if office.faults.shortens_media():
        body = body[: len(body) // 2]
    return Answer(200, None, body, _MEDIA[extension])


def _recording(ask: Ask) -> Recording:
    recording = ask.office.recordings.get(ask.sids["Sid"])
    if recording is None or (recording.status == "deleted" and not ask.flag("IncludeSoftDeleted")):
        raise not_found(ask.uri(f"/Recordings/{ask.sids['Sid']}.json"))
    return recording


def _is_wanted(ask: Ask, recording: Recording) -> bool:
    if recording.status == "deleted" and not ask.flag("IncludeSoftDeleted"):
        return False
    if ask.has("CallSid") and ask.text("CallSid") != recording.call_sid:
        return False
    if ask.has("ConferenceSid") and ask.text("ConferenceSid") != recording.conference_sid:
        return False
    return within(ask, "DateCreated", recording.started_at)
