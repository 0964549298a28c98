"""What a caller hears who cannot be let in now: by the clock, by a closure, with the desk down."""

import pytest

from callflows.interpreter import Ending
from callflows.verbs import Enqueue
from routing.regions import Line
from routing.tickets import Unavailable
from tests.builders import DUBLIN, TOLL_FREE, a_closure, a_line, a_ticket, some_rules
from tests.callflows.conversation import TICKET, Conversation, Desk

MENU = a_line(TOLL_FREE)


HOURS = [
    # local wall clock                   severity  outcome              reason           opening
    ("Wed 2026-03-11 06:59 Europe/Dublin", 3, "closed", "support hours", "today at 7 a.m."),
    ("Wed 2026-03-11 19:00 Europe/Dublin", 3, "closed", "support hours", "tomorrow at 7 a.m."),
    ("Fri 2026-03-13 19:00 Europe/Dublin", 3, "closed", "support hours", "Monday at 7 a.m."),
    ("Sat 2026-03-14 12:00 Europe/Dublin", 3, "weekend_sev1_only", "Severity 1", "Monday at 7"),
    ("Sun 2026-03-15 12:00 Europe/Dublin", 2, "weekend_sev1_only", "Severity 1", "tomorrow at 7"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "severity", "outcome", "reason", "opening"), HOURS)
def test_outside_the_hours_a_caller_hears_why_and_when_again_and_leaves_a_message_at_once(
    when: str, severity: int, outcome: str, reason: str, opening: str
) -> None:
    call = Conversation(when=when, desk=Desk(a_ticket(severity)))
    call.presses(TICKET).hears(reason, f"again {opening}", "after the tone")

    assert [decision.outcome for decision in call.decisions()] == [outcome]
    call.does_not_hear("connect you", "minutes")


@pytest.mark.parametrize(
    "when", ["Wed 2026-03-11 03:00 Europe/Dublin", "Sat 2026-03-14 12:00 Europe/Dublin"]
)
def test_severity_1_is_let_in_at_any_hour(when: str) -> None:
    Conversation(when=when, desk=Desk(a_ticket(1))).presses(TICKET).hears("connect you").is_queued()


@pytest.mark.parametrize(
    ("line", "when", "opening"),
    [
        (a_line(DUBLIN), "Wed 2026-03-11 20:00 Europe/Dublin", "tomorrow at 7 a.m. Dublin time"),
        (MENU, "Wed 2026-03-11 20:00 America/New_York", "tomorrow at 7 a.m. New York time"),
    ],
)
def test_the_opening_names_the_city_where_the_clock_may_not_be_the_callers(
    line: Line, when: str, opening: str
) -> None:
    call = Conversation(line, when)
    if line is MENU:
        call.presses("4")

    call.presses(TICKET).hears(f"again {opening}").does_not_hear("your time")


def test_the_opening_is_said_on_the_callers_own_clock_where_the_ticket_tells_it() -> None:
    desk = Desk(a_ticket(zone="Pacific/Honolulu"))
    call = Conversation(a_line(TOLL_FREE), "Wed 2026-03-11 10:00 America/New_York", desk=desk)

    call.presses("4").presses(TICKET).hears("again today at 7 a.m. your time")


def test_a_ticket_on_hold_is_told_before_a_message_as_well() -> None:
    call = Conversation(
        when="Wed 2026-03-11 20:00 Europe/Dublin", desk=Desk(a_ticket(status="hold"))
    )

    call.presses(TICKET).hears("support hours", "on hold", "after the tone")


def test_an_emergency_closure_is_explained_in_its_own_words() -> None:
    closed = a_line(DUBLIN, some_rules(closure=a_closure()))
    call = Conversation(closed).presses(TICKET)

    call.hears("Our office has no power. You can call us again later.", "after the tone")
    assert "power.." not in " ".join(call.heard)


def test_an_emergency_closure_takes_no_message_without_a_ticket() -> None:
    call = Conversation(a_line(DUBLIN, some_rules(closure=a_closure())))

    call.is_silent().is_silent().is_silent().hears("no power", "help desk dot").ends(Ending.REFUSED)
    call.does_not_hear("after the tone")


def test_an_emergency_closure_lets_severity_1_in() -> None:
    closed = a_line(DUBLIN, some_rules(closure=a_closure()))

    Conversation(closed, desk=Desk(a_ticket(1))).presses(TICKET).is_queued()


def test_a_callback_is_for_the_callers_own_number_unless_another_is_keyed() -> None:
    line = a_line(DUBLIN, some_rules({"sev1_off_hours": "callback"}))
    call = Conversation(line, "Wed 2026-03-11 03:00 Europe/Dublin", desk=Desk(a_ticket(1)))

    call.presses(TICKET).hears("call you back", "enter the telephone number")


def test_in_hours_a_ticket_that_could_not_be_checked_is_let_in_and_told_so() -> None:
    call = Conversation(desk=Desk(down=True)).presses(TICKET)

    call.hears("could not check your ticket", "connect you")
    assert call.verb == Enqueue("triage-unknown")
    assert call.turn.looked_up == Unavailable(TICKET, "no answer in time")
    assert call.session.decision is not None
    assert (call.session.decision.rule, call.session.decision.verified) == ("A20", False)


def test_outside_the_hours_a_ticket_that_could_not_be_checked_gets_a_message_with_its_number() -> (
    None
):
    call = Conversation(when="Wed 2026-03-11 20:00 Europe/Dublin", desk=Desk(down=True))

    call.presses(TICKET).hears("we are sorry", "1 0 0 2 0 0").is_silent().hears("after the tone")
    assert call.session.keyed == TICKET


def test_a_desk_that_is_down_does_not_hide_that_nothing_was_keyed() -> None:
    call = Conversation(desk=Desk(down=True)).is_silent().is_silent().is_silent()

    call.ends(Ending.REFUSED)
    assert call.desk.asked == []
    assert [decision.outcome for decision in call.decisions()] == ["ticket_required"]
