"""Record: a message of the caller, ended by a key, silence, length or hang-up (contract 1.3)."""

from ivr.carrier.couriers import post
from ivr.carrier.documents import Context, Fields, Jump, Unobtainable
from ivr.carrier.legs import Address, HungUp, Key
from ivr.carrier.recordings import Listener, Recording, Take, recording_url, start_take, stop_take
from ivr.carrier.speaking import beep
from ivr.carrier.tasks import Listen, Script
from ivr.carrier.twiml import Verb

_ALL_KEYS = "1234567890*#"
_TRANSCRIBED_MOST = 120
_TRANSCRIBED_LEAST = 2
_TRANSCRIPTION_SECONDS = 5.0


def record(context: Context, verb: Verb) -> Script[Jump | None]:
    """Beep, listen, and go on at the action; verbs after Record never run."""
    office, leg = context.office, context.leg
    if context.document.live and not verb.word("action"):
        # A live call that was redirected to a Record needs an action (contract 2.1).
        office.problem(11100, "<Record> without action in a redirected call", call=leg.sid)
        raise Unobtainable(11100, context.document.url)
    if verb.flag("playBeep", True):
        yield from beep(office, leg)
    take = start_take(
        office,
        "RecordVerb",
        call=leg.sid,
        trims=verb.word("trim", "trim-silence") == "trim-silence",
        listener=listener_of(context, verb),
    )
    leg.takes.append(take)
    leg.open_ears("dtmf")
    leg.waits_for_caller = True
    try:
        key = yield from _until_it_ends(context, verb, take)
    except HungUp:
        _say_goodbye(context, verb, _finish(context, verb, take, "hangup"))
        raise
    except Exception:
        _finish(context, verb, take, "")
        raise
    return context.after_action(verb, _finish(context, verb, take, key))


def _say_goodbye(context: Context, verb: Verb, extras: Fields) -> None:
    """The caller hung up: the action is told, its answer does not matter."""
    try:
        source = context.after_action(verb, extras).source
    except Unobtainable:
        return
    if isinstance(source, Address):
        post(context.office, context.order("action", source, extras))


def listener_of(context: Context, verb: Verb) -> Listener | None:
    """Who an element's recordingStatusCallback attributes name."""
    address = context.address(verb, "recordingStatusCallback", "recordingStatusCallbackMethod")
    if address is None:
        return None
    return Listener(
        address, frozenset(verb.word("recordingStatusCallbackEvent", "completed").split())
    )


def _until_it_ends(context: Context, verb: Verb, take: Take) -> Script[str]:
    """The key that ended it, or "" for silence and length."""
    office, leg = context.office, context.leg
    patience = verb.whole("timeout", 5)
    transcribed = verb.flag("transcribe", False)
    end = take.began_at + verb.whole("maxLength", _TRANSCRIBED_MOST if transcribed else 3600)
    keys = verb.word("finishOnKey", _ALL_KEYS)
    while True:
        while leg.inbox:
            sound = leg.inbox.popleft()
            if isinstance(sound, Key) and sound.key in keys:
                return sound.key
        quiet_since = max([take.began_at, *(span[1] for span in take.spans)])
        silent_at = end if leg.speaking or not patience else quiet_since + patience
        woken = yield Listen(min(end, silent_at) - office.now())
        if not woken:
            return ""


def _finish(context: Context, verb: Verb, take: Take, key: str) -> Fields:
    """Stop the take; what the action request carries (RecordingDuration: before trimming)."""
    office, leg = context.office, context.leg
    leg.waits_for_caller = False
    leg.close_ears()
    total = stop_take(take, (leg,), lambda recording: _transcribe(context, verb, recording))
    leg.takes.remove(take)
    fields: Fields = (("RecordingDuration", str(round(total))),)
    if take.recording.seconds:
        fields = (("RecordingUrl", recording_url(office, take.recording)), *fields)
        if office.assume.record_action_sends_sid:
            fields = (*fields, ("RecordingSid", take.recording.sid))
    return (*fields, ("Digits", key)) if key else fields


def _transcribe(context: Context, verb: Verb, recording: Recording) -> None:
    """For more than 2 s and less than 120 s; nothing is told of an absent recording (1.5)."""
    if not verb.flag("transcribe", False) or recording.status != "completed":
        return
    office = context.office
    possible = _TRANSCRIBED_LEAST < recording.seconds < _TRANSCRIBED_MOST
    if not possible:
        office.problem(13617, f"{recording.seconds} s", call=recording.call_sid)
    address = context.address(verb, "transcribeCallback")
    if address is None:
        return
    sid = office.sids.new("TR")
    extras: Fields = (
        ("TranscriptionSid", sid),
        ("TranscriptionText", recording.words if possible else ""),
        ("TranscriptionStatus", "completed" if possible else "failed"),
        ("TranscriptionUrl", f"{recording_url(office, recording)}/Transcriptions/{sid}"),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", recording_url(office, recording)),
    )
    post_address = Address(address.url)
    office.driver.after(
        _TRANSCRIPTION_SECONDS,
        lambda: post(office, context.order("transcription", post_address, extras)),
    )
