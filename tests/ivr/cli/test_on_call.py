"""`ivr on-call`: who is on call, and changes for a time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ivr.cli import main

EXAMPLES = Path(__file__).parents[3] / "examples"
SAM, MAYA, PRIYA = (
    f"{name}@example.com" for name in ("sam.whitfield", "maya.torres", "priya.raman")
)
# A Wednesday, at noon in New York.
NOON, ONE, TWO = (f"2126-03-06T{hour}:00:00-05:00" for hour in (12, 13, 14))

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    """The command line on a database with the first edition and the example technicians."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    run("config", "publish", "--yes", "--note", "first edition")
    run("technicians", "import", str(EXAMPLES / "technicians.csv"))
    return run


def told(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_who_is_on_duty_is_shown_with_the_next_handover(ivr: Ivr) -> None:
    severity_1, duty_manager = told(ivr("on-call", "show", "--at", NOON, "--json"))

    assert severity_1 == {
        "rota": "severity-1",
        "at": "2126-03-06T17:00:00+00:00",
        "on_duty": [SAM, MAYA],
        "until": "2126-03-09T00:00:00+00:00",
        "reasons": [],
    }
    assert duty_manager["on_duty"] == ["pieter.dewit@example.com", "ngaire.scott@example.com"]
    assert ivr("on-call", "show", "--at", NOON).stdout.splitlines()[0] == (
        f"severity-1: {SAM}, {MAYA} until Fri 2126-03-08 19:00 America/New_York"
    )
    assert len(ivr("on-call", "show").stdout.splitlines()) == 2


def test_an_override_and_a_swap_count_for_their_time(ivr: Ivr) -> None:
    period = ("--from", ONE, "--until", TWO, "--reason", "dentist")
    (overridden,) = told(
        ivr("on-call", "override", "severity-1", "--who", PRIYA.upper(), *period, "--json")
    )
    swapped = ivr("on-call", "swap", "duty-manager", "pieter.dewit@example.com", SAM, *period)
    before = told(ivr("on-call", "show", "--at", NOON, "--json"))
    then = told(ivr("on-call", "show", "--at", ONE, "--json"))

    assert (overridden["on_duty"], overridden["until"]) == ([PRIYA], "2126-03-06T19:00:00+00:00")
    assert swapped.stdout == (
        f"duty-manager: {SAM}, ngaire.scott@example.com until "
        "Wed 2126-03-06 14:00 America/New_York (dentist)\n"
    )
    assert [rota["on_duty"][0] for rota in before] == [SAM, "pieter.dewit@example.com"]
    assert [rota["on_duty"][0] for rota in then] == [PRIYA, SAM]
    assert then[0]["reasons"] == ["dentist"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("override", "nights", "--who", SAM, "--from", ONE, "--until", TWO), "no rota nights"),
        (("override", "severity-1", "--who", "x@y.z", "--from", ONE, "--until", TWO), "x@y.z"),
        (("swap", "severity-1", SAM, MAYA, "--from", TWO, "--until", ONE), "later than --from"),
        (
            ("swap", "severity-1", SAM, MAYA, "--from", "2020-01-01T00:00Z", "--until",
             "2020-01-02T00:00Z"),
            "not past",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_agreed_is_refused_with_a_sentence(
    ivr: Ivr, words: tuple[str, ...], said: str
) -> None:
    refused = ivr("on-call", *words)

    assert refused.exit_code > 0
    assert said in refused.stderr
    assert told(ivr("on-call", "show", "--at", ONE, "--json"))[0]["on_duty"] == [SAM, MAYA]
