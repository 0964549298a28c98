"""Hold music: as long as the configuration lets it be, and a wait that lasts without it."""

import io
import struct
import wave

import pytest
from sqlalchemy import func, select

from ivr.configuration.schema import TimersPart
from ivr.media import RATE, hold_music
from ivr.store.calls import answer
from ivr.store.engine import reading
from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

NORTH_AMERICA = "+18779260001"


def longest_chunk_seconds() -> int:
    (longest,) = [
        bound.le
        for bound in TimersPart.model_fields["hold_chunk_seconds"].metadata
        if hasattr(bound, "le")
    ]
    assert isinstance(longest, int)
    return longest


@pytest.mark.parametrize("seconds", [1, longest_chunk_seconds()])
def test_every_length_that_may_be_configured_is_there(line: LineUnderTest, seconds: int) -> None:
    answer = line.app.test_client().get(f"/media/hold_music/{seconds}.wav")

    assert answer.status_code == 200
    assert answer.data[:4] == b"RIFF"


def write_music(line: LineUnderTest, name: str, *notes: int) -> None:
    """A WAV of a second for each note, which is the value of all its samples."""
    folder = line.settings.instance / "media"
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for note in notes:
            file.writeframes(struct.pack("<h", note) * RATE)


def notes_heard(line: LineUnderTest, address: str) -> list[int]:
    """The note of each second of what is served there."""
    answer = line.app.test_client().get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    with wave.open(io.BytesIO(answer.data)) as sound:
        frames = sound.readframes(sound.getnframes())
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)
    return list(samples[RATE // 2 :: RATE])


def test_an_installations_own_music_goes_on_from_round_to_round(line: LineUnderTest) -> None:
    write_music(line, "jazz", 10, 20, 30, 40, 50)

    first = notes_heard(line, "/media/jazz/3.wav")
    line.exchange.run_for(3)
    second = notes_heard(line, "/media/jazz/7.wav")

    start = first[0] // 10 - 1
    expected = [10 * ((start + each) % 5 + 1) for each in range(10)]
    assert first + second == expected


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound at all" * 10, None])
def test_music_that_cannot_be_played_is_replaced_by_our_own(
    line: LineUnderTest, content: bytes | None
) -> None:
    write_music(line, "jazz")  # A header, and no sound.
    if content is not None:
        (line.settings.instance / "media" / "jazz.wav").write_bytes(content)

    answer = line.app.test_client().get("/media/jazz/5.wav")

    assert answer.status_code == 200
    assert answer.data == hold_music(5)


@pytest.mark.parametrize("name", ["..", "Jazz", "a.b", "%2e%2e"])
def test_no_other_file_can_be_asked_for(line: LineUnderTest, name: str) -> None:
    assert line.app.test_client().get(f"/media/{name}/5.wav").status_code == 404


def test_without_its_music_a_caller_still_waits_round_by_round(
    line: LineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.app.MOST_SECONDS", 0)
    line.desk.put(Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="America/New_York"))
    line.caller().dial(NORTH_AMERICA).press("w4wwwwww").press("100300#")

    line.exchange.run_for(60)

    with reading(line.engine) as connection:
        rounds = connection.execute(select(func.count()).where(answer.c.step.like("%.%"))).scalar()
    assert 10 < (rounds or 0) < 70
