"""TaskRouter's REST API: as Twilio's OpenAPI file says, and what it refuses."""

import json
from typing import Any

import pytest

from ivr.carrier.rest.openapi import TASKROUTER, document, find
from ivr.carrier.rest.taskrouter import OPERATIONS
from ivr.carrier.taskrouter.expressions import BadExpression, parse
from ivr.carrier.taskrouter.workflows import BadWorkflow, read_plan
from tests.carrier.scripted import Line
from tests.carrier.taskrouter_desk import LATER, Router

# Operation, method, path and fields; SIDs of what the fixture has made are filled in.
ASKED: list[tuple[str, str, str, dict[str, str]]] = [
    ("ListWorkspace", "GET", "", {"FriendlyName": "Support"}),
    ("CreateWorkspace", "POST", "", {"FriendlyName": "Other"}),
    ("FetchWorkspace", "GET", "/{workspace}", {}),
    ("UpdateWorkspace", "POST", "/{workspace}", {"TimeoutActivitySid": "{activity}"}),
    ("ListActivity", "GET", "/{workspace}/Activities", {}),
    ("CreateActivity", "POST", "/{workspace}/Activities", {"FriendlyName": "Lunch"}),
    ("ListWorker", "GET", "/{workspace}/Workers", {"PageSize": "1"}),
    ("CreateWorker", "POST", "/{workspace}/Workers", {"FriendlyName": "bob"}),
    ("FetchWorker", "GET", "/{workspace}/Workers/{worker}", {}),
    ("UpdateWorker", "POST", "/{workspace}/Workers/{worker}", {"FriendlyName": "anna"}),
    ("ListTaskQueue", "GET", "/{workspace}/TaskQueues", {}),
    ("CreateTaskQueue", "POST", "/{workspace}/TaskQueues", {"FriendlyName": "vsa"}),
    ("FetchTaskQueue", "GET", "/{workspace}/TaskQueues/{queue}", {}),
    ("UpdateTaskQueue", "POST", "/{workspace}/TaskQueues/{queue}", {"FriendlyName": "emm"}),
    ("ListWorkflow", "GET", "/{workspace}/Workflows", {}),
    (
        "CreateWorkflow",
        "POST",
        "/{workspace}/Workflows",
        {"FriendlyName": "w", "Configuration": '{"task_routing": {}}'},
    ),
    ("FetchWorkflow", "GET", "/{workspace}/Workflows/{workflow}", {}),
    ("UpdateWorkflow", "POST", "/{workspace}/Workflows/{workflow}", {"FriendlyName": "other"}),
    ("ListTask", "GET", "/{workspace}/Tasks", {"EvaluateTaskAttributes": "key == 'CA1.1'"}),
    ("CreateTask", "POST", "/{workspace}/Tasks", {"WorkflowSid": "{workflow}"}),
    ("FetchTask", "GET", "/{workspace}/Tasks/{task}", {}),
    ("UpdateTask", "POST", "/{workspace}/Tasks/{task}", {"Priority": "3"}),
    ("ListTaskReservation", "GET", "/{workspace}/Tasks/{task}/Reservations", {}),
    ("FetchTaskReservation", "GET", "/{workspace}/Tasks/{task}/Reservations/{reservation}", {}),
    (
        "UpdateTaskReservation",
        "POST",
        "/{workspace}/Tasks/{task}/Reservations/{reservation}",
        {"ReservationStatus": "accepted"},
    ),
]


@pytest.fixture
def router(line: Line) -> Router:
    line.service.on("/assignment", LATER)
    return Router(line).open()


@pytest.fixture
def sids(router: Router) -> dict[str, str]:
    """A workspace with one of everything, and somebody who is being asked."""
    queue = router.queue("general")
    workflow, worker = router.workflow({"queue": queue}), router.worker("ann")
    task = router.task(workflow, {"key": "CA1.1"})
    router.line.run(1)
    return {
        "workspace": router.sid,
        "activity": router.activity("Unavailable"),
        "queue": queue,
        "workflow": workflow,
        "worker": worker,
        "task": task,
        "reservation": router.get(f"/Tasks/{task}/Reservations")["reservations"][0]["sid"],
    }


@pytest.mark.parametrize(("operation", "method", "path", "fields"), ASKED)
def test_every_operation_answers_as_the_openapi_file_says(
    router: Router,
    sids: dict[str, str],
    operation: str,
    method: str,
    path: str,
    fields: dict[str, str],
) -> None:
    where = path.format(**sids)
    filled = {name: sids.get(value[1:-1], value) for name, value in fields.items()}
    answer = router.ask(method, where, filled)

    found, _ = find(method, f"/v1/Workspaces{where}")
    assert found is not None
    created = operation.startswith("Create")
    assert (found.id, answer.status_code) == (operation, 201 if created else 200), answer.text


def test_every_operation_of_the_openapi_file_is_offered_and_tested() -> None:
    described = {
        operation["operationId"]
        for methods in document(TASKROUTER)["paths"].values()
        for operation in methods.values()
    }

    assert described == OPERATIONS.keys() == {row[0] for row in ASKED}


