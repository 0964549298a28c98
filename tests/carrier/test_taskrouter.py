"""The simulated TaskRouter: who is asked for which task, and what becomes of a reservation."""

import json

import pytest

from tests.carrier.scripted import SERVICE, Answer, Line
from tests.carrier.taskrouter_desk import LATER, Router


@pytest.fixture
def router(line: Line) -> Router:
    line.service.on("/assignment", LATER)
    return Router(line).open()


@pytest.fixture
def workflow(router: Router) -> str:
    return router.workflow({"queue": router.queue("general")})


def instruction(**keys: str) -> Answer:
    return Answer(body=json.dumps(keys).encode(), content_type="application/json")


def test_a_task_is_put_to_a_worker_by_a_signed_request(router: Router, workflow: str) -> None:
    worker = router.worker("ann", technician=7)
    task = router.task(workflow, {"key": "CA1.1"})
    router.line.run(1)

    (asked,) = [asked for asked in router.line.service.asked if asked.path == "/assignment"]
    assert asked.is_signed()
    assert (asked["TaskSid"], asked["WorkerSid"]) == (task, worker)
    assert json.loads(asked["WorkerAttributes"]) == {"technician": 7}
    assert json.loads(asked["TaskAttributes"]) == {"key": "CA1.1"}
    assert router.status(task) == "reserved"
    assert router.reservations(task) == [("ann", "pending")]


def test_an_accepted_task_is_assigned_until_it_is_completed(router: Router, workflow: str) -> None:
    router.worker("ann")
    task, other = router.task(workflow), router.task(workflow)
    router.line.run(1)

    assert router.answer(task, "accepted").ok
    router.line.run(30)
    assert (router.status(task), router.status(other)) == ("assigned", "pending")

    router.post(f"/Tasks/{task}", AssignmentStatus="completed", Reason="over")
    router.line.run(1)
    assert (router.status(task), router.status(other)) == ("completed", "reserved")
    assert router.reservations(task) == [("ann", "completed")]


def test_a_rejected_task_comes_straight_back_to_a_worker_who_stays_available(
    router: Router, workflow: str
) -> None:
    router.worker("ann")
    task = router.task(workflow)
    router.line.run(1)

    router.answer(task, "rejected")
    router.line.run(1)
    assert router.reservations(task) == [("ann", "rejected"), ("ann", "pending")]

    router.answer(task, "rejected", WorkerActivitySid=router.activity("Unavailable"))
    router.line.run(1)
    assert router.status(task) == "pending"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (instruction(instruction="accept"), "assigned"),
        (instruction(instruction="conference"), "reserved"),
        (instruction(), "reserved"),
    ],
)
def test_the_answer_to_the_callback_is_followed(
    router: Router, workflow: str, answer: Answer, status: str
) -> None:
    router.line.service.on("/assignment", answer)
    router.worker("ann")
    task = router.task(workflow)
    router.line.run(1)

    assert router.status(task) == status


def test_a_callback_can_reject_and_put_the_worker_away(router: Router, workflow: str) -> None:
    away = router.activity("Unavailable")
    router.line.service.on("/assignment", instruction(instruction="reject", activity_sid=away))
    worker = router.worker("ann")
    task = router.task(workflow)
    router.line.run(1)

    assert router.status(task) == "pending"
    assert router.get(f"/Workers/{worker}")["activity_name"] == "Unavailable"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(body=b"<Response/>"),
        Answer(body=b"{", content_type="application/json"),
        Answer(body=b"[]", content_type="application/json"),
    ],
)
def test_an_answer_that_is_none_goes_to_the_fallback(router: Router, answer: Answer) -> None:
    router.line.service.on("/assignment", answer)
    router.line.service.on("/second", instruction(instruction="accept"))
    target = {"queue": router.queue("general")}
    workflow = router.workflow(target, FallbackAssignmentCallbackUrl=f"{SERVICE}/second")
    router.worker("ann")
    task = router.task(workflow)
    router.line.run(1)

    assert router.status(task) == "assigned"


def test_an_answer_after_five_seconds_is_too_late(router: Router, workflow: str) -> None:
    router.line.exchange.faults.slow("assignment", 5.5)
    router.line.service.on("/assignment", instruction(instruction="accept"))
    router.worker("ann")
    task = router.task(workflow)
    router.line.run(10)

    assert router.status(task) == "reserved"


def test_a_reservation_nobody_answers_times_out_and_puts_the_worker_away(router: Router) -> None:
    workflow = router.workflow({"queue": router.queue("general")}, seconds=20)
    worker = router.worker("ann")
    task = router.task(workflow)

    router.line.run(21)

    assert router.reservations(task) == [("ann", "timeout")]
    assert router.get(f"/Workers/{worker}")["activity_name"] == "Offline"


