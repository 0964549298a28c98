"""Paging: people on call are told of a call at once, when its word connects nobody (A20)."""

from datetime import datetime

from sqlalchemy import Connection

from ivr import journal
from ivr.acd.oncall import on_duty
from ivr.alarms import raise_alarm
from ivr.call_records import Call
from ivr.configuration import Configuration
from ivr.journal import Happened
from ivr.mail import post_mail
from routing.queues import Queue

HIGHEST_SEVERITY = 1


def page_on_call(
    connection: Connection, configuration: Configuration, call: Call, keyed: str, now: datetime
) -> None:
    """Raise an alarm and write to everybody on duty for Severity 1, once for each call."""
    queues = [queue for queue in configuration.plan.queues if HIGHEST_SEVERITY in queue.severities]
    people = _people(connection, configuration, queues, now)
    what = f"A caller says their system is down; the ticket, {keyed or 'none'}, is NOT VERIFIED"
    about = f"system down:{call.call_sid}"
    raise_alarm(connection, about, f"{what}. Call {call.call_sid}, from {call.ani}.", now)
    body = (
        f"{what}.\n\nThe help desk could not be asked, so nobody was connected.\n"
        f"Caller: {call.ani or 'withheld'}\nLine:   {call.line}\nCall:   {call.call_sid}\n"
        f"At:     {now:%Y-%m-%d %H:%M} UTC\nA message may follow: ivr voicemail list\n"
    )
    post_mail(connection, about, people, what, body, now)
    journal.write(connection, call.call_sid, Happened.PAGED, now, people=people)


def _people(
    connection: Connection, configuration: Configuration, queues: list[Queue], now: datetime
) -> list[str]:
    """Whoever is on duty by the first step of these queues, then those they notify; each once."""
    rotas = [queue.escalation[0].rota for queue in queues if queue.escalation]
    on_call = [
        person.email for rota in rotas for person in on_duty(connection, configuration, rota, now)
    ]
    notified = [address for queue in queues for address in queue.notify]
    return list(dict.fromkeys([*on_call, *notified]))
