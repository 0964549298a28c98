"""The state log says of every technician, at any instant, all that matching asks of them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from ivr.acd.state_log import COPIED
from ivr.acd.technicians import Asked, ask_for_state, idle_technicians, upsert_technician
from ivr.store.engine import reading, writing
from ivr.store.technicians import CameBy, TechnicianState, technician, technician_state_log
from routing.matching import IdleTechnician
from tests.ivr.test_carrier_requests import queue_a_caller
from tests.line import LineUnderTest, a_technician_row

ANN = "+12125550101"
EMAIL = "ann@example.com"


def idle_by_the_log(connection: Connection, at: datetime) -> list[IdleTechnician]:
    """Who was idle at that instant, from nothing but the log."""
    log = technician_state_log
    latest = {}
    for row in connection.execute(select(log).where(log.c.at <= at).order_by(log.c.id)):
        latest[row.technician_id] = row
    idle = [
        IdleTechnician(
            technician_id=str(row.technician_id),
            idle_since=row.idle_since,
            products=frozenset(row.products),
            regions=frozenset(row.regions),
            languages=frozenset(row.languages),
            severities=frozenset(row.severities),
            level=row.level,
        )
        for row in latest.values()
        if row.state is TechnicianState.AVAILABLE
        and row.enabled
        and (row.available_until is None or row.available_until > at)
        and (row.phone_busy_until is None or row.phone_busy_until <= at)
    ]
    return sorted(idle, key=lambda each: (each.idle_since, int(each.technician_id)))


def test_who_was_idle_can_be_told_at_every_instant(line: LineUnderTest) -> None:
    ann = line.technician("ann", ANN, products=frozenset({"vsa"}), level=2)
    line.technician("tom", "+12125550102", languages=frozenset({"nl"}))
    seen: dict[datetime, list[IdleTechnician]] = {}

    def look() -> None:
        with writing(line.engine) as connection:
            seen[line.exchange.clock()] = idle_technicians(connection, line.exchange.clock())

    line.exchange.every(7.3, look)
    queue_a_caller(line)
    ann.rings().answer().hears("press 1").press("2")
    line.exchange.run_for(20)
    with writing(line.engine) as connection:
        changed = a_technician_row("ann", ANN, products=frozenset({"traverse"}))
        assert upsert_technician(connection, changed, line.exchange.clock()) == "updated"
    line.exchange.run_for(200)

    with reading(line.engine) as connection:
        for instant, idle in seen.items():
            assert idle_by_the_log(connection, instant) == idle
        assert not_as_logged(connection) == []
    assert len({tuple(idle) for idle in seen.values()}) >= 3


def not_as_logged(connection: Connection) -> list[str]:
    """Technicians whose last row in the log is not what they are."""
    newest = select(func.max(technician_state_log.c.id)).group_by(
        technician_state_log.c.technician_id
    )
    rows = select(technician_state_log).where(technician_state_log.c.id.in_(newest))
    logged = {row.technician_id: row for row in connection.execute(rows)}
    return [
        f"{person.email}: {name}"
        for person in connection.execute(select(technician))
        for name in COPIED
        if getattr(logged[person.id], name) != getattr(person, name)
    ]


def logged(line: LineUnderTest) -> list[tuple[str, str | None, str | None]]:
    log = technician_state_log
    with reading(line.engine) as connection:
        rows = connection.execute(select(log).order_by(log.c.id))
        return [(row.state, row.reason, row.came_by) for row in rows]


def test_every_change_is_one_row_with_its_reason(line: LineUnderTest) -> None:
    line.technician("ann", ANN)
    now = line.exchange.clock()
    with writing(line.engine) as connection:
        for state, how in (
            (TechnicianState.ON_BREAK, Asked(CameBy.TELEPHONE, "lunch")),
            (TechnicianState.ON_BREAK, Asked(CameBy.CONSOLE, "meeting")),
            (TechnicianState.AVAILABLE, Asked(CameBy.CONSOLE)),
        ):
            until = now + timedelta(hours=1)
            ask_for_state(connection, EMAIL, state, now=now, until=until, how=how)

    assert logged(line) == [
        ("offline", None, None),
        ("available", None, "command"),
        ("on_break", "lunch", "telephone"),
        ("on_break", "meeting", "console"),
        ("available", None, "console"),
    ]


def test_a_reason_given_during_a_call_is_of_the_break_after_it(line: LineUnderTest) -> None:
    ann = line.technician("ann", ANN)
    queue_a_caller(line)
    ann.rings()
    with writing(line.engine) as connection:
        now, asked = line.exchange.clock(), Asked(CameBy.TELEPHONE, "lunch")
        state = TechnicianState.ON_BREAK
        ask_for_state(connection, EMAIL, state, now=now, until=now, how=asked)

    ann.answer().hears("press 1").press("1")
    line.exchange.run_for(30)
    line.caller().hang_up()
    line.exchange.run_for(10)

    assert logged(line)[-1] == ("on_break", "lunch", "telephone")


def test_what_is_undone_was_never_logged(line: LineUnderTest) -> None:
    line.technician("ann", ANN)
    before = logged(line)

    try:
        with writing(line.engine) as connection:
            now, state = line.exchange.clock(), TechnicianState.OFFLINE
            ask_for_state(connection, EMAIL, state, now=now, until=now)
            raise RuntimeError("the process ends here")
    except RuntimeError:
        pass

    assert logged(line) == before
