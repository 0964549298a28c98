"""Logs say what happened, and never a secret, a full telephone number or what was keyed (I14)."""

import json
from dataclasses import replace

import pytest
import structlog

from ivr.app import create_app
from ivr.logs import configure_logs
from tests.ivr.test_failures import DUBLIN, BrokenDesk
from tests.line import TOKEN, LineUnderTest, nobody_wakes


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("+12125550177", "…0177"),
        ("ticket 100100 was keyed", "ticket …00 was keyed"),
        (["+442079460018"], ["…0018"]),
        ({"ani": "+12125550177"}, {"ani": "…0177"}),
        ("CA0123456789012345678901234567890123", "CA0123456789012345678901234567890123"),
        ("turn 3 of 12", "turn 3 of 12"),
        (17, 17),
    ],
)
def test_numbers_are_masked_to_their_last_figures(
    told: object, written: object, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()

    structlog.get_logger().info("event", told=told)

    line = json.loads(capsys.readouterr().err)
    assert line["told"] == written
    assert line["level"] == "info"


def test_a_failing_call_leaves_no_secret_in_the_log(
    line: LineUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()
    services = replace(line.services, desk=BrokenDesk())
    line.app = create_app(services, nobody_wakes)

    line.caller("+12125550177").dial(DUBLIN).hears("ticket number").press("734519#").hears("sorry")

    written = capsys.readouterr().err
    assert "incident" in written
    for secret in ("2125550177", "734519", TOKEN, line.settings.secret_key):
        assert secret not in written
