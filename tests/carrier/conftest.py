"""The carrier's tests ask for a line: one number, a scripted service, virtual time."""

import pytest

from tests.carrier.desk import ANN, Desk
from tests.carrier.scripted import LINE, Line


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def desk(line: Line) -> Desk:
    return Desk(line)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A line with a caller in a queue, two in a room, and a recording."""
    line = desk.line
    line.service.on("/voice", "<Enqueue waitUrl=''>support</Enqueue>")
    line.caller.dial(LINE)
    line.run(1)
    line.service.on("/voice", "<Dial><Conference record='true'>room</Conference></Dial>")
    for number in (ANN, "+12125550102"):
        line.phone(number, number).dial(LINE)
    line.run(2)
    line.service.on("/voice", "<Record action='/said' maxLength='2'/>").on("/said", "")
    line.phone("+12125550103", "speaker").dial(LINE).hears("[beep]").speak("hello", 2)
    line.run(3)
    line.run(9)
    return desk
