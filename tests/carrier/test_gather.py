"""Gather: keys and words, during the prompts and after them."""

import pytest

from ivr.carrier.assumptions import Assumptions
from tests.carrier.scripted import SERVICE, Line

ASK = "<Say>Enter your number please.</Say>"


def gather(attributes: str = "", inside: str = ASK) -> str:
    return f'<Gather action="/keyed" {attributes}>{inside}</Gather><Say>Nothing keyed.</Say>'


def answered(line: Line, inside: str = "<Say>Thank you.</Say>") -> Line:
    line.service.on("/keyed", inside)
    return line


KEYS = [
    # attributes                         keys        digits
    ("", "1234#", "1234"),
    ('numDigits="4"', "123456", "1234"),
    ('numDigits="1"', "7", "7"),
    ('finishOnKey="*"', "12#3*", "12#3"),
    ('finishOnKey="" timeout="2"', "12#*", "12#*"),
    ('timeout="1"', "12w3", "123"),
    ('timeout="1"', "12www3", "12"),
    ('input="dtmf speech"', "55#", "55"),
]


@pytest.mark.parametrize(("attributes", "keys", "digits"), KEYS)
def test_keys_arrive_without_the_one_that_ended_them(
    line: Line, attributes: str, keys: str, digits: str
) -> None:
    answered(line).call(gather(attributes)).hears("Enter").press(keys)
    line.caller.hears("Thank you")

    asked = line.service.only("/keyed")
    assert asked["Digits"] == digits
    assert "SpeechResult" not in asked
    assert asked["CallStatus"] == "in-progress"


def test_a_key_stops_the_prompt(line: Line) -> None:
    long = f"<Say>Enter {'very ' * 60} slowly.</Say><Say>The second prompt.</Say>"
    answered(line).call(gather('numDigits="1"', long)).hears("Enter").press("5")
    line.caller.hears("Thank you", 3)

    assert not any("second" in text for text in line.caller.heard)
    assert len(line.events("cut")) == 1


def test_silence_falls_through_after_the_timeout_that_starts_when_the_prompt_ends(
    line: Line,
) -> None:
    answered(line).call(gather('timeout="6"')).hears("Enter")
    began = line.now
    line.caller.hears("Nothing keyed")

    assert line.now - began == pytest.approx(4 * 0.35 + 6)
    assert line.service.asked_for("/keyed") == []


def test_every_key_begins_the_timeout_anew(line: Line) -> None:
    answered(line).call(gather('timeout="3"')).hears("Enter").press("1" + "w" * 5 + "2")
    line.caller.hears("Thank you")

    assert line.service.only("/keyed")["Digits"] == "12"


def test_the_finishing_key_alone_is_no_input(line: Line) -> None:
    answered(line).call(gather()).hears("Enter").press("#")
    line.caller.hears("Nothing keyed")

    assert line.service.asked_for("/keyed") == []


@pytest.mark.parametrize("keys", ["", "#"])
def test_an_empty_result_may_be_asked_for(line: Line, keys: str) -> None:
    answered(line).call(gather('actionOnEmptyResult="true"')).hears("Enter").press(keys)
    line.caller.hears("Thank you")

    assert line.service.only("/keyed")["Digits"] == ""


def test_an_empty_result_may_also_be_told_by_leaving_it_out() -> None:
    line = answered(Line(assume=Assumptions(empty_gather_sends_digits=False)))
    line.call(gather('actionOnEmptyResult="true"')).hears("Thank you")

    assert "Digits" not in line.service.only("/keyed")


def test_what_is_not_documented_need_not_be_sent() -> None:
    line = answered(Line(assume=Assumptions(gather_sends_finished_on_key=False)))
    line.call(gather()).hears("Enter").press("1#")
    line.caller.hears("Thank you")

    asked = line.service.only("/keyed")
    assert "FinishedOnKey" not in asked
    assert "msg" not in asked


def test_words_arrive_with_a_confidence(line: Line) -> None:
    speech = 'input="speech" speechTimeout="2"'
    answered(line).call(gather(speech)).hears("Enter").speak("one hundred")
    line.caller.hears("Thank you")

    asked = line.service.only("/keyed")
    assert asked["SpeechResult"] == "one hundred"
    assert 0 <= float(asked["Confidence"]) <= 1
    assert "Digits" not in asked


