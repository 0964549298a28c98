"""Telephones: their complaints, their transcripts, and the one in a terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.carrier import Phone
from ivr.carrier.command import carrier
from ivr.carrier.office import Credentials
from ivr.carrier.phones import NotPossible
from ivr.carrier.process import Carrier, Plan
from ivr.carrier.terminal import phone as terminal_phone
from ivr.carrier.transcripts import Action, parse, play, transcript_of
from tests.carrier.scripted import ACCOUNT, CALLER, LINE, SERVICE, TOKEN, Line

ANN = "+12125550101"


def test_a_phrase_that_is_not_said_fails_with_all_that_was(line: Line) -> None:
    line.call("<Say>Good morning.</Say><Say>Goodbye.</Say>").hears("good MORNING")
    with pytest.raises(NotPossible) as failure:
        line.caller.hears("good morning", within=5)

    assert str(failure.value).splitlines() == [
        "caller did not hear 'good morning' within 5 s.",
        "It heard:",
        "  (before)      0.0 s  Good morning.",
        "       0.7 s  Goodbye.",
    ]


def test_a_phone_that_does_not_ring_and_a_call_that_does_not_end_fail(line: Line) -> None:
    line.call("<Pause length='60'/>")
    with pytest.raises(NotPossible, match="did not ring within 3 s.\nIt heard nothing"):
        line.phone(ANN, "Ann").rings(3)
    with pytest.raises(NotPossible, match="caller is still on a call"):
        line.caller.is_left(3)


def test_somebody_on_a_call_is_busy_and_cannot_dial(line: Line) -> None:
    ann = line.phone(ANN, "Ann")
    line.service.on("/made", "<Pause length='60'/>")
    line.call("<Pause length='60'/>")
    ann.dial(LINE)
    line.run(2)
    call = line.rest.calls.create(to=ANN, from_=LINE, url=f"{SERVICE}/made")
    ann.dial(LINE)
    line.run(2)

    assert line.rest.calls(call.sid).fetch().status == "busy"
    assert line.events("not_connected")[0]["why"] == "busy with another call"


def test_there_is_nothing_to_answer_on_a_silent_phone(line: Line) -> None:
    ann = line.phone(ANN, "Ann").answer().reject().press("1").speak("hello").hang_up()
    line.run(5)

    assert [event["event"] for event in ann.events] == [
        "nothing_to_answer",
        "pressed",
        "spoke",
        "hung_up",
    ]
    assert len(line.events("key_ignored")) == 1


def test_words_on_a_bridge_are_heard_at_the_other_end(line: Line) -> None:
    ann = line.phone(ANN, "Ann").answers_by_itself()
    line.call(f"<Dial>{ANN}</Dial>")
    line.run(3)
    line.caller.speak("Can you hear me?")
    ann.hears("can you hear me").speak("Yes, I can.")
    line.caller.hears("yes, i can")

    assert ann.is_talking_to(line.caller)
    assert not ann.is_talking_to(line.phone("+12125550102", "Tom"))


PAGE = """\
at   Wed 2026-03-04 10:00
# A remark, and a blank line:

> dials +1 877 926 0001
< This line is written anew.
> presses 1
> waits 3s
> says hello
ann> answers
ann> hangs up
= a fact
"""


def test_a_transcript_is_read() -> None:
    transcript = parse(PAGE)

    assert transcript.settings == (("at", "Wed 2026-03-04 10:00"),)
    assert transcript.actions[0] == Action("caller", "dials", "+1 877 926 0001")
    assert transcript.actions[-1] == Action("ann", "hangs", "up")
    with pytest.raises(ValueError, match="line 2 is no line"):
        parse("> dials 1\nnonsense\n")


def scripted_call(line: Line) -> dict[str, Phone]:
    line.service.on("/voice", '<Gather action="/keyed" numDigits="1"><Say>Press it.</Say></Gather>')
    line.service.on("/keyed", f'<Say>Thank you.</Say><Dial action="/after">{ANN}</Dial>')
    line.service.on("/after", "<Say>Goodbye.</Say>")
    return {"caller": line.caller, "ann": line.phone(ANN, "ann")}


SHORT = """\
> dials +18779260001
> presses 1
ann> answers
ann> hangs up
"""


def test_a_transcript_is_played_and_written_afresh_the_same_each_time(line: Line) -> None:
    phones = scripted_call(line)
    written = play(parse(SHORT), line.exchange, phones, lambda: ["talked"])

    assert written.splitlines() == [
        "> dials +18779260001",
        "< Press it.",
        "> presses 1",
        "< Thank you.",
        "< [ringing]",
        "ann> answers",
        "ann> hangs up",
        "< Goodbye.",
        "= talked",
    ]
    again = Line()
    assert play(parse(written), again.exchange, scripted_call(again), lambda: ["talked"]) == written
    with pytest.raises(ValueError, match="nobody can do this: 'sings'"):
        play(parse("> sings"), line.exchange, phones, list)


def test_a_call_by_hand_becomes_a_transcript(line: Line) -> None:
    scripted_call(line)
    line.caller.dial(LINE).hears("Press it").press("1").hears("[ringing]").speak("hm").hang_up()
    line.caller.is_left()

    assert transcript_of(line.caller.events).splitlines() == [
        "at   2026-03-04T15:00:00+00:00",
        "> dials +18779260001",
        "< Press it.",
        "> presses 1",
        "< Thank you.",
        "< [ringing]",
        "> says hm",
        "> hangs up",
    ]


DONE = {"not_connected", "heard", "pressed", "spoke", "hung_up"}


@pytest.fixture
def open_carrier() -> Iterator[Carrier]:
    opened = Carrier(Plan(Credentials(ACCOUNT, TOKEN), numbers=(LINE,))).serve_in_background()
    yield opened
    opened.close()


def test_the_telephone_in_the_terminal_dials_shows_and_saves(
    open_carrier: Carrier, tmp_path: Path
) -> None:
    page = tmp_path / "call.txt"
    typed = [f"dial {LINE}", "12#", "say hello", "sing", "help", "hangup", f"/save {page}", "quit"]
    options = ["--number", CALLER, "--carrier", open_carrier.url]
    shown = CliRunner().invoke(terminal_phone, options, "\n".join(typed) + "\n").output

    assert f"Numbers: {LINE}" in shown
    assert "'sing' is nothing a telephone can do" in shown
    assert page.exists()
    exchange = open_carrier.exchange
    happened = exchange.phone(CALLER).events
    assert exchange.run_until(lambda: {e["event"] for e in happened} >= DONE, within=10)


def test_a_terminal_without_a_carrier_says_so() -> None:
    answer = CliRunner().invoke(terminal_phone, ["--carrier", "http://127.0.0.1:9"])

    assert answer.exit_code == 1
    assert "No carrier answers" in answer.output


WRONG = [
    (["--phone", "Ann"], "'Ann' is not +E164=Name"),
    (["--speed", "0"], "a number above 0"),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG)
def test_the_command_refuses_what_it_cannot_open(options: list[str], sentence: str) -> None:
    required = ["--account-sid", ACCOUNT, "--auth-token", TOKEN]
    answer = CliRunner().invoke(carrier, [*required, *options])

    assert answer.exit_code == 2
    assert sentence in answer.output
