"""The signed requests of TaskRouter: what is repeated, strange or malformed."""

import pytest

from ivr.carrier.phones import Phone
from tests.contracts.distributor import ORDINARY, rings_of, waits
from tests.ivr.taskrouter.side import post
from tests.line import LineUnderTest


def test_the_same_assignment_gets_the_same_bytes(line: LineUnderTest, ann: Phone) -> None:
    waits(line, ORDINARY)
    ann.rings()
    (asked,) = line.exchange.ledger.of("request", kind="assignment")
    answers = {post(line, "/voice/taskrouter/assignment", **asked["fields"]) for _ in range(3)}

    assert answers == {(200, asked["answer"].encode())}
    assert rings_of(line, ann) == 1


STRANGER = {"WorkerSid": "WK" + "0" * 32, "TaskSid": "WT" + "0" * 32, "ReservationSid": "WR1"}


@pytest.mark.parametrize("attributes", ["{}", "[]", '{"key": "CA1.9"}', '{"key": "CA1.x"}'])
def test_tasks_that_are_not_ours_are_left_alone(line: LineUnderTest, attributes: str) -> None:
    fields = {**STRANGER, "TaskAttributes": attributes}

    assert post(line, "/voice/taskrouter/assignment", **fields) == (200, b"")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("assignment", {}),
        ("assignment", {**STRANGER, "TaskAttributes": "{"}),
        ("status", {"EventType": "task.canceled"}),
        ("status", {"EventType": "task.canceled", "Timestamp": "1e99"}),
    ],
)
def test_a_request_taskrouter_would_not_make_is_refused(
    line: LineUnderTest, path: str, fields: dict[str, str]
) -> None:
    assert post(line, f"/voice/taskrouter/{path}", **fields)[0] == 400


@pytest.mark.parametrize("timestamp", ["1772643605", "1772643605123"])
@pytest.mark.parametrize(
    "what",
    ["task.canceled", "reservation.timeout", "worker.activity.update", "workflow.timeout"],
)
def test_an_event_about_nothing_we_know_changes_nothing(
    line: LineUnderTest, what: str, timestamp: str
) -> None:
    fields = {"EventType": what, "Timestamp": timestamp, "WorkerSid": "WK1", "TaskSid": "WT1"}

    assert post(line, "/voice/taskrouter/status", **fields)[0] == 204
