"""Escalation: whom to ring next, and that nobody and nothing stops the chain."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.escalation import Step, Unanswered, next_on_call
from tests.builders import NOW

CHAIN = (Step(0, "primary"), Step(120, "boss"))
ON_DUTY = {"primary": ("ann", "bob"), "boss": ("zoe",)}
EVERYBODY = {"ann", "bob", "zoe"}
RETRY = 300


def a_call(
    waited: int,
    tried: Mapping[str, int] | None = None,
    chain: tuple[Step, ...] = CHAIN,
) -> Unanswered:
    """A call that has waited so many seconds; `tried` says who let it pass, how long ago."""
    let_pass = {name: NOW - timedelta(seconds=ago) for name, ago in (tried or {}).items()}
    return Unanswered(NOW - timedelta(seconds=waited), chain, let_pass, RETRY)


@pytest.mark.parametrize(
    ("waited", "tried", "person"),
    [
        (0, {}, "ann"),
        (20, {"ann": 1}, "bob"),
        # Nobody of the first step is left: the next one comes at once, before its time.
        (40, {"ann": 20, "bob": 1}, "zoe"),
        # Its time has come: it goes before those of the step before.
        (120, {"ann": 1}, "zoe"),
        (140, {"ann": 21, "zoe": 1}, "bob"),
        # All were rung: again, after a pause, those whose turn it is by now.
        (200, {"ann": 199, "bob": 150, "zoe": 100}, None),
        (500, {"ann": 300, "bob": 299, "zoe": 290}, "ann"),
        (500, {"ann": 300, "bob": 300, "zoe": 300}, "zoe"),
    ],
)
def test_the_next_person_of_the_chain(
    waited: int, tried: dict[str, int], person: str | None
) -> None:
    found = next_on_call(a_call(waited, tried), ON_DUTY, EVERYBODY, NOW)

    assert (found and found.person) == person


@pytest.mark.parametrize(
    ("on_duty", "can_be_rung"),
    [
        ({"boss": ("zoe",)}, EVERYBODY),
        ({"primary": (), "boss": ("zoe",)}, EVERYBODY),
        (ON_DUTY, {"zoe"}),
        ({"primary": ("stranger",), "boss": ("zoe",)}, EVERYBODY),
    ],
)
def test_what_is_empty_busy_or_unknown_is_passed_over_at_once(
    on_duty: dict[str, tuple[str, ...]], can_be_rung: set[str]
) -> None:
    found = next_on_call(a_call(0), on_duty, can_be_rung, NOW)

    assert found is not None
    assert found.person == "zoe"


def test_the_first_step_waits_for_its_time_whoever_there_is() -> None:
    chain = (Step(60, "primary"), Step(90, "boss"))

    assert next_on_call(a_call(59, chain=chain), ON_DUTY, {"zoe"}, NOW) is None
    assert next_on_call(a_call(60, chain=chain), ON_DUTY, {"zoe"}, NOW) is not None


def test_a_chain_without_steps_or_without_anybody_rings_nobody() -> None:
    assert next_on_call(a_call(500, chain=()), ON_DUTY, EVERYBODY, NOW) is None
    assert next_on_call(a_call(500), {}, EVERYBODY, NOW) is None
    assert next_on_call(a_call(500), ON_DUTY, set(), NOW) is None


def test_the_reason_names_the_rota_and_the_step() -> None:
    first = next_on_call(a_call(5), ON_DUTY, EVERYBODY, NOW)
    again = next_on_call(a_call(500, {"zoe": 400, "ann": 1, "bob": 1}), ON_DUTY, EVERYBODY, NOW)

    assert first is not None
    assert again is not None
    assert first.why == (
        "After 5 s nobody free could be rung, so step 1 of the escalation: on call by rota primary."
    )
    assert again.why == (
        "After 500 s nobody free could be rung, so step 2 of the escalation: "
        "on call by rota boss, who had refused or missed it before."
    )


people = st.sampled_from(["ann", "bob", "cat", "dan", "zoe"])
rotas = st.lists(people, max_size=4, unique=True).map(tuple)


@given(
    steps=st.lists(st.integers(0, 600), min_size=1, max_size=4, unique=True).map(sorted),
    on_duty=st.dictionaries(st.integers(0, 3), rotas),
    can_be_rung=st.sets(people),
    late=st.integers(0, 30),
)
def test_everybody_who_can_be_rung_is_rung_once_without_a_stall(
    steps: list[int], on_duty: dict[int, tuple[str, ...]], can_be_rung: set[str], late: int
) -> None:
    """Each lets the call pass within a second: then all are rung, each once, one after another."""
    chain = tuple(Step(after, f"r{number}") for number, after in enumerate(steps))
    by_name = {f"r{number}": who for number, who in on_duty.items()}
    waited, tried = steps[0] + late, dict[str, int]()

    while True:
        found = next_on_call(a_call(waited, tried, chain), by_name, can_be_rung, NOW)
        if found is None:
            break
        assert found.person not in tried
        tried = {name: ago + 1 for name, ago in tried.items()} | {found.person: 1}
        waited += 1

    reachable = {who for step in chain for who in by_name.get(step.rota, ())} & can_be_rung
    assert set(tried) == reachable
