"""Dialling: the one place that rings anybody, by the dial policy and within its caps.

Whoever could make the service dial without end would be making somebody pay for it (H3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, insert, select

from ivr.alarms import raise_alarm
from ivr.dial_policy import DialPolicy
from ivr.errors import NotDialled
from ivr.store.callbacks import dialled
from ivr.store.engine import writing
from ivr.telephony import Links, NumberRefused, PhoneCall, Telephony, TooManyCalls

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Dialler:
    """What it takes to ring somebody; every call that we place is placed by `dial` (I8).

    `now` gives the present instant in UTC, `ring_seconds` is how long a technician is rung.
    """

    engine: Engine
    telephony: Telephony
    links: Links
    policy: DialPolicy
    ring_seconds: int
    now: Callable[[], datetime]

    def dial(self, phone_call: PhoneCall) -> str:
        """Place a call the policy lets through; returns its SID.

        Raises NumberRefused, TooManyCalls, and what the carrier raises. It is counted before it
        is placed, so that a process that dies in between has counted it.
        """
        try:
            self.policy.check(phone_call.to)
        except NotDialled as refusal:
            raise NumberRefused(str(refusal)) from refusal
        with writing(self.engine) as connection:
            reached = count_call(connection, self.policy, phone_call.to, self.now())
        if reached is not None:
            raise TooManyCalls(reached)
        return self.telephony.place_call(phone_call)


def count_call(
    connection: Connection, policy: DialPolicy, number: str, now: datetime
) -> str | None:
    """Count a call that is about to be placed; if it must not be, why, with an alarm."""
    reached = _cap_reached(connection, policy, number, now)
    if reached is None:
        connection.execute(insert(dialled).values(number=number, at=now))
    else:
        raise_alarm(connection, "dial policy", reached, now)
    return reached


def _cap_reached(
    connection: Connection, policy: DialPolicy, number: str, now: datetime
) -> str | None:
    lately = select(func.count()).where(dialled.c.at > now - AN_HOUR)
    if connection.execute(lately).scalar_one() >= policy.calls_per_hour:
        return f"No more than {policy.calls_per_hour} calls are placed in an hour."
    to_number = connection.execute(lately.where(dialled.c.number == number)).scalar_one()
    if to_number >= policy.calls_per_number_per_hour:
        most = policy.calls_per_number_per_hour
        return f"…{number[-4:]} is called no more than {most} times in an hour."
    return None