def test_a_list_comes_in_pages(router: Router, sids: dict[str, str]) -> None:
    del sids
    router.worker("bob")
    first = router.get("/Workers", PageSize=1)

    assert [one["friendly_name"] for one in first["workers"]] == ["ann"]
    assert "Page=1" in first["meta"]["next_page_url"]
    second = router.get("/Workers", PageSize=1, Page=1)
    assert [one["friendly_name"] for one in second["workers"]] == ["bob"]
    assert second["meta"]["next_page_url"] is None


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/Workers", {"FriendlyName": "ann"}, 409),
        ("/Workers", {"FriendlyName": "bob", "Attributes": "[1]"}, 400),
        ("/Workers", {"FriendlyName": "bob", "Attributes": "no JSON"}, 400),
        ("/Workers", {"FriendlyName": "bob", "ActivitySid": "WA" + "0" * 32}, 404),
        ("/TaskQueues", {"FriendlyName": "new", "TargetWorkers": "a-b == 1"}, 400),
        ("/Workflows", {"FriendlyName": "new", "Configuration": "{}"}, 400),
        ("/Tasks", {"WorkflowSid": "WW" + "0" * 32}, 404),
        ("/Tasks", {"WorkflowSid": "{workflow}", "Timeout": "0"}, 400),
        ("/Tasks/{task}", {"AssignmentStatus": "completed"}, 400),
        ("/Tasks/{task}", {"AssignmentStatus": "wrapping"}, 400),
        ("/Tasks/{task}/Reservations/{reservation}", {"ReservationStatus": "completed"}, 400),
        ("/Tasks/{task}/Reservations/{reservation}", {}, 400),
        ("/Tasks/{task}", {"Colour": "red"}, 400),
    ],
)
def test_what_cannot_be_done_is_refused(
    router: Router, sids: dict[str, str], path: str, fields: dict[str, str], status: int
) -> None:
    filled = {name: value.replace("{workflow}", sids["workflow"]) for name, value in fields.items()}
    answer = router.ask("POST", f"/{router.sid}{path.format(**sids)}", filled)

    assert answer.status_code == status
    assert answer.json()["message"]


def test_what_is_over_stays_over(router: Router, sids: dict[str, str]) -> None:
    assert router.answer(sids["task"], "accepted").ok
    assert router.answer(sids["task"], "rejected").status_code == 400
    task = f"/{router.sid}/Tasks/{sids['task']}"
    assert router.ask("POST", task, {"AssignmentStatus": "canceled"}).status_code == 400
    assert router.ask("POST", task, {"AssignmentStatus": "completed"}).ok
    assert router.ask("POST", task, {"AssignmentStatus": "completed"}).status_code == 400
    assert router.get("/Tasks", AssignmentStatus="pending,completed")["tasks"]
    other = f"/{router.sid}/Tasks/{router.task(sids['workflow'])}"
    assert router.ask("GET", f"{other}/Reservations/{sids['reservation']}", {}).status_code == 404
    wrong = {"EvaluateTaskAttributes": "a-b == 1"}
    assert router.ask("GET", f"/{router.sid}/Tasks", wrong).status_code == 400


ANN = {
    "task": {"product": "vsa", "tried": [2, 3], "n": 1},
    "worker": {"product": ["vsa", "emm"], "any": 0, "technician": 7},
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("1==1", True),
        ("", False),
        ("task.product == 'vsa'", True),
        ('task.product == "emm"', False),
        ("task.product != 'vsa'", False),
        ("task.missing == ''", False),
        ("task.missing.deeper == 1", False),
        ("worker.product HAS task.product", True),
        ("task.product HAS 'vsa'", False),
        ("worker.technician IN task.tried", False),
        ("worker.technician NOT IN task.tried", True),
        ("worker.technician NOT IN task.n", False),
        ("worker.any == 1 OR worker.product HAS 'emm'", True),
        ("worker.any == 1 AND worker.product HAS 'emm'", False),
        ("worker.any == 1 OR (task.n == 1 AND task.product == 'vsa')", True),
        ("(worker.any == 1 OR task.n == 1) AND task.product == 'emm'", False),
    ],
)
def test_an_expression_holds_or_not(text: str, holds: bool) -> None:
    assert parse(text).holds(ANN) is holds


@pytest.mark.parametrize(
    "text",
    [
        "a-b == 1",
        "a ==",
        "== 1",
        "(a == 1",
        "a == 1)",
        "a CONTAINS 'x'",
        "a > 1",
        "a NOT 1",
        "a == 1 b == 2",
        "a",
        "é == 1",
    ],
)
def test_any_other_expression_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        parse(text)


QUEUES = {"WQ1": object()}


def a_plan(**target: Any) -> str:
    targets = [{"queue": "WQ1", **target}]
    filters = [{"filter_friendly_name": "a", "expression": "queue == 'a'", "targets": targets}]
    return json.dumps({"task_routing": {"filters": filters, "default_filter": {"queue": "WQ1"}}})


def test_the_first_filter_that_fits_wins_and_else_the_default() -> None:
    plan = read_plan(a_plan(timeout=3), QUEUES)

    assert [target.seconds for target in plan.targets_for({"queue": "a"})] == [3]
    assert [target.seconds for target in plan.targets_for({"queue": "b"})] == [None]
    assert read_plan('{"task_routing": {}}', QUEUES).targets_for({}) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        a_plan(queue="WQ9"),
        a_plan(order_by="worker.level"),
        a_plan(skip_if="workers.busy == 1"),
        a_plan(expression="a > 1"),
        a_plan(timeout="soon"),
        json.dumps({"task_routing": {"default_filter": {"queue": "WQ9"}}}),
        json.dumps({"task_routing": {"filters": [{"colour": "red"}]}}),
    ],
)
def test_a_workflow_that_cannot_be_followed_is_refused(text: str) -> None:
    with pytest.raises(BadWorkflow):
        read_plan(text, QUEUES)
