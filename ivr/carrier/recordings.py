"""Recordings: what is being taken, what is kept, and who is told (contract 1.4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ivr.carrier.couriers import post
from ivr.carrier.legs import Address, Leg
from ivr.carrier.office import Office
from ivr.carrier.parameters import API_VERSION, rfc2822
from ivr.carrier.signing import Order
from ivr.carrier.sound import silent_mp3, tone_wav

# A recording can be fetched so long after it ended.
PROCESSING_SECONDS = 2.0
_SHORTEST = 0.5


@dataclass(frozen=True)
class Listener:
    """Who is told about a recording, and of which of `in-progress`, `completed`, `absent`."""

    address: Address
    events: frozenset[str] = frozenset({"completed"})


@dataclass(eq=False)
class Recording:
    """A recording as REST shows it. `seconds` is final once it is `completed`."""

    sid: str
    source: str
    started_at: datetime
    call_sid: str = ""
    conference_sid: str = ""
    channels: int = 1
    status: str = "in-progress"
    seconds: int = 0
    length: float = 0.0
    words: str = ""
    completed_at: float | None = None

    def media(self, extension: str) -> bytes:
        """A tone (WAV) or silence (MP3) of the recording's length, different for each."""
        if extension == "mp3":
            return silent_mp3(self.length, self.sid)
        return tone_wav(self.length, self.sid, self.channels)


@dataclass(eq=False)
class Take:
    """A recording being made: when it began, and when somebody spoke."""

    office: Office
    recording: Recording
    began_at: float
    trims: bool
    listener: Listener | None = None
    spans: list[tuple[float, float, str]] = field(default_factory=list)
    stopped: bool = False

    def add(self, began: float, ended: float, text: str) -> None:
        if not self.stopped:
            self.spans.append((max(began, self.began_at), ended, text))

    @property
    def spoken_seconds(self) -> float:
        """From the first word to the last."""
        if not self.spans:
            return 0.0
        return max(end for _, end, _ in self.spans) - min(start for start, _, _ in self.spans)


def start_take(  # noqa: PLR0913  the parts of a recording
    office: Office,
    source: str,
    *,
    call: str = "",
    conference: str = "",
    channels: int = 1,
    trims: bool = False,
    listener: Listener | None = None,
) -> Take:
    recording = Recording(office.sids.new("RE"), source, office.clock(), call, conference, channels)
    office.recordings[recording.sid] = recording
    take = Take(office, recording, office.now(), trims, listener)
    office.ledger.add("recording_started", recording=recording.sid, call=call, source=source)
    _tell(take, "in-progress")
    return take


def stop_take(
    take: Take, speakers: tuple[Leg, ...] = (), then: Callable[[Recording], None] | None = None
) -> float:
    """End a recording; returns its untrimmed length. It is complete, and told, later."""
    office, recording = take.office, take.recording
    for leg in speakers:
        if leg.speaking is not None:
            take.add(leg.speech_began_at, office.now(), leg.speaking.text)
    total = office.now() - take.began_at
    take.stopped = True
    # Silent recordings are kept by default, at their whole length.
    recording.length = take.spoken_seconds if take.trims and take.spans else total
    recording.seconds = round(recording.length) or int(recording.length >= _SHORTEST)
    recording.words = " ".join(text for _, _, text in take.spans)
    recording.status = "processing"
    office.driver.after(PROCESSING_SECONDS, lambda: _complete(take, then))
    return total


def _complete(take: Take, then: Callable[[Recording], None] | None) -> None:
    office, recording = take.office, take.recording
    recording.status = "completed" if recording.seconds else "absent"
    recording.completed_at = office.now()
    office.ledger.add(
        "recorded",
        recording=recording.sid,
        call=recording.call_sid,
        conference=recording.conference_sid,
        status=recording.status,
        seconds=recording.seconds,
        words=recording.words,
    )
    if recording.status == "absent":
        office.problem(16101, call=recording.call_sid)
    _tell(take, recording.status)
    if then is not None:
        then(recording)


def recording_url(office: Office, recording: Recording) -> str:
    account = f"{office.rest_base_url}/{API_VERSION}/Accounts/{office.account_sid}"
    return f"{account}/Recordings/{recording.sid}"


def _tell(take: Take, status: str) -> None:
    listener, office, recording = take.listener, take.office, take.recording
    if listener is None or status not in listener.events:
        return
    of_what = (
        ("ConferenceSid", recording.conference_sid)
        if recording.conference_sid
        else ("CallSid", recording.call_sid)
    )
    fields = [
        ("AccountSid", office.account_sid),
        of_what,
        ("RecordingSid", recording.sid),
        ("RecordingUrl", recording_url(office, recording)),
        ("RecordingStatus", status),
        ("RecordingChannels", str(recording.channels)),
        ("RecordingSource", recording.source),
        ("RecordingStartTime", rfc2822(recording.started_at)),
    ]
    if recording.source == "OutboundAPI":
        fields.append(("RecordingTrack", "both"))
    if status == "completed":
        fields.append(("RecordingDuration", str(recording.seconds)))
    address = listener.address
    order = Order("recording", address.url, address.method, tuple(fields), recording.call_sid)
    post(
        office,
        order,
        lambda reply: office.problem(15003, f"status {reply.status}", url=address.url),
    )
