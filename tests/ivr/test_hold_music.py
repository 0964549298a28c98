"""Hold music: as long as the configuration lets it be, and a wait that lasts without it."""

import pytest
from sqlalchemy import func, select

from ivr.configuration.schema import TimersPart
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


def test_without_its_music_a_caller_still_waits_round_by_round(
    line: LineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.app.MEDIA", frozenset[str]())
    line.desk.put(Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="America/New_York"))
    line.caller().dial(NORTH_AMERICA).press("w4wwwwww").press("100300#")

    line.exchange.run_for(60)

    with reading(line.engine) as connection:
        rounds = connection.execute(select(func.count()).where(answer.c.step.like("%.%"))).scalar()
    assert 10 < (rounds or 0) < 70
