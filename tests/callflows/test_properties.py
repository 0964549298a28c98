"""Whatever a caller does, in whatever order, every turn waits or ends, and nothing else is raised.

`Conversation` checks each turn, and that the session comes back from JSON as it was.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.events import (
    Arrived,
    Event,
    HoldKey,
    HoldTick,
    Keyed,
    LeftQueue,
    MessageTaken,
    QueueResult,
    Resumed,
    Silence,
    TransferEnded,
)
from callflows.interpreter import FlowLoop
from callflows.verbs import Ask, Enqueue, Hold, LeaveQueue, TakeMessage, Transfer
from routing.tickets import Found, Unavailable
from tests.builders import DUBLIN, TOLL_FREE, a_closure, a_line, a_ticket, some_rules
from tests.callflows.conversation import TICKET, Conversation, Desk

RESULTS: list[QueueResult] = ["overflow", "message", "bridged", "abandoned", "full", "error"]
DIGITS = st.sampled_from(["", "1", "3", "4", "9", "*", TICKET, "999999", "12"]) | st.text(
    "0123456789*#ABCD \x00é", max_size=40
)
SECONDS = st.integers(0, 700)
POSITIONS = st.none() | st.integers(1, 999)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Arrived),
    st.builds(Keyed, DIGITS),
    st.builds(Silence),
    st.builds(Resumed),
    st.builds(HoldTick, POSITIONS, SECONDS),
    st.builds(HoldKey, DIGITS, POSITIONS, SECONDS),
    st.builds(LeftQueue, st.sampled_from(RESULTS)),
    st.builds(MessageTaken, st.integers(0, 200)),
    st.builds(TransferEnded, st.booleans()),
)
FITTING: dict[type, st.SearchStrategy[Event]] = {
    Ask: st.builds(Keyed, st.sampled_from(["", "1", "4", TICKET, TICKET, "999999"])),
    Enqueue: st.builds(HoldTick, POSITIONS, SECONDS),
    Hold: st.one_of(
        st.builds(HoldTick, POSITIONS, SECONDS),
        st.builds(HoldKey, st.sampled_from(["1", "3"]), POSITIONS, SECONDS),
        st.builds(LeftQueue, st.sampled_from(RESULTS)),
    ),
    LeaveQueue: st.builds(LeftQueue, st.just("message")),
    TakeMessage: st.builds(MessageTaken, st.integers(0, 200)),
    Transfer: st.builds(TransferEnded, st.booleans()),
}
LINES = st.sampled_from(
    [
        a_line(DUBLIN),
        a_line(TOLL_FREE),
        a_line(TOLL_FREE, other_options={"1": "+14155550100"}),
        a_line(DUBLIN, some_rules(closure=a_closure())),
        a_line(DUBLIN, some_rules({"sev1_weekend": "callback", "on_hold": "refuse"})),
    ]
)
CLOCKS = st.sampled_from(
    [
        "Wed 2026-03-11 10:00 America/New_York",
        "Wed 2026-03-11 23:00 America/New_York",
        "Sat 2026-03-14 12:00 America/New_York",
    ]
)
DESKS = st.builds(
    lambda severity, status, entitlement, down: Desk(
        a_ticket(severity, status, entitlement=entitlement), down=down
    ),
    st.sampled_from([None, 1, 3]),
    st.sampled_from(["open", "hold", "solved", "closed"]),
    st.sampled_from(["active", "lapsed"]),
    st.booleans(),
)
CALLS = st.builds(
    lambda line, when, desk: Conversation(line, when, desk=desk), LINES, CLOCKS, DESKS
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(CALLS, st.lists(EVENTS, max_size=70))
def test_any_events_in_any_order_lead_to_a_wait_or_an_end(
    call: Conversation, events: list[Event]
) -> None:
    for event in events:
        turns_used_up = call.session.steps >= 60 and call.session.ending is None
        try:
            call.happens(event)
        except FlowLoop:
            assert turns_used_up
            return
        _holds_of(call)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(CALLS, st.data())
def test_a_caller_who_answers_comes_to_an_end(call: Conversation, data: st.DataObject) -> None:
    for _ in range(40):
        if call.turn.ending is not None:
            break
        call.happens(data.draw(FITTING[type(call.verb)]))
        _holds_of(call)


def _holds_of(call: Conversation) -> None:
    """The promises that a flow cannot break, in words of the rules."""
    desk, decision = call.session.desk, call.session.decision
    if isinstance(call.verb, TakeMessage):
        assert isinstance(desk, Found | Unavailable), "a message without a ticket (A21)"
    if isinstance(call.verb, Enqueue):
        assert decision is not None
        assert decision.outcome == "connect", "queued without being let in (R07)"
    assert len(call.session.to_json()) < 3_000
    assert call.session.steps <= 60
