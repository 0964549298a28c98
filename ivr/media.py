"""Hold music: an installation's own file, or else sound we make ourselves.

A file plays like a radio: whoever listens hears what it has come to by now, so one piece follows
the other without anybody having to remember where a caller was.

Ours is a slow arpeggio of soft sine tones, written as 16-bit WAV at telephone rate. The same
length always gives the same bytes, so the carrier may cache them.
"""

import io
import math
import re
import struct
import wave
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import structlog

log = structlog.get_logger()

RATE = 8000
# As long as a piece of music may be by the configuration (schema.py, hold_chunk_seconds).
MOST_SECONDS = 120
# A minor seventh chord, up and down, in hertz: half a second each.
NOTES = (220.0, 261.63, 329.63, 392.0, 329.63, 261.63)
NOTE_SECONDS = 0.5
MEDIUM = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
LOUDNESS = 2600


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


def own_music(folder: Path, name: str, seconds: int, clock: Callable[[], datetime]) -> bytes | None:
    """`seconds` of `folder`/NAME.wav (PCM) from where it has come to by now, over and over.

    None where there is no such file, or none that can be played; the log says what is wrong.
    """
    path = folder / f"{name}.wav"
    if not path.is_file():
        return None
    try:
        with wave.open(str(path)) as sound:
            return _cut(sound, seconds, clock())
    except (wave.Error, EOFError, OSError, ZeroDivisionError) as error:
        log.warning("music cannot be played", file=path.name, cause=str(error))
        return None


def _cut(sound: wave.Wave_read, seconds: int, now: datetime) -> bytes:
    rate, length = sound.getframerate(), sound.getnframes()
    sound.setpos(int(now.timestamp() * rate) % length)
    frames, wanted = sound.readframes(seconds * rate), seconds * rate
    frame_bytes = sound.getsampwidth() * sound.getnchannels()
    while len(frames) < wanted * frame_bytes:
        sound.rewind()
        more = sound.readframes(wanted - len(frames) // frame_bytes)
        if not more:
            raise EOFError("there is no sound in it")
        frames += more
    file = io.BytesIO()
    with wave.open(file, "wb") as cut:
        cut.setparams(sound.getparams())
        cut.writeframes(frames)
    return file.getvalue()
