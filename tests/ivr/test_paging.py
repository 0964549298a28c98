"""The help desk is down at night, and a caller says their system is, too (A20)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.journal import Happened
from tests.ivr.rooming import happened
from tests.line import LineUnderTest

NIGHT = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)  # 02:00 in New York
NORTH_AMERICA = "+18779260001"


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> LineUnderTest:
    made = LineUnderTest(engine, tmp_path / "instance", NIGHT)
    made.desk.down = True
    made.technician("sam.whitfield", "+12125550101")
    return made


def test_the_people_on_call_are_told_within_a_minute_and_nobody_is_connected(
    line: LineUnderTest,
) -> None:
    caller = line.caller().dial(NORTH_AMERICA).hears("press 4").press("4").hears("ticket number")
    caller.press("100100#").hears("If your system is down, press 1").press("1")
    caller.hears("technicians who are on call").hears("after the tone").hears("beep")
    line.exchange.run_for(5)

    (mail,) = line.mail.sent
    recipients, subject, body = mail
    assert recipients == ["sam.whitfield@example.com", "severity-1@support.example.com"]
    assert subject.endswith("the ticket, 100100, is NOT VERIFIED")
    assert "+12125550177" in body
    assert any(about.startswith("system down:") for about in line.alarms())
    assert len(happened(line, Happened.PAGED)) == 1

    caller.speak("Everything is down.", seconds=4).press("#").hears("goodbye").is_left()
    line.exchange.run_for(60)
    assert line.the_call().disposition == "voicemail"
    assert line.the_call().technician is None
    assert line.violations() == []
