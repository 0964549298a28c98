"""The documents of the static fallback, for a host without any program."""

from twilio.twiml.voice_response import VoiceResponse

from callflows.verbs import Say
from ivr.twilio.pieces import MESSAGE_SILENCE_SECONDS, say


def static_apology(text: str, language: str, voice: str, recorded: str, seconds: int) -> str:
    """An apology and the tone, for a host without any program; `recorded` is a relative address."""
    response = VoiceResponse()
    say(response, Say(text, language, voice))
    response.record(
        action=recorded,
        method="GET",
        max_length=seconds,
        finish_on_key="#",
        timeout=MESSAGE_SILENCE_SECONDS,
        play_beep=True,
    )
    return str(response)


def static_thanks(text: str, language: str, voice: str) -> str:
    response = VoiceResponse()
    say(response, Say(text, language, voice))
    response.hangup()
    return str(response)
