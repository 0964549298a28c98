"""Where Twilio's documents are silent or disagree: what the carrier does, and the other reading."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumptions:
    """Our choice is the default; a service is right when it behaves well under both."""

    # actionOnEmptyResult: `Digits` and `SpeechResult` are sent empty, or not at all.
    empty_gather_sends_digits: bool = True
    # The undocumented `FinishedOnKey` and `msg` of a Gather.
    gather_sends_finished_on_key: bool = True
    # `RecordingSid` in Record's action request.
    record_action_sends_sid: bool = True
    # After a REST dequeue both the member's Url and the Enqueue action are requested; whose TwiML
    # runs?
    dequeue_runs_member_url: bool = True
    # The action of a Dial is requested although the caller hung up.
    dial_action_after_hangup: bool = True
    # VoiceFallbackUrl also covers an `action` or a redirect that fails in mid-call.
    fallback_covers_actions: bool = True
    # Added to the `timeout` of Dial and of a created call.
    extra_ring_seconds: float = 5.0
    # A callee who answers and then hangs up in the whisper: `completed` (look at DialBridged) or
    # `no-answer`.
    declined_whisper_status: str = "completed"