def test_a_task_waits_as_long_as_it_may(router: Router, workflow: str) -> None:
    router.worker("ann")
    task = router.task(workflow, Timeout=30)
    router.line.run(29)
    assert router.status(task) == "reserved"

    router.line.run(2)
    assert router.status(task) == "canceled"
    assert router.reservations(task) == [("ann", "canceled")]


def test_the_earlier_virtual_start_is_served_first(router: Router, workflow: str) -> None:
    late = router.task(workflow, {"n": 1})
    early = router.task(workflow, {"n": 2}, VirtualStartTime="2026-03-04T14:00:00Z")
    urgent = router.task(workflow, {"n": 3}, Priority=5)
    router.worker("ann")
    router.line.run(1)
    assert [router.status(task) for task in (late, early, urgent)] == [
        "pending",
        "pending",
        "reserved",
    ]

    router.post(f"/Tasks/{urgent}", AssignmentStatus="canceled")
    router.line.run(1)
    assert [router.status(task) for task in (late, early)] == ["pending", "reserved"]


def test_whoever_was_idle_longest_is_asked_first(router: Router, workflow: str) -> None:
    router.worker("ann")
    router.line.run(10)
    bob = router.worker("bob")
    router.line.run(10)
    first = router.task(workflow)
    router.line.run(1)
    router.answer(first, "rejected", WorkerActivitySid=router.activity("Unavailable"))
    router.line.run(1)

    assert router.reservations(first) == [("ann", "rejected"), ("bob", "pending")]
    assert router.get("/Workers", FriendlyName="bob")["workers"][0]["sid"] == bob


def test_steps_are_gone_through_and_may_be_skipped(router: Router) -> None:
    queue, wide = router.queue("queue"), router.queue("wide")
    strict = {"queue": queue, "expression": "worker.skill HAS task.skill", "timeout": 30}
    skipped = {**strict, "skip_if": "workers.available == 0", "expression": "worker.n == 9"}
    workflow = router.workflow(skipped, strict, {"queue": wide})
    router.worker("ann", skill=["b"])
    task = router.task(workflow, {"skill": "a"})

    router.line.run(29)
    assert router.get(f"/Tasks/{task}")["task_queue_friendly_name"] == "queue"
    router.line.run(2)
    assert router.get(f"/Tasks/{task}")["task_queue_friendly_name"] == "wide"
    assert router.reservations(task) == [("ann", "pending")]


def test_a_step_that_ends_while_somebody_is_asked_goes_on_afterwards(router: Router) -> None:
    step = {"queue": router.queue("queue"), "expression": "worker.n == 1", "timeout": 10}
    workflow = router.workflow(step, {"queue": router.queue("wide")})
    router.worker("ann", n=1)
    task = router.task(workflow)
    router.line.run(15)
    router.worker("bob", n=2)

    router.answer(task, "rejected", WorkerActivitySid=router.activity("Unavailable"))
    router.line.run(1)

    assert router.reservations(task) == [("ann", "rejected"), ("bob", "pending")]


def test_after_the_last_step_the_task_is_cancelled(router: Router) -> None:
    workflow = router.workflow({"queue": router.queue("queue"), "timeout": 10})
    task = router.task(workflow)
    router.line.run(11)

    assert router.status(task) == "canceled"


def test_a_queue_takes_only_its_workers_and_attributes_may_change(router: Router) -> None:
    queue = router.queue("vsa", takes="products HAS 'vsa'")
    workflow = router.workflow({"queue": queue, "expression": "worker.n NOT IN task.tried"})
    router.worker("ann", n=1, products=["emm"])
    bob = router.worker("bob", n=2, products=["vsa"])
    task = router.task(workflow, {"tried": [2]})
    router.line.run(1)
    assert router.status(task) == "pending"

    router.post(f"/Tasks/{task}", Attributes=json.dumps({"tried": []}))
    router.line.run(1)
    assert router.reservations(task) == [("bob", "pending")]
    router.post(f"/TaskQueues/{queue}", TargetWorkers="1==1")
    router.post(f"/Workers/{bob}", Attributes="{}")
    assert router.status(task) == "reserved"


def test_events_of_the_kinds_that_are_asked_for_are_posted(router: Router, workflow: str) -> None:
    router.line.service.on("/events", Answer(status=204))
    events = "task.canceled,worker.activity.update"
    router.post("", EventCallbackUrl=f"{SERVICE}/events", EventsFilter=events)
    worker = router.worker("ann")
    task = router.task(workflow)
    router.line.run(1)
    router.post(f"/Workers/{worker}", ActivitySid=router.activity("Unavailable"))
    router.post(f"/Tasks/{task}", AssignmentStatus="canceled")
    router.line.run(1)

    told = [asked for asked in router.line.service.asked if asked.path == "/events"]
    assert [event["EventType"] for event in told] == [
        "worker.activity.update",
        "worker.activity.update",
        "task.canceled",
    ]
    assert told[1]["WorkerActivityName"] == "Unavailable"
    assert all(event.is_signed() for event in told)
