"""The technicians' own line: change what you are doing by telephone, with a PIN, without a screen.

A technician is recognised by the telephone they call from, and believed for the PIN they key.
Three tries, then goodbye. A turn that is not the call's next one changes nothing. A break may be
given a reason by one more key; it has begun already, so whoever says nothing or hangs up has one.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.acd.pins import is_pin
from ivr.acd.spoken import text
from ivr.acd.technicians import Asked, ask_for_state, default_until, technician_by_id
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.store.staff_calls import staff_call
from ivr.store.statements import insert_once
from ivr.store.technicians import CameBy, TechnicianState, technician

TRIES = 3
STATES = {
    "1": TechnicianState.AVAILABLE,
    "2": TechnicianState.ON_BREAK,
    "3": TechnicianState.OFFLINE,
}


@dataclass(frozen=True)
class StaffTurn:
    """What a technician hears: a prompt of the catalogue, and whether keys answer it."""

    prompt: str
    values: dict[str, str] = field(default_factory=dict)
    digits: int | None = None
    goodbye: bool = False
    asks_reason: bool = False


def begin_staff_call(
    connection: Connection, call_sid: str, ani: str | None, now: datetime
) -> StaffTurn:
    """Somebody rings the technicians' line: ask for the PIN, if we know the telephone."""
    known = connection.execute(
        select(technician.c.id).where(technician.c.phone == ani, technician.c.enabled)
    ).scalar()
    if known is None:
        return StaffTurn("staff_unknown", goodbye=True)
    insert_once(
        connection,
        staff_call,
        {
            "call_sid": call_sid,
            "technician_id": known,
            "verified": False,
            "tries": 0,
            "turn": 1,
            "at": now,
        },
    )
    return StaffTurn("staff_ask_pin")


def take_staff_turn(
    connection: Connection,
    call_sid: str,
    turn: int,
    keys: str,
    configuration: Configuration,
    now: datetime,
) -> StaffTurn:
    """The PIN, then the state asked for; wrong keys of either kind count as tries."""
    call = connection.execute(select(staff_call).where(staff_call.c.call_sid == call_sid)).first()
    if call is None or call.turn != turn:
        return StaffTurn("staff_goodbye", goodbye=True)
    if call.asks_reason:
        answer = _give_reason(connection, call.technician_id, keys, configuration, now)
    elif call.verified:
        answer = _set_state(connection, call.technician_id, keys, configuration, now)
    else:
        answer = _check_pin(connection, call.technician_id, keys, now)
    wrong = answer.prompt.endswith("_wrong")
    tries = call.tries + wrong
    connection.execute(
        update(staff_call)
        .where(staff_call.c.call_sid == call_sid)
        .values(
            turn=turn + 1,
            tries=tries,
            verified=call.verified or not wrong,
            asks_reason=answer.asks_reason,
        )
    )
    return StaffTurn("staff_goodbye", goodbye=True) if tries >= TRIES else answer


def _check_pin(connection: Connection, technician_id: int, keys: str, now: datetime) -> StaffTurn:
    if is_pin(connection, technician_id, keys):
        person = technician_by_id(connection, technician_id)
        told = {"name": person.name, "state": _spoken(person.state)}
        return StaffTurn("staff_menu", told, digits=1)
    sentence = f"A wrong PIN was keyed on the technicians' line for technician {technician_id}."
    raise_alarm(connection, f"pin:{technician_id}", sentence, now)
    return StaffTurn("staff_pin_wrong")


def _set_state(
    connection: Connection,
    technician_id: int,
    keys: str,
    configuration: Configuration,
    now: datetime,
) -> StaffTurn:
    state = STATES.get(keys)
    if state is None:
        return StaffTurn("staff_key_wrong", digits=1)
    _ask(connection, technician_id, state, None, configuration, now)
    if state is TechnicianState.ON_BREAK and configuration.break_reasons:
        choices = [
            text(configuration, "staff_reason", reason=reason, key=str(key))
            for key, reason in enumerate(configuration.break_reasons, start=1)
        ]
        told = {"state": _spoken(state), "reasons": " ".join(choices)}
        return StaffTurn("staff_ask_reason", told, digits=1, asks_reason=True)
    return StaffTurn("staff_done", {"state": _spoken(state)}, goodbye=True)


def _give_reason(
    connection: Connection,
    technician_id: int,
    keys: str,
    configuration: Configuration,
    now: datetime,
) -> StaffTurn:
    """The reason of the break that has begun; any other key and none at all give it none."""
    state, reasons = TechnicianState.ON_BREAK, configuration.break_reasons
    told = {"state": _spoken(state)}
    if keys not in {str(key) for key in range(1, len(reasons) + 1)}:
        return StaffTurn("staff_done", told, goodbye=True)
    reason = reasons[int(keys) - 1]
    _ask(connection, technician_id, state, reason, configuration, now)
    return StaffTurn("staff_done_reason", {**told, "reason": reason}, goodbye=True)


def _ask(
    connection: Connection,
    technician_id: int,
    state: TechnicianState,
    reason: str | None,
    configuration: Configuration,
    now: datetime,
) -> None:
    person = technician_by_id(connection, technician_id)
    until = default_until(now, configuration.timers.technician_hours)
    how = Asked(CameBy.TELEPHONE, reason)
    ask_for_state(connection, person.email, state, now=now, until=until, how=how)


def _spoken(state: TechnicianState) -> str:
    return state.value.replace("_", " ")
