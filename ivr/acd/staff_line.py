"""The technicians' own line: change what you are doing by telephone, with a PIN, without a screen.

A technician is recognised by the telephone they call from, and believed for the PIN they key.
Three tries, then goodbye. A turn that is not the call's next one changes nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.acd.pins import is_pin
from ivr.acd.technicians import ask_for_state, default_until, technician_by_id
from ivr.alarms import raise_alarm
from ivr.configuration import Configuration
from ivr.store.staff_calls import staff_call
from ivr.store.statements import insert_once
from ivr.store.technicians import TechnicianState, technician

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
    if call.verified:
        answer = _set_state(connection, call.technician_id, keys, configuration, now)
    else:
        answer = _check_pin(connection, call.technician_id, keys, now)
    wrong = answer.prompt.endswith("_wrong")
    tries = call.tries + wrong
    connection.execute(
        update(staff_call)
        .where(staff_call.c.call_sid == call_sid)
        .values(turn=turn + 1, tries=tries, verified=call.verified or not wrong)
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
    person = technician_by_id(connection, technician_id)
    until = default_until(now, configuration.timers.technician_hours)
    ask_for_state(connection, person.email, state, now=now, until=until)
    return StaffTurn("staff_done", {"state": _spoken(state)}, goodbye=True)


def _spoken(state: TechnicianState) -> str:
    return state.value.replace("_", " ")
