"""Who is on duty now: by the configuration's rotas, and by what was agreed since."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from ivr.acd.oncall import agree, on_duty, rota_at
from ivr.acd.technicians import upsert_technician
from ivr.errors import NoSuchRota, NoSuchTechnician
from ivr.store.engine import writing
from ivr.store.messages import alarm
from ivr.store.technicians import technician
from routing.rotas import Override, Swap
from tests.ivr.configuration.first_edition import first_edition
from tests.line import a_technician_row

# A Wednesday noon in New York: sam and maya are on call for Severity 1.
NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAM, MAYA, PRIYA = "sam.whitfield", "maya.torres", "priya.raman"


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for number, name in enumerate((SAM, MAYA, PRIYA)):
            upsert_technician(connection, a_technician_row(name, f"+1212555010{number}"), NOW)
    return engine


def names_on_duty(engine: Engine, rota: str = "severity-1", at: datetime = NOW) -> list[str]:
    with writing(engine) as connection:
        return [one.name for one in on_duty(connection, first_edition(), rota, at)]


def alarms(engine: Engine) -> list[tuple[str, int]]:
    with writing(engine) as connection:
        rows = connection.execute(select(alarm.c.sentence, alarm.c.times))
        return [(row.sentence, row.times) for row in rows]


def test_the_technicians_of_the_shift_are_on_duty_in_their_order(staffed: Engine) -> None:
    saturday = datetime(2026, 3, 7, 17, tzinfo=UTC)

    assert names_on_duty(staffed) == [SAM, MAYA]
    assert names_on_duty(staffed, at=saturday) == [MAYA, SAM]
    assert alarms(staffed) == []


def test_a_rota_nobody_configured_has_nobody(staffed: Engine) -> None:
    assert names_on_duty(staffed, "nobody-s") == []


def test_an_override_is_in_force_from_its_beginning_to_its_end_without_publishing(
    staffed: Engine,
) -> None:
    override = Override(NOW + HOUR, NOW + 2 * HOUR, (f"{PRIYA}@example.com",), "sam is ill")
    with writing(staffed) as connection:
        agree(connection, first_edition(), "severity-1", override, NOW)

    assert names_on_duty(staffed) == [SAM, MAYA]
    assert names_on_duty(staffed, at=NOW + HOUR) == [PRIYA]
    assert names_on_duty(staffed, at=NOW + 2 * HOUR) == [SAM, MAYA]


def test_a_swap_lets_two_people_stand_in_for_each_other(staffed: Engine) -> None:
    swap = Swap(NOW, NOW + HOUR, f"{SAM}@example.com", f"{PRIYA}@example.com")
    with writing(staffed) as connection:
        agree(connection, first_edition(), "severity-1", swap, NOW)

    assert names_on_duty(staffed) == [PRIYA, MAYA]
    assert names_on_duty(staffed, at=NOW + HOUR) == [SAM, MAYA]


def test_a_change_is_refused_for_an_unknown_rota_and_for_an_unknown_person(
    staffed: Engine,
) -> None:
    stranger = Override(NOW, NOW + HOUR, ("stranger@example.com",))
    with writing(staffed) as connection:
        with pytest.raises(NoSuchRota, match="no rota nights; there are: severity-1, duty-mana"):
            agree(connection, first_edition(), "nights", stranger, NOW)
        with pytest.raises(NoSuchTechnician, match="stranger@example.com"):
            agree(connection, first_edition(), "severity-1", stranger, NOW)
        rota = rota_at(connection, first_edition(), "severity-1", NOW)

    assert rota == first_edition().on_call["severity-1"]


def test_somebody_on_a_rota_who_is_no_technician_is_passed_over_with_one_alarm(
    staffed: Engine,
) -> None:
    with writing(staffed) as connection:
        struck_off = technician.c.email == f"{SAM}@example.com"
        connection.execute(update(technician).where(struck_off).values(enabled=False))

    for seconds in (0, 1, 601):
        assert names_on_duty(staffed, at=NOW + timedelta(seconds=seconds)) == [MAYA]

    assert alarms(staffed) == [
        (
            f"{SAM}@example.com is on call by rota severity-1, but is no technician "
            "and cannot be rung.",
            2,
        )
    ]
