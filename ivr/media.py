"""Sound we make ourselves: quiet hold music, so that a fresh installation needs no files.

A slow arpeggio of soft sine tones, written as 16-bit WAV at telephone rate. The same name and
length always give the same bytes, so the carrier may cache them.
"""

import io
import math
import struct
import wave
from functools import lru_cache

RATE = 8000
# As long as a piece of music may be by the configuration (schema.py, hold_chunk_seconds).
MOST_SECONDS = 120
# A minor seventh chord, up and down, in hertz: half a second each.
NOTES = (220.0, 261.63, 329.63, 392.0, 329.63, 261.63)
NOTE_SECONDS = 0.5
LOUDNESS = 2600
MEDIA = frozenset({"hold_music"})


@lru_cache(maxsize=MOST_SECONDS)
def hold_music(seconds: int) -> bytes:
    """`seconds` (1 to 120) of music as a WAV file."""
    frames = b"".join(struct.pack("<h", _sample(index)) for index in range(seconds * RATE))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames)
    return file.getvalue()


def _sample(index: int) -> int:
    second = index / RATE
    note, into = divmod(second, NOTE_SECONDS)
    frequency = NOTES[int(note) % len(NOTES)]
    # Each tone swells and fades, so that one runs softly into the next.
    envelope = math.sin(math.pi * into / NOTE_SECONDS)
    return int(LOUDNESS * envelope * math.sin(2 * math.pi * frequency * second))
