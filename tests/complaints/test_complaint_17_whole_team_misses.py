"""Complaint 17: a whole team gets missed calls (sleeping tabs, microphones), and nobody sees it.

Naive: every miss is one technician's affair; each is rung again and again in vain, or all of them
are put away one by one until nobody is left.
"""

from tests.ivr.test_carrier_requests import queue_a_caller, rings
from tests.line import LineUnderTest

NAMES = ("ann", "eve", "tom")


def test_leads_see_that_several_technicians_miss_their_calls(line: LineUnderTest) -> None:
    phones = [
        line.technician(name, f"+1212555010{number}") for number, name in enumerate(NAMES, start=1)
    ]

    queue_a_caller(line)
    line.exchange.run_for(90)

    assert [rings(line, phone.number) for phone in phones] == [1, 1, 1]
    told = "3 technicians missed their last call: ann, eve, tom."
    assert line.alarms()["several_miss"] == told
    # Two are away and know it; the last one stays, and leads know that, too.
    states = sorted(line.technician_states().values())
    assert states == ["available", "on_break", "on_break"]
    assert "the only technician who could take calls" in line.alarms()["last_on_shift"]
    told_people = {person for people, *_ in line.mail.sent for person in people}
    assert {f"{name}@example.com" for name in NAMES} <= told_people
    assert line.violations() == []
