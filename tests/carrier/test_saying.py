"""Say, Play and Pause: what is heard, and how long it takes."""

import pytest

from ivr.carrier.sound import tone_wav
from tests.carrier.scripted import Answer, Line

MUSIC = "http://service.test:8080/static/hold.wav"


def test_a_say_is_heard_and_takes_its_time(line: Line) -> None:
    line.call("<Say>one two three four</Say><Say>five</Say>")
    line.caller.hears("one two three four")
    began = line.now
    line.caller.hears("five")

    assert line.now - began == pytest.approx(4 * 0.35)
    assert line.codes() == []


def test_a_call_whose_document_runs_out_ends(line: Line) -> None:
    line.call("<Say>Goodbye.</Say>").hears("Goodbye")
    line.caller.is_left()

    (ended,) = line.events("ended")
    assert (ended["status"], ended["by"]) == ("completed", "document")


def test_a_say_is_said_as_often_as_its_loop_says(line: Line) -> None:
    line.call('<Say loop="3">again</Say>').is_left(40)

    assert line.caller.heard == ["again"] * 3


def test_a_loop_of_zero_goes_on_until_the_caller_hangs_up(line: Line) -> None:
    line.call('<Say loop="0">again</Say>')
    line.run(60)
    heard = len(line.caller.heard)
    line.caller.hang_up()
    line.run(5)

    assert heard > 100
    assert line.caller.leg is None


def test_marks_inside_a_say_are_read_as_its_words(line: Line) -> None:
    line.call('<Say>It is <say-as interpret-as="date">today</say-as> &amp; now</Say>')
    line.caller.hears("It is today & now")

    assert line.codes() == []


def test_a_play_lasts_as_long_as_its_sound(line: Line) -> None:
    line.service.on("/static/hold.wav", Answer(200, tone_wav(7, "hold"), "audio/wav"))
    line.call("<Play>/static/hold.wav</Play><Say>after</Say>")
    line.caller.hears("[music hold.wav]")
    began = line.now
    line.caller.hears("after")

    assert line.now - began == pytest.approx(7)
    media = line.service.only("/static/hold.wav")
    assert (media.method, media.fields) == ("GET", {})
    assert "X-Twilio-Signature" not in media.headers


def test_a_sound_with_an_etag_is_asked_for_again_but_not_sent_again(line: Line) -> None:
    line.service.on(
        "/hold.wav",
        Answer(200, tone_wav(2, "hold"), "audio/wav", (("ETag", '"v1"'),)),
        lambda asked: Answer(304 if asked.headers.get("If-None-Match") == '"v1"' else 500),
    )
    line.call("<Play>/hold.wav</Play><Play>/hold.wav</Play>").is_left()

    assert line.caller.heard == ["[music hold.wav]"] * 2
    assert line.codes() == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(404, b"", "text/plain"), 11200),
        (Answer(500, b"", "text/plain"), 11200),
        (Answer(200, b"<p>music</p>", "text/html"), 13420),
        (Answer(200, b"music", "video/mp4"), 13420),
    ],
)
def test_a_sound_that_is_none_is_reported_and_passed_over(
    line: Line, answer: Answer, code: int
) -> None:
    line.service.on("/hold.wav", answer)
    line.call("<Play>/hold.wav</Play><Say>after</Say>").hears("after")

    assert line.codes() == [code]


def test_a_sound_nobody_serves_is_a_connection_failure(line: Line) -> None:
    line.call("<Play>http://elsewhere.test/hold.wav</Play><Say>after</Say>").hears("after", 60)

    assert line.codes() == [11205]


def test_keys_can_be_played(line: Line) -> None:
    line.call('<Play digits="1ww2"/><Say>after</Say>').hears("[keys 1ww2]")
    began = line.now
    line.caller.hears("after")

    assert line.now - began == pytest.approx(1.2)


def test_a_pause_first_delays_the_answer(line: Line) -> None:
    line.call('<Pause length="4"/><Say>Hello</Say>')
    line.run(2)
    unanswered = line.events("answered")
    line.caller.hears("Hello")

    assert unanswered == []
    assert len(line.events("answered")) == 1


def test_a_sound_may_be_the_whole_answer(line: Line) -> None:
    line.service.on("/voice", Answer(200, tone_wav(3, "hi"), "audio/x-wav"))
    line.caller.dial("+18779260001").is_left()

    assert line.caller.heard == ["[music voice]"]
    (ended,) = line.events("ended")
    assert ended["seconds"] == 3


def test_plain_text_that_is_no_twiml_is_read_aloud(line: Line) -> None:
    line.service.on("/voice", Answer(200, b"Nobody is here.", "text/plain"))
    line.caller.dial("+18779260001").hears("Nobody is here.").is_left()

    assert line.codes() == []