def test_what_was_said_first_wins_over_keys(line: Line) -> None:
    both = gather('input="dtmf speech" speechTimeout="3"')
    answered(line).call(both).hears("Enter").speak("hello").press("5#")
    line.caller.hears("Thank you")

    assert line.service.only("/keyed")["SpeechResult"] == "hello"
    assert line.events("key_ignored") != []


def test_keys_first_win_over_words(line: Line) -> None:
    both = gather('input="dtmf speech" speechTimeout="3"')
    answered(line).call(both).hears("Enter").press("5").speak("hello")
    line.caller.hears("Thank you")

    assert line.service.only("/keyed")["Digits"] == "5"


def test_words_are_not_heard_by_a_gather_of_keys(line: Line) -> None:
    answered(line).call(gather()).hears("Enter").speak("hello there")
    line.caller.hears("Nothing keyed")

    assert line.service.asked_for("/keyed") == []


def test_an_automatic_speech_timeout_waits_for_a_short_silence(line: Line) -> None:
    auto = 'input="speech" speechTimeout="auto" timeout="9"'
    answered(line).call(gather(auto)).hears("Enter").speak("yes", 1)
    began = line.now
    line.caller.hears("Thank you")

    assert line.now - began < 4


def test_speech_is_cut_after_its_longest_time(line: Line) -> None:
    longest = gather('input="speech" maxSpeechTime="5" speechTimeout="2"')
    answered(line).call(longest).hears("Enter").speak("on and on", 60)
    began = line.now
    line.caller.hears("Thank you", 20)

    assert line.now - began == pytest.approx(1 + 5)  # A second from dialling to speaking.
    assert line.service.only("/keyed")["SpeechResult"] == "on and on"


def test_unstable_words_are_told_meanwhile(line: Line) -> None:
    line.service.on("/partial", "")
    partial = 'input="speech" speechTimeout="1" partialResultCallback="/partial"'
    answered(line).call(gather(partial)).hears("Enter").speak("hello")
    line.caller.hears("Thank you")

    assert line.service.only("/partial")["UnstableSpeechResult"] == "hello"


def test_keys_pressed_when_nobody_listens_are_lost(line: Line) -> None:
    answered(line).call("<Say>Welcome to the line of all lines.</Say>" + gather())
    line.caller.hears("Welcome").press("99").hears("Enter").press("1#").hears("Thank you")

    assert line.service.only("/keyed")["Digits"] == "1"
    assert [entry["key"] for entry in line.events("key_ignored")] == ["9", "9"]


def test_a_gather_without_action_asks_for_its_own_document_again(line: Line) -> None:
    line.service.on(
        "/voice", '<Gather numDigits="1"><Say>Enter</Say></Gather>', "<Say>Thank you.</Say>"
    )
    line.caller.dial("+18779260001").hears("Enter").press("1").hears("Thank you")

    first, second = line.service.asked_for("/voice")
    assert "Digits" not in first
    assert second["Digits"] == "1"


def test_an_action_by_get_carries_its_keys_in_the_query(line: Line) -> None:
    answered(line).call(gather('method="GET" numDigits="1"')).hears("Enter").press("1")
    line.caller.hears("Thank you")

    asked = line.service.only("/keyed")
    assert (asked.method, asked.body) == ("GET", b"")
    assert asked["Digits"] == "1"
    assert asked.is_signed()


def test_the_action_keeps_its_own_query(line: Line) -> None:
    line.service.on("/keyed", "<Say>Thank you.</Say>")
    line.call(f'<Gather action="{SERVICE}/keyed?turn=3&amp;of=a%20b" numDigits="1"/>')
    line.caller.press("w1").hears("Thank you")

    asked = line.service.only("/keyed")
    assert asked.url.endswith("?turn=3&of=a%20b")
    assert (asked["turn"], asked["of"], asked["Digits"]) == ("3", "a b", "1")


def test_a_gather_with_nothing_after_it_ends_the_call(line: Line) -> None:
    line.call('<Gather action="/keyed"><Say>Enter</Say></Gather>').is_left(30)
    line.run(1)

    assert line.service.asked_for("/keyed") == []
    assert line.service.only("/over")["CallStatus"] == "completed"
