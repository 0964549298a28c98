"""Which queue a decided call waits in, and who helps that queue out."""

from datetime import datetime

import pytest

from routing.policy import decide
from routing.queues import Queue, QueuePlan, only_on_call_queues, overflow_chain, queue_for
from routing.tickets import Unavailable
from tests.builders import TOLL_FREE, a_case, a_line, a_ticket, at, some_rules

OPEN = at("Wed 2026-02-11 12:00 America/New_York")
NIGHT = at("Wed 2026-02-11 22:00 America/New_York")
SATURDAY = at("Sat 2026-02-14 12:00 America/New_York")

PLAN = QueuePlan(
    queues=(
        Queue("weekend", severities=frozenset({1}), queue_classes=frozenset({"sev1_weekend"})),
        Queue("critical", severities=frozenset({1}), overflow=("vsa", "emm")),
        Queue("vsa", products=frozenset({"vsa"}), overflow=("emm",)),
        Queue("emm", products=frozenset({"emm"}), overflow=("vsa", "general")),
        Queue("general"),
        Queue("triage"),
    ),
    fallback="general",
    triage="triage",
)
NARROW = QueuePlan(
    queues=(Queue("vsa", products=frozenset({"vsa"})), Queue("rest", products=frozenset({"-"}))),
    fallback="rest",
    triage="rest",
)

CALLS = [
    # plan, instant,  severity, product,    queue
    (PLAN, OPEN, 3, "vsa", "vsa"),
    (PLAN, OPEN, 3, "emm", "emm"),
    (PLAN, OPEN, 3, "unheard-of", "general"),
    (PLAN, OPEN, 3, None, "general"),
    (PLAN, OPEN, 1, "vsa", "critical"),
    (PLAN, NIGHT, 1, "emm", "critical"),
    (PLAN, SATURDAY, 1, "vsa", "weekend"),
    (PLAN, NIGHT, 3, "vsa", "vsa"),  # whose people hear of the voicemail
    (NARROW, OPEN, 3, "emm", "rest"),
    (NARROW, OPEN, 3, None, "rest"),
]


@pytest.mark.parametrize(("plan", "instant", "severity", "product", "queue"), CALLS)
def test_the_first_queue_that_fits_takes_the_call(
    plan: QueuePlan, instant: datetime, severity: int, product: str | None, queue: str
) -> None:
    ticket = a_ticket(severity, product=product)

    assert queue_for(plan, decide(a_case(instant, ticket)), ticket) == queue


@pytest.mark.parametrize("instant", [OPEN, NIGHT])
def test_a_call_that_could_not_be_verified_goes_to_triage(instant: datetime) -> None:
    decision = decide(a_case(instant, Unavailable("100200", "no answer in 2.5 s")))

    assert queue_for(PLAN, decision, None) == "triage"


def test_a_severity_that_is_missing_and_counts_as_1_is_critical() -> None:
    ticket = a_ticket(severity=None)
    line = a_line(TOLL_FREE, some_rules({"missing_severity": "1"}))

    assert queue_for(PLAN, decide(a_case(OPEN, ticket, line=line)), ticket) == "critical"


CHAINS = [
    ("critical", ("critical", "vsa", "emm", "general")),
    ("vsa", ("vsa", "emm", "general")),
    ("emm", ("emm", "vsa", "general")),
    ("triage", ("triage",)),
]


@pytest.mark.parametrize(("name", "chain"), CHAINS)
def test_a_queue_is_helped_out_by_each_other_queue_once(name: str, chain: tuple[str, ...]) -> None:
    assert overflow_chain(PLAN, name) == chain


REFUSED = [
    ((Queue("a"), Queue("a")), "a", "Two queues have the same name: a, a."),
    ((Queue("a"), Queue("b")), "c", "There is no queue 'c'; there are a, b."),
    ((Queue("a", overflow=("z",)),), "a", "There is no queue 'z'; there are a."),
]


@pytest.mark.parametrize(("queues", "fallback", "sentence"), REFUSED)
def test_a_plan_with_a_wrong_name_is_refused(
    queues: tuple[Queue, ...], fallback: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        QueuePlan(queues, fallback=fallback, triage="a")

    assert str(refused.value) == sentence


def test_the_queues_that_ring_nobody_but_people_on_call_are_named() -> None:
    queues = (Queue("general"), Queue("escalation", only_on_call=True))

    assert only_on_call_queues(QueuePlan(queues, "general", "general")) == {"escalation"}


def test_a_queue_says_whom_to_tell_and_one_there_is_not_tells_nobody() -> None:
    plan = QueuePlan((Queue("a", notify=("lead@example.com",)),), "a", "a")

    assert plan.notify("a") == ("lead@example.com",)
    assert plan.notify("b") == ()
