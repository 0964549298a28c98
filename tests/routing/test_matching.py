"""Who takes the next call."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.matching import (
    IdleTechnician,
    Match,
    MatchingRules,
    Skills,
    Tried,
    WaitingCall,
    match,
    rank,
)
from tests.builders import NOW, a_technician, waiting

RULES = MatchingRules(
    minutes_per_severity=5,
    relax_after_seconds={"product": None, "severity": 300, "language": 120, "region": 0},
    retry_after_seconds=60,
)


def pairs(
    calls: list[WaitingCall],
    technicians: list[IdleTechnician],
    *tried: Tried,
    rules: MatchingRules = RULES,
) -> dict[str, str]:
    matches = match(calls, technicians, tried, rules, NOW)
    return {each.call_id: each.technician_id for each in matches}


def tried(call_id: str, technician_id: str, seconds_ago: int) -> Tried:
    return Tried(call_id, technician_id, NOW - timedelta(seconds=seconds_ago))


# --- Which call comes first -------------------------------------------------------------------

ONE_TECHNICIAN = [
    # the calls that wait, as (seconds waited, severity),   the one that is served
    ([(10, 3), (20, 3)], "b"),  # the longer wait
    ([(200, 3), (0, 1)], "b"),  # the higher severity
    ([(299, 3), (0, 2)], "b"),  # five minutes are worth one step, and not a second less
    ([(301, 3), (0, 2)], "a"),  # an old Severity 3 passes a new Severity 2
    ([(599, 3), (0, 1)], "b"),
    ([(601, 3), (0, 1)], "a"),
    ([(300, 3), (0, 2)], "a"),  # equal: whoever came first
    ([(0, 3), (0, 3)], "a"),  # equal altogether: by name
]


@pytest.mark.parametrize(("calls", "served"), ONE_TECHNICIAN)
def test_severity_and_waiting_decide_which_call_is_served(
    calls: list[tuple[int, int]], served: str
) -> None:
    lined_up = [
        waiting(name, waited, severity)
        for name, (waited, severity) in zip("ab", calls, strict=True)
    ]

    assert pairs(lined_up, [a_technician("ann")]) == {served: "ann"}


def test_the_rank_is_a_number_of_seconds_that_never_changes() -> None:
    call = waiting("a", 90, severity=2)

    assert rank(call, RULES) == call.since.timestamp() - 2 * 5 * 60
    assert rank(waiting("b", 0, 1), RULES) < rank(call, RULES) < rank(waiting("c", 90, 3), RULES)


def test_a_call_is_offered_to_nobody_before_its_time() -> None:
    later = waiting("a", 60, not_before=NOW + timedelta(seconds=1))
    now = waiting("b", 30, not_before=NOW)

    assert pairs([later, now], [a_technician("ann"), a_technician("tom")]) == {"b": "ann"}


# --- Which technician takes it ----------------------------------------------------------------

IRISH = Skills(product="vsa", language="en", region="ireland", severity=2)
EXPERT = a_technician("expert", 0, products="vsa emm", languages="en nl", regions="ireland")

WHO = [
    # seconds waited, technicians besides EXPERT,                             who takes it
    (0, a_technician("other", 900, products="traverse"), "expert"),
    (900, a_technician("other", 900, products="traverse"), "expert"),  # product is never relaxed
    (119, a_technician("other", 900, languages="nl"), "expert"),
    (120, a_technician("other", 900, languages="nl"), "expert"),  # still a preference
    (0, a_technician("other", 900, regions="netherlands"), "expert"),
    (0, a_technician("other", 900), "other"),  # any skill, and idle for longer
    (0, a_technician("other", 900, regions="ireland", products="vsa"), "other"),
    (0, a_technician("other", 0), "expert"),  # idle as long: by name
    (0, a_technician("any", 0, level=2), "expert"),  # idle as long: the lower level
]


@pytest.mark.parametrize(("waited", "other", "who"), WHO)
def test_the_best_fit_that_is_idle_longest_takes_the_call(
    waited: int, other: IdleTechnician, who: str
) -> None:
    assert pairs([waiting("a", waited, 2, needs=IRISH)], [other, EXPERT]) == {"a": who}


ALONE = [
    # seconds waited, the only technician,                                    is rung
    (0, a_technician("ann", regions="netherlands"), True),  # region is a preference at once
    (119, a_technician("ann", languages="nl"), False),
    (120, a_technician("ann", languages="nl"), True),
    (299, replace(a_technician("ann"), severities=frozenset({3, 4})), False),
    (300, replace(a_technician("ann"), severities=frozenset({3, 4})), True),
    (9999, a_technician("ann", products="emm"), False),
]


@pytest.mark.parametrize(("waited", "technician", "is_rung"), ALONE)
def test_a_skill_is_insisted_on_until_it_is_relaxed(
    waited: int, technician: IdleTechnician, is_rung: bool
) -> None:
    matched = pairs([waiting("a", waited, 2, needs=IRISH)], [technician])

    assert matched == ({"a": "ann"} if is_rung else {})


def test_a_skill_without_an_entry_is_never_relaxed() -> None:
    strict = replace(RULES, relax_after_seconds={})
    abroad = a_technician("ann", regions="netherlands")

    assert pairs([waiting("a", 9999, needs=IRISH)], [abroad], rules=strict) == {}


def test_who_lacks_less_is_preferred_and_a_product_counts_before_a_region() -> None:
    all_relaxed = replace(RULES, relax_after_seconds=dict.fromkeys(RULES.relax_after_seconds, 0))
    abroad = a_technician("abroad", 0, products="vsa", regions="netherlands")
    beginner = a_technician("beginner", 900, products="emm", regions="ireland")

    matched = pairs([waiting("a", needs=IRISH)], [beginner, abroad], rules=all_relaxed)

    assert matched == {"a": "abroad"}


TRIES = [
    # tries,                                                     who is rung
    ([], "ann"),
    ([tried("a", "ann", 3600)], "tom"),  # whoever refused comes last
    ([tried("a", "ann", 3600), tried("a", "tom", 61)], "ann"),  # both did
    ([tried("a", "ann", 59), tried("a", "tom", 60)], "tom"),  # a pause before the retry
    ([tried("a", "ann", 3600), tried("a", "ann", 30), tried("a", "tom", 20)], None),
    ([tried("a", "ann", 30), tried("a", "ann", 3600), tried("a", "tom", 20)], None),
    ([tried("b", "ann", 10)], "ann"),  # another call
]


@pytest.mark.parametrize(("tries", "rung"), TRIES)
def test_whoever_refused_a_call_is_asked_again_last_and_not_at_once(
    tries: list[Tried], rung: str | None
) -> None:
    technicians = [a_technician("ann", 600), a_technician("tom", 300)]

    assert pairs([waiting("a", 90)], technicians, *tries).get("a") == rung


def test_a_match_says_why() -> None:
    call = waiting("a", 150, 2, needs=IRISH)
    dutch = a_technician("ann", 30, languages="nl", regions="netherlands")

    (plain,) = match([waiting("a", 95)], [a_technician("ann", 30)], [], RULES, NOW)
    (relaxed,) = match([call], [dutch], [tried("a", "ann", 70)], RULES, NOW)

    assert plain == Match("a", "ann", "Severity 3 after 95 s, to the best fit, idle 30 s.")
    assert relaxed.why == (
        "Severity 2 after 150 s, to the best fit, idle 30 s, who lacks what is no longer insisted"
        " on: language, region, who had refused or missed it before."
    )


# --- Properties -------------------------------------------------------------------------------

PRODUCTS, REGIONS, LANGUAGES = ["vsa", "emm"], ["ireland", "netherlands"], ["en", "nl"]


def some(words: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), unique=True).map(" ".join)


NEEDS = st.builds(
    Skills,
    product=st.sampled_from([None, *PRODUCTS]),
    region=st.sampled_from([None, *REGIONS]),
    language=st.sampled_from([None, *LANGUAGES]),
)


@st.composite
def situations(
    draw: st.DrawFn,
) -> tuple[list[WaitingCall], list[IdleTechnician], list[Tried]]:
    calls = [
        waiting(f"call-{n}", draw(st.integers(0, 700)), draw(st.integers(1, 4)), needs=draw(NEEDS))
        for n in range(draw(st.integers(0, 6)))
    ]
    technicians = [
        a_technician(
            f"technician-{n}",
            draw(st.integers(0, 300)),
            products=draw(some(PRODUCTS)),
            regions=draw(some(REGIONS)),
            languages=draw(some(LANGUAGES)),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    tries = [
        tried(call.call_id, technician.technician_id, draw(st.integers(0, 120)))
        for call in calls
        for technician in technicians
        if draw(st.integers(0, 3)) == 0
    ]
    return calls, technicians, tries


PROPERTY = settings(derandomize=True, deadline=None, max_examples=200)


def is_able(call: WaitingCall, technician: IdleTechnician, tries: list[Tried]) -> bool:
    """Asked of `match` itself, about these two alone."""
    return bool(match([call], [technician], tries, RULES, NOW))


@PROPERTY
@given(situation=situations())
def test_nobody_gets_two_calls_and_no_call_two_technicians(
    situation: tuple[list[WaitingCall], list[IdleTechnician], list[Tried]],
) -> None:
    matches = match(*situation, RULES, NOW)

    assert len({each.call_id for each in matches}) == len(matches)
    assert len({each.technician_id for each in matches}) == len(matches)


@PROPERTY
@given(situation=situations())
def test_no_call_waits_while_somebody_able_is_idle(
    situation: tuple[list[WaitingCall], list[IdleTechnician], list[Tried]],
) -> None:
    calls, technicians, tries = situation
    matched = pairs(calls, technicians, *tries)

    left = [call for call in calls if call.call_id not in matched]
    idle = [each for each in technicians if each.technician_id not in matched.values()]
    assert not any(is_able(call, technician, tries) for call in left for technician in idle)


@PROPERTY
@given(situation=situations())
def test_no_call_is_served_by_somebody_whom_an_earlier_one_waits_for(
    situation: tuple[list[WaitingCall], list[IdleTechnician], list[Tried]],
) -> None:
    calls, technicians, tries = situation
    matched = pairs(calls, technicians, *tries)
    by_id = {technician.technician_id: technician for technician in technicians}

    for left in (call for call in calls if call.call_id not in matched):
        for served in (call for call in calls if call.call_id in matched):
            if is_able(left, by_id[matched[served.call_id]], tries):
                assert rank(served, RULES) <= rank(left, RULES)
                assert served.severity < left.severity or served.since <= left.since


@PROPERTY
@given(situation=situations(), seed=st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_named_makes_no_difference(
    situation: tuple[list[WaitingCall], list[IdleTechnician], list[Tried]], seed: random.Random
) -> None:
    calls, technicians, tries = situation
    matches = match(calls, technicians, tries, RULES, NOW)

    for named in situation:
        seed.shuffle(named)

    assert match(calls, technicians, tries, RULES, NOW) == matches
