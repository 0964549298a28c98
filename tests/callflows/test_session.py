"""The session, and every event, out to JSON and back."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from callflows.events import (
    Arrived,
    Event,
    HoldKey,
    HoldTick,
    Keyed,
    LeftQueue,
    MessageTaken,
    Resumed,
    Silence,
    TransferEnded,
)
from callflows.model import Ending
from callflows.packing import Unreadable, pack, unpack, unpack_text
from callflows.session import Session
from routing.decisions import Case
from routing.policy import decide
from routing.tickets import DeskAnswer, Found, NotFound, NothingKeyed, Unavailable
from tests.builders import DUBLIN, a_line, a_ticket, at

DECISION = decide(
    Case(at("Fri 2026-03-06 20:00 Europe/Dublin"), a_line(DUBLIN), Found(a_ticket(status="hold")))
)
FULL = Session(
    flow="support",
    node="queue",
    language="en",
    steps=7,
    tries={"ask_ticket": 2, "main_menu": 1},
    menu_choices=3,
    option="1",
    keyed="100200",
    desk=Found(a_ticket(), cached=True),
    decision=DECISION,
    queue="business",
    hold_menu_at=datetime(2026, 3, 6, 20, 1, 2, 345678, UTC),
    position_said=True,
    leaving="message",
    ending=Ending.MESSAGE,
    keyed_number="015262938",
    number_to_call="+35315262938",
)
DESK_ANSWERS: list[DeskAnswer] = [
    Found(a_ticket(None, zone="Pacific/Auckland")),
    NotFound("999"),
    Unavailable("100200", "no answer"),
    NothingKeyed(),
]


def test_a_full_session_comes_back_as_it_was() -> None:
    assert Session.from_json(FULL.to_json()) == FULL
    assert asdict(Session.from_json(FULL.to_json()))["decision"] == asdict(DECISION)


def test_a_new_session_comes_back_as_it_was() -> None:
    new = Session("support", "welcome", "en")

    assert Session.from_json(new.to_json()) == new


@pytest.mark.parametrize("desk", DESK_ANSWERS)
def test_every_answer_of_the_desk_comes_back_as_it_was(desk: DeskAnswer) -> None:
    session = replace(FULL, desk=desk)

    assert Session.from_json(session.to_json()) == session


def test_an_instant_keeps_its_offset_and_its_microseconds() -> None:
    back = Session.from_json(FULL.to_json())

    assert back.hold_menu_at is not None
    assert back.hold_menu_at.isoformat() == "2026-03-06T20:01:02.345678+00:00"
    assert back.decision is not None
    assert back.decision.local_time.isoformat() == DECISION.local_time.isoformat()


@pytest.mark.parametrize("subject", ["Zürich ✓", "\ud800 half a pair", "\x00\x1b", '"\\', ""])
def test_no_character_of_a_ticket_is_lost_or_makes_it_unfit_to_be_stored(subject: str) -> None:
    session = replace(FULL, desk=Found(replace(a_ticket(), subject=subject)))

    assert session.to_json().isascii()
    assert Session.from_json(session.to_json()) == session


EVENTS: list[Event] = [
    Arrived(),
    Keyed("12#*"),
    Silence(),
    Resumed(),
    HoldTick(None, 20),
    HoldKey("3", 2, 40),
    LeftQueue("overflow"),
    MessageTaken(12),
    TransferEnded(answered=True),
]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    assert unpack_text(Event, json.dumps(pack(event))) == event


SPOILT: list[tuple[dict[str, Any], str]] = [
    ({"mood": "good"}, "value is no Session: mood is missing or unknown."),
    ({"kind": "Sessions"}, "value.kind must be one of Session, not 'Sessions'."),
    ({"steps": True}, "value.steps must be int, not True."),
    ({"steps": "7"}, "value.steps must be int, not '7'."),
    ({"keyed": 100200}, "value.keyed must be str, not 100200."),
    ({"tries": [1]}, "value.tries must be dict, not [1]."),
    ({"tries": {"a": None}}, "value.tries must be int, not None."),
    ({"ending": "dropped"}, "value.ending must be one of refused, voicemail, voicemail_empty, "
     "transferred, connected, abandoned_queue, callback_requested, not 'dropped'."),
    ({"hold_menu_at": "soon"}, "value.hold_menu_at is no instant: 'soon'."),
    ({"desk": {"kind": "Lost"}}, "value.desk.kind must be one of Found, NotFound, Unavailable, "
     "NothingKeyed, not 'Lost'."),
    ({"desk": "NotFound"}, "value.desk must be dict, not 'NotFound'."),
    ({"desk": {"kind": "NotFound"}}, "value.desk is no NotFound: number is missing or unknown."),
    ({"decision": []}, "value.decision must be dict, not []."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), SPOILT)
def test_anything_else_is_refused_with_a_sentence(change: dict[str, Any], said: str) -> None:
    spoilt = {**json.loads(FULL.to_json()), **change}

    with pytest.raises(Unreadable) as refused:
        Session.from_json(json.dumps(spoilt))
    assert str(refused.value) == said


def test_a_field_that_is_missing_is_refused() -> None:
    short = json.loads(FULL.to_json())
    del short["node"]

    with pytest.raises(Unreadable, match="node is missing or unknown"):
        Session.from_json(json.dumps(short))


def test_a_session_of_a_release_that_knew_fewer_fields_is_read() -> None:
    older = json.loads(FULL.to_json())
    del older["number_to_call"]
    del older["tries"]

    assert Session.from_json(json.dumps(older)) == replace(FULL, number_to_call=None, tries={})


def test_a_word_of_a_closed_list_is_checked() -> None:
    with pytest.raises(Unreadable, match="value.result must be one of overflow, message, bridged"):
        unpack(Event, {"kind": "LeftQueue", "result": "lost"})


@pytest.mark.parametrize("text", ["", "{", "nothing"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="This is not JSON"):
        Session.from_json(text)


def test_what_is_json_but_no_object_is_refused() -> None:
    with pytest.raises(Unreadable, match="value must be dict, not 3"):
        Session.from_json("3")
