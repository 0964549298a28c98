"""Sound: how long it lasts, and the tones that stand for what a caller said."""

import io
import math
import wave
from hashlib import sha256

WORD_SECONDS = 0.35
KEY_SECONDS = 0.1
BEEP_SECONDS = 0.5

AUDIO_TYPES = frozenset(
    {
        "audio/mpeg",
        "audio/wav",
        "audio/wave",
        "audio/x-wav",
        "audio/aiff",
        "audio/x-aifc",
        "audio/x-aiff",
        "audio/x-gsm",
        "audio/gsm",
        "audio/ulaw",
    }
)
_RATE = 8000
_BYTES_PER_SECOND = {"audio/mpeg": 4000, "audio/gsm": 1625, "audio/x-gsm": 1625, "audio/ulaw": 8000}
_MP3_RATE = 22050
_MP3_SAMPLES = 576
# MPEG-2 Layer III, 32 kbit/s, 22.05 kHz, mono; a frame of zeros is silence.
_MP3_FRAME = b"\xff\xf3\x40\xc4" + bytes(100)


def spoken_seconds(text: str) -> float:
    """How long it takes to say a text: 0.35 s a word."""
    return max(1, len(text.split())) * WORD_SECONDS


def seconds_of(content_type: str, body: bytes) -> float:
    """How long a medium plays: from the header of a WAV file, else from its size."""
    if body[:4] == b"RIFF":
        try:
            with wave.open(io.BytesIO(body)) as sound:
                return float(sound.getnframes() / sound.getframerate())
        except (wave.Error, EOFError, ZeroDivisionError):
            return 0.0
    return len(body) / _BYTES_PER_SECOND.get(content_type, 16000)


def tone_wav(seconds: float, marker: str, channels: int = 1) -> bytes:
    """A tone of this length (8 kHz, 8 bit), made from `marker`, so checksums differ."""
    digest = sha256(marker.encode()).digest()
    period = 8 + digest[0] % 32
    loudness = 40 + digest[1] % 80
    cycle = bytes(128 + int(loudness * math.sin(2 * math.pi * i / period)) for i in range(period))
    if channels == 2:  # the two sides of a dual-channel recording
        cycle = bytes(value for value in cycle for _ in range(2))
    size = round(seconds * _RATE) * channels
    samples = bytearray((cycle * (size // len(cycle) + 1))[:size])
    samples[: len(digest)] = digest[: len(samples)]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(1)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(samples))
    return buffer.getvalue()


def silent_mp3(seconds: float, marker: str) -> bytes:
    """Frames of silence of this length, behind an ID3 tag that holds the marker."""
    text = b"\x00" + marker.encode("latin-1", "replace")[:100]
    frame = b"TIT2" + len(text).to_bytes(4, "big") + b"\x00\x00" + text
    tag = b"ID3\x03\x00\x00" + bytes((0, 0, len(frame) >> 7, len(frame) & 0x7F)) + frame
    return tag + _MP3_FRAME * math.ceil(seconds * _MP3_RATE / _MP3_SAMPLES)
