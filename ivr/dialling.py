"""Dialling: every call that we place is counted, and none is placed beyond the caps of the policy.

Whoever could make the service dial without end would be making somebody pay for it (H3).
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, insert, select

from ivr.alarms import raise_alarm
from ivr.dial_policy import DialPolicy
from ivr.store.callbacks import dialled
from ivr.store.engine import writing
from ivr.telephony import PhoneCall, Telephony, TooManyCalls

AN_HOUR = timedelta(hours=1)


def dial(
    engine: Engine,
    telephony: Telephony,
    policy: DialPolicy,
    phone_call: PhoneCall,
    now: datetime,
) -> str:
    """Place a call that the policy has let through; returns its SID. Raises TooManyCalls.

    It is counted before it is placed, so that a process that dies in between has counted it.
    """
    with writing(engine) as connection:
        reached = count_call(connection, policy, phone_call.to, now)
    if reached is not None:
        raise TooManyCalls(reached)
    return telephony.place_call(phone_call)


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
