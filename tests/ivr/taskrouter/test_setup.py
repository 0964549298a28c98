"""`ivr taskrouter plan|apply`: the workspace that our configuration and technicians ask for."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from ivr.acd.router_plan import region_attributes, steps
from ivr.acd.technicians import upsert_technician
from ivr.carrier.office import Credentials
from ivr.carrier.process import Carrier, Plan
from ivr.carrier.taskrouter.model import Workspace
from ivr.cli import main
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.publishing import publish
from ivr.store.engine import reading, writing
from ivr.store.taskrouter import router_part, router_worker
from routing.matching import MatchingRules
from tests.line import ACCOUNT, SERVICE, TOKEN, a_technician_row

NOW = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
Ivr = Callable[..., Result]


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    """A carrier process that answers over HTTP, as `ivr carrier` opens one."""
    opened = Carrier(Plan(Credentials(ACCOUNT, TOKEN))).serve_in_background()
    yield opened
    opened.close()


@pytest.fixture
def ivr(
    carrier: Carrier, sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Ivr:
    """The command line, with the first edition published and one technician."""
    with writing(sqlite_engine) as connection:
        publish(connection, read_directory(PROJECT_DIRECTORY), "first edition", "tests", NOW)
        row = a_technician_row(
            "ann", "+12125550101", products=frozenset({"365-command"}), severities=frozenset({1})
        )
        upsert_technician(connection, row, NOW)
    for name, value in {
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": sqlite_engine.url.render_as_string(hide_password=False),
        "PUBLIC_BASE_URL": SERVICE,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE_URL": carrier.url,
        "SECRET_KEY": "secret-of-the-tests",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return lambda *words, **more: CliRunner().invoke(main, ["taskrouter", *words], **more)


def objects(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def kinds(changes: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(change["kind"], change["what"]) for change in changes}


def the_workspace(carrier: Carrier) -> Workspace:
    (workspace,) = carrier.exchange.office.workspaces.values()
    return workspace


def test_the_second_apply_changes_nothing(ivr: Ivr, carrier: Carrier) -> None:
    planned = objects(ivr("plan", "--json"))
    made = objects(ivr("apply", "--yes", "--json"))

    everything = {"workspace", "activity", "queue", "workflow", "worker"}
    assert {change["kind"] for change in planned} == everything
    assert {change["kind"] for change in made} == everything
    assert objects(ivr("plan", "--json")) == objects(ivr("apply", "--json")) == []
    assert "as it should be" in ivr("plan").stdout
    assert "Nothing had to be changed" in ivr("apply").stdout
    assert "severity-1" in {queue.name for queue in the_workspace(carrier).queues.values()}


def test_a_worker_can_do_what_the_technician_can(ivr: Ivr, carrier: Carrier) -> None:
    ivr("apply", "--yes")

    (worker,) = the_workspace(carrier).workers.values()
    assert worker.name == "ann@example.com"
    assert worker.attributes["product"] == ["365_command"]
    assert worker.attributes["severity"] == [1]
    assert (worker.attributes["any_product"], worker.attributes["any_region"]) == (0, 1)


def test_what_was_changed_there_is_shown_and_put_right(ivr: Ivr, carrier: Carrier) -> None:
    ivr("apply", "--yes")
    workspace = the_workspace(carrier)
    (worker,) = workspace.workers.values()
    worker.attributes = {}
    workspace.event_url = "https://elsewhere.example.com"

    assert kinds(objects(ivr("plan", "--json"))) == {("worker", "change"), ("workspace", "change")}
    assert "is to be changed: attributes" in ivr("plan").stdout
    ivr("apply", "--yes")
    assert worker.attributes["any_language"] == 1
    assert objects(ivr("plan", "--json")) == []


def test_a_worker_nobody_asked_for_is_shown_and_left_alone(ivr: Ivr, carrier: Carrier) -> None:
    ivr("apply", "--yes")
    workspace = the_workspace(carrier)
    (worker,) = workspace.workers.values()
    worker.name = "gone@example.com"

    assert kinds(objects(ivr("plan", "--json"))) == {("worker", "extra"), ("worker", "create")}
    assert "nobody asked for it" in ivr("plan").stdout
    ivr("apply", "--yes")
    assert {each.name for each in workspace.workers.values()} == {
        "gone@example.com",
        "ann@example.com",
    }
    assert kinds(objects(ivr("plan", "--json"))) == {("worker", "extra")}


def test_every_part_is_remembered_and_again_after_a_loss(ivr: Ivr, sqlite_engine: Engine) -> None:
    def remembered() -> tuple[list[Any], list[Any]]:
        with reading(sqlite_engine) as connection:
            parts = connection.execute(select(router_part).order_by(router_part.c.sid)).all()
            return list(parts), list(connection.execute(select(router_worker.c.sid)).all())

    ivr("apply", "--yes")
    before = remembered()
    with writing(sqlite_engine) as connection:
        connection.execute(router_part.delete())
        connection.execute(router_worker.delete())
    ivr("apply", "--yes")

    assert remembered() == before
    assert len(before[1]) == 1


def test_an_activity_that_was_made_otherwise_is_not_changed(ivr: Ivr, carrier: Carrier) -> None:
    ivr("apply", "--yes")
    for activity in the_workspace(carrier).activities.values():
        if activity.name == "On break":
            activity.available = True

    refused = ivr("apply", "--yes")
    assert refused.exit_code == 1
    assert "On break" in refused.output


def test_without_yes_one_is_asked(ivr: Ivr, carrier: Carrier) -> None:
    refused = ivr("apply", input="n\n")

    assert refused.exit_code == 1
    assert "is to be made" in refused.output
    assert carrier.exchange.office.workspaces == {}


def test_a_carrier_that_does_not_answer_is_said_in_a_sentence(
    ivr: Ivr, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    del carrier
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "another token")

    assert "could not be read" in ivr("plan").output


def test_what_was_made_before_a_refusal_is_kept_and_gone_on_from(
    ivr: Ivr, carrier: Carrier
) -> None:
    carrier.exchange.faults.rest("500", path="/TaskQueues", times=1)

    assert "Not everything was changed" in ivr("apply", "--yes").output
    assert ("activity", "create") not in kinds(objects(ivr("plan", "--json")))
    assert ivr("apply", "--yes").exit_code == 0
    assert objects(ivr("plan", "--json")) == []


RULES = MatchingRules(15, {"product": 120, "language": 300, "region": 0, "severity": None}, 120)


def insists(step: dict[str, object]) -> set[str]:
    return {
        skill
        for skill in ("product", "language", "region", "severity")
        if f"task.{skill}" in str(step["expression"])
    }


def test_the_steps_relax_the_skills_in_their_time_and_go_down_the_overflow_chain() -> None:
    made = steps(RULES, ["vsa", "general"])

    assert [(step["queue"], insists(step), step.get("timeout")) for step in made] == [
        ("vsa", {"product", "language", "region", "severity"}, 1),
        ("vsa", {"product", "language", "severity"}, 120),
        ("general", {"language", "severity"}, 180),
        ("general", {"severity"}, None),
    ]


def test_the_regions_that_help_out_are_preferred_in_their_order() -> None:
    rules = MatchingRules(15, {"region": 0}, 120, {"ireland": ("netherlands", "new-zealand")})

    first, second, third, last = steps(rules, ["vsa"])
    assert "worker.region HAS task.region)" in str(first["expression"])
    assert str(second["expression"]).endswith("worker.region HAS task.region_1")
    assert str(third["expression"]).endswith("worker.region HAS task.region_2")
    assert "region" not in str(last["expression"])
    assert region_attributes(rules, "ireland") == {
        "region": "ireland",
        "region_1": "netherlands",
        "region_2": "new_zealand",
    }
    assert region_attributes(rules, None) == {"region": ""}


def test_with_nothing_to_prefer_or_relax_there_is_one_step() -> None:
    never = MatchingRules(15, {}, 120)

    (only,) = steps(never, ["vsa"])
    assert insists(only) == {"product", "language", "region", "severity"}
    assert "timeout" not in only
