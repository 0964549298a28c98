"""Escalation by the caller in whole calls (R22), and notes on tickets on their way to the desk."""

from datetime import timedelta

from ivr.store.engine import reading
from ivr.ticket_notes import MOST_ATTEMPTS, TicketNote, deliver_due_notes, notes_of
from routing.tickets import Ticket, TicketStatus
from tests.line import LineUnderTest

DUBLIN = "+35315262938"
TICKET = Ticket("100300", TicketStatus.OPEN, 3, "vsa", requester_zone="America/New_York")
IN_AUCKLAND = Ticket("100400", TicketStatus.OPEN, 3, "vsa", requester_zone="Pacific/Auckland")


def ask_for_management(line: LineUnderTest) -> None:
    line.desk.put(TICKET)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100300#")
    caller.hears("support management, press 9", within=90).press("9")
    caller.hears("putting you through to support management")


def test_support_management_is_rung_and_nobody_else(line: LineUnderTest) -> None:
    (pat,) = line.duty_managers(("pat", "+12125550108"))
    ask_for_management(line)
    ann = line.technician("ann", "+12125550101")

    pat.rings().answer().hears("Severity 3").hears("press 1 to accept").press("1")
    line.exchange.run_for(5)

    assert line.caller().is_talking_to(pat)
    assert not ann.ringing
    line.caller().hang_up()
    line.exchange.run_for(10)
    assert line.the_call().disposition == "connected"
    assert line.violations() == []


def test_nobody_of_management_is_an_alarm_and_a_mail_and_the_caller_leaves_a_message(
    line: LineUnderTest,
) -> None:
    ask_for_management(line)

    line.caller().hears("Nobody of support management is free", within=330)
    line.caller().hears("after the tone").speak("Please ring me.").press("#").hears("Goodbye")
    line.exchange.run_for(120)

    assert "Support management: Severity 3, ticket 100300" in line.alarms()["unanswered:escalation"]
    subjects = [subject for to, subject, _ in line.mail.sent if to == MANAGEMENT]
    assert len(subjects) == 2
    assert line.the_call().disposition == "voicemail"
    assert line.violations() == []


MANAGEMENT = ["management@support.example.com"]


def leave_a_note(line: LineUnderTest) -> None:
    line.desk.put(IN_AUCKLAND)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100400#")
    caller.hears("support hours").hears("after the tone").speak("It is slow.").press("#")
    caller.hears("press 9").press("9").hears("put the note on your ticket").hears("Goodbye")


def notes(line: LineUnderTest) -> list[TicketNote]:
    with reading(line.engine) as connection:
        return notes_of(connection, "100400")


def test_outside_the_hours_a_note_goes_to_the_ticket(line: LineUnderTest) -> None:
    leave_a_note(line)
    line.exchange.run_for(10)

    (kept,) = line.desk.notes.values()
    assert kept[0] == "100400"
    assert "support management" in kept[1]
    (note,) = notes(line)
    assert (note.delivered_at is not None, note.due_at) == (True, None)
    assert line.the_call().disposition == "voicemail"
    assert line.violations() == []


def test_a_desk_that_is_down_gets_the_note_when_it_is_back(line: LineUnderTest) -> None:
    line.desk.put(IN_AUCKLAND)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100400#")
    caller.hears("after the tone").speak("It is slow.").press("#").hears("press 9")
    line.desk.down = True
    caller.press("9").hears("Goodbye")
    line.exchange.run_for(120)
    assert line.desk.notes == {}

    line.desk.down = False
    line.exchange.run_for(300)

    assert len(line.desk.notes) == 1


def test_a_note_that_is_never_taken_is_given_up_with_an_alarm(line: LineUnderTest) -> None:
    line.desk.put(IN_AUCKLAND)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100400#")
    caller.hears("after the tone").speak("It is slow.").press("#").hears("press 9")
    line.desk.down = True
    caller.press("9").hears("Goodbye")
    now = line.exchange.clock()
    for number in range(1, MOST_ATTEMPTS + 3):
        deliver_due_notes(line.engine, line.desk, now + timedelta(hours=number))

    (note,) = notes(line)
    assert (note.attempts, note.due_at, note.delivered_at) == (MOST_ATTEMPTS, None, None)
    assert line.alarms()[f"note:{note.note_id}"] == (
        "A note could not be put on ticket 100400: the desk is down. See ivr tickets notes 100400"
    )


def test_a_caller_who_hangs_up_at_the_offer_has_left_their_message(line: LineUnderTest) -> None:
    line.desk.put(IN_AUCKLAND)
    caller = line.caller().dial(DUBLIN).hears("ticket number").press("100400#")
    caller.hears("after the tone").speak("It is slow.").press("#").hears("press 9").hang_up()
    line.exchange.run_for(90)

    assert line.the_call().disposition == "voicemail"
    assert notes(line) == []
    assert line.violations() == []
