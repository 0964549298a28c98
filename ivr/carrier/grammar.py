"""The grammar of TwiML (contract 2.2): what may stand where, and the code for what may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.carrier.attributes import (
    SCHEMA,
    Kind,
    flag,
    language,
    matching,
    method,
    one_of,
    several_of,
    text,
    url,
    voice,
    whole,
)

_DTMF = r"[0-9A-Da-d#*wW]+"
_PROGRESS = several_of("initiated", "ringing", "answered", "completed")
_RECORDING = several_of("in-progress", "completed", "absent", code=13621)
_RECORDS = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
    "true",
    "false",
)
_TRIM = ("trim-silence", "do-not-trim")
_ANY = text()
_LIMIT = 500, 100


@dataclass(frozen=True)
class Element:
    """One element: its attributes, what may be nested (else the code), whether it holds text."""

    attributes: Mapping[str, Kind] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False
    nesting_code: int = SCHEMA


def _has_few_hints(value: str) -> bool:
    hints = value.split(",")
    return len(hints) <= _LIMIT[0] and all(len(hint.strip()) <= _LIMIT[1] for hint in hints)


_SSML = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)
_SPOKEN = frozenset({"Say", "Play", "Pause"})
_WHISPER = {"url": url(), "method": method(13221)}
_PROGRESS_CALLBACK = {
    "statusCallback": url(),
    "statusCallbackEvent": _PROGRESS,
    "statusCallbackMethod": method(),
}
_RECORDING_CALLBACK = {
    "recordingStatusCallback": url(13256),
    "recordingStatusCallbackMethod": method(),
    "recordingStatusCallbackEvent": _RECORDING,
}

ELEMENTS: dict[str, Element] = {
    "Response": Element(
        children=_SPOKEN
        | {"Gather", "Record", "Dial", "Enqueue", "Leave", "Redirect", "Reject", "Hangup"}
    ),
    "Say": Element(
        {"voice": voice(13511), "language": language(), "loop": whole(0, code=13510)}, _SSML, True
    ),
    "Play": Element(
        {"loop": whole(0, code=13410), "digits": matching(_DTMF, "DTMF", 13430)}, text=True
    ),
    "Pause": Element({"length": whole(1, code=13910)}),
    "Gather": Element(
        {
            "action": url(),
            "method": method(13312),
            "input": one_of("dtmf", "speech", "dtmf speech", "speech dtmf", code=13326),
            "timeout": whole(0, code=13313, also="auto"),
            "speechTimeout": whole(0, code=13327, also="auto"),
            "maxSpeechTime": whole(1, 60, code=13328),
            "numDigits": whole(1, code=13314),
            "finishOnKey": matching("[0-9*#]?", "one key, or nothing", 13310),
            "partialResultCallback": url(),
            "partialResultCallbackMethod": method(13329),
            "language": language(13331),
            "hints": Kind(_has_few_hints, "at most 500 hints of 100 characters", 13330),
            "profanityFilter": flag(13333),
            "bargeIn": flag(13332),
            "actionOnEmptyResult": flag(13338),
            "speechModel": text(64, 13334),
            "enhanced": flag(),
        },
        _SPOKEN,
        nesting_code=13320,
    ),
    "Record": Element(
        {
            "action": url(),
            "method": method(13610),
            "timeout": whole(0, code=13611),
            "finishOnKey": matching("[0-9*#]*", "a set of keys", 13613),
            "maxLength": whole(1, 14400, code=13612),
            "playBeep": flag(13616),
            "trim": one_of(*_TRIM, code=13699),
            "transcribe": flag(13614),
            "transcribeCallback": url(13257),
            **_RECORDING_CALLBACK,
        }
    ),
    "Dial": Element(
        {
            "action": url(),
            "method": method(13210),
            "timeout": whole(5, 600, code=13212),
            "timeLimit": whole(1, 86400, code=13216),
            "callerId": _ANY,
            "answerOnBridge": flag(13219),
            "hangupOnStar": flag(13213),
            "record": one_of(*_RECORDS, code=13217),
            "recordingTrack": one_of("both", "inbound", "outbound"),
            "trim": one_of(*_TRIM),
            "ringTone": matching("[a-z]{2}(-old)?|at|automatic", "a country code", 13220),
            "sequential": flag(13218),
            "callReason": text(50),
            "referUrl": url(),
            "referMethod": method(),
            **_RECORDING_CALLBACK,
        },
        frozenset({"Number", "Client", "Queue", "Conference"}),
        True,
        13215,
    ),
    "Number": Element(
        {
            **_WHISPER,
            **_PROGRESS_CALLBACK,
            "sendDigits": matching("[0-9*#wW]+", "keys and pauses", 13222),
            "machineDetection": one_of("Enable", "DetectMessageEnd"),
            "machineDetectionTimeout": whole(3, 60),
            "machineDetectionSpeechThreshold": whole(1000, 6000),
            "machineDetectionSpeechEndThreshold": whole(500, 5000),
            "machineDetectionSilenceTimeout": whole(2000, 10000),
            "amdStatusCallback": url(),
            "amdStatusCallbackMethod": method(),
            "byoc": _ANY,
        },
        text=True,
    ),
    "Client": Element(
        {**_WHISPER, **_PROGRESS_CALLBACK}, frozenset({"Identity", "Parameter"}), True
    ),
    "Identity": Element(text=True),
    "Parameter": Element({"name": _ANY, "value": _ANY}),
    "Queue": Element(
        {
            "url": url(14211),
            "method": method(14210),
            "reservationSid": _ANY,
            "postWorkActivitySid": _ANY,
        },
        text=True,
    ),
    "Conference": Element(
        {
            "muted": flag(13230),
            "beep": one_of("true", "false", "onEnter", "onExit", code=13235),
            "startConferenceOnEnter": flag(13232),
            "endConferenceOnExit": flag(13231),
            "participantLabel": matching(
                r"(?!CA[0-9a-f]{32}$)[^/]{1,128}", "at most 128 characters, no /", 16023
            ),
            "waitUrl": url(13233, empty=True),
            "waitMethod": method(13234),
            "maxParticipants": whole(2, 250),
            "record": one_of("do-not-record", "record-from-start", "true", "false"),
            "trim": one_of(*_TRIM, code=13239),
            "coach": matching("CA[0-9a-f]{32}", "a call SID", 13240),
            "region": _ANY,
            "jitterBufferSize": one_of("large", "medium", "small", "off"),
            "statusCallback": url(),
            "statusCallbackMethod": method(),
            "statusCallbackEvent": several_of(
                "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"
            ),
            **_RECORDING_CALLBACK,
        },
        text=True,
    ),
    "Enqueue": Element(
        {
            "action": url(14203),
            "method": method(14201),
            "waitUrl": url(14202, empty=True),
            "waitUrlMethod": method(14206),
            "workflowSid": matching("WW[0-9a-f]{32}", "a workflow SID"),
        },
        frozenset({"Task"}),
        True,
    ),
    "Task": Element({"priority": whole(0), "timeout": whole(1)}, text=True),
    "Leave": Element(),
    "Hangup": Element(),
    "Redirect": Element({"method": method(13710)}, text=True),
    "Reject": Element({"reason": one_of("rejected", "busy", code=13810)}),
    # SSML inside Say
    "break": Element({"strength": _ANY, "time": _ANY}),
    "emphasis": Element({"level": _ANY}, _SSML, True),
    "lang": Element({"{http://www.w3.org/XML/1998/namespace}lang": _ANY}, _SSML, True),
    "p": Element({}, _SSML, True),
    "s": Element({}, _SSML, True),
    "phoneme": Element({"alphabet": _ANY, "ph": _ANY}, text=True),
    "prosody": Element({"volume": _ANY, "rate": _ANY, "pitch": _ANY}, _SSML, True),
    "say-as": Element({"interpret-as": _ANY, "format": _ANY}, text=True),
    "sub": Element({"alias": _ANY}, text=True),
    "w": Element({"role": _ANY}, _SSML, True),
}

# What a document may hold in places where not every verb makes sense (contract 1.7, 1.8, 2.2).
WAIT_VERBS = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
WHISPER_VERBS = frozenset({"Play", "Say", "Gather", "Hangup"})
QUEUE_WHISPER_VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})
ROOM_WAIT_VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})
