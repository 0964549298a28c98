"""Mail is written down once, sent when it can be, and tried again when it cannot."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.mail import ConsoleMailer, SmtpMailer, post_mail, send_due_mail
from ivr.store.engine import reading, writing
from ivr.store.messages import mail
from tests.line import MailInMemory

NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
SENDER = "supportline@support.example.com"


class BrokenMailer:
    def send(self, *_: object) -> None:
        raise OSError("the mail server does not answer")


def write_down(engine: Engine, about: str = "voicemail:1") -> None:
    with writing(engine) as connection:
        people = ["vsa@example.com", "lead@example.com"]
        post_mail(connection, about, people, "A subject\r\nBcc: evil@example.com", "Text\n", NOW)


def test_the_same_matter_is_written_down_and_sent_once(engine: Engine) -> None:
    mailer = MailInMemory()
    write_down(engine)
    write_down(engine)

    assert send_due_mail(engine, mailer, SENDER, NOW) == 1
    assert send_due_mail(engine, mailer, SENDER, NOW + timedelta(days=1)) == 0
    (sent,) = mailer.sent
    assert sent[0] == ["vsa@example.com", "lead@example.com"]
    assert "\n" not in sent[1]


def test_what_cannot_be_sent_is_tried_again_ever_more_rarely(engine: Engine) -> None:
    write_down(engine)
    now, pauses = NOW, []
    for _ in range(8):
        send_due_mail(engine, BrokenMailer(), SENDER, now)
        with reading(engine) as connection:
            due = connection.execute(select(mail.c.due_at)).scalar_one()
        pauses.append((due - now).total_seconds())
        now = due

    assert pauses == [30, 60, 120, 240, 480, 960, 1800, 1800]
    mailer = MailInMemory()
    assert send_due_mail(engine, mailer, SENDER, now) == 1


def test_nobody_to_write_to_is_fine(engine: Engine) -> None:
    with writing(engine) as connection:
        post_mail(connection, "x", [], "A subject", "Text", NOW)

    assert send_due_mail(engine, MailInMemory(), SENDER, NOW) == 0


def test_the_console_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleMailer().send(SENDER, ["vsa@example.com"], "A subject", "Text\n")

    assert "vsa@example.com" in capsys.readouterr().out


class SmtpSink(threading.Thread):
    """A mail server that takes one message and keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.told: list[str] = []

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rw", newline="\r\n") as lines:
            answer(lines, "220 sink")
            in_text = False
            for line in lines:
                self.told.append(line.rstrip("\r\n"))
                if in_text:
                    in_text = self.told[-1] != "."
                    if not in_text:
                        answer(lines, "250 kept")
                elif line.casefold().startswith("data"):
                    in_text = True
                    answer(lines, "354 go on")
                elif line.casefold().startswith("quit"):
                    answer(lines, "221 bye")
                    return
                else:
                    answer(lines, "250 ok")


def answer(lines: object, text: str) -> None:
    lines.write(f"{text}\r\n")  # type: ignore[attr-defined]
    lines.flush()  # type: ignore[attr-defined]


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    server = SmtpSink()
    server.start()
    yield server
    server.join(5)
    server.listener.close()


def test_mail_goes_over_smtp(sink: SmtpSink) -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{sink.port}")

    mailer.send(SENDER, ["vsa@example.com"], "Voicemail for ticket 100300", "A caller…\n")

    sink.join(5)
    assert f"mail from:<{SENDER}>" in " ".join(sink.told).casefold()
    assert "rcpt to:<vsa@example.com>" in " ".join(sink.told).casefold()
    assert "Subject: Voicemail for ticket 100300" in sink.told


def test_a_server_that_is_not_there_is_an_oserror() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpMailer("smtp://127.0.0.1:1").send(SENDER, ["vsa@example.com"], "A subject", "Text")
