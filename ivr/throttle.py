"""The throttle on guessing ticket numbers (A19, H1): by caller, in SQL, never by ticket.

A ticket number is a routing key, not a secret, but keying random ones must not pay. Whoever keyed
too many unknown numbers lately is told to use the help desk before being asked for one. A real
ticket's owner can never be locked out by somebody else's guesses at it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from callflows.prompts import Prompts
from callflows.verbs import Hangup, Say, Verb
from ivr.configuration.model import Throttle
from ivr.dial_policy import E164
from ivr.store.calls import wrong_number
from routing.regions import Line

# Everybody who withholds their number shares one bucket, with a limit of its own.
WITHHELD = "withheld"


def count_wrong_number(
    connection: Connection, ani: str | None, call_sid: str, now: datetime
) -> None:
    """A number was keyed that the help desk does not know."""
    connection.execute(insert(wrong_number).values(caller=_bucket(ani), call_sid=call_sid, at=now))


def is_throttled(
    connection: Connection, ani: str | None, throttle: Throttle, now: datetime
) -> bool:
    """Whether this caller has keyed too many unknown numbers within the configured time."""
    bucket = _bucket(ani)
    since = now - timedelta(minutes=throttle.within_minutes)
    query = select(func.count()).where(wrong_number.c.caller == bucket, wrong_number.c.at > since)
    limit = throttle.withheld_wrong_numbers if bucket == WITHHELD else throttle.wrong_numbers
    return int(connection.execute(query).scalar_one()) >= limit


def farewell(prompts: Prompts, line: Line) -> tuple[Verb, ...]:
    """What a throttled caller hears: where help is to be had, and goodbye."""
    region = line.region
    text = prompts.text(region.language, "throttled", help_desk=region.help_desk)
    return (Say(text, region.language, region.voice), Hangup())


def _bucket(ani: str | None) -> str:
    return ani if ani and E164.fullmatch(ani) else WITHHELD
