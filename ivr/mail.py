"""Mail to the people of a queue: written down in the transaction it is about, sent later.

A mail is a row with a subject matter (`about`), so that the same thing is told once however often
it happens. The console mailer, which is the default, writes to the log; SMTP_URL names a server.
"""

import smtplib
import ssl
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import Connection, Engine, select, update

from ivr.store.engine import reading, writing
from ivr.store.messages import mail
from ivr.store.statements import insert_once

log = structlog.get_logger()

SMTP_SECONDS = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
LEASE = timedelta(minutes=2)
BATCH = 10
CONTROL = {ord(mark): " " for mark in "\r\n\0"}


class Mailer(Protocol):
    """Sends one mail or raises OSError."""

    def send(self, sender: str, recipients: Sequence[str], subject: str, body: str) -> None: ...


class ConsoleMailer:
    """Shows mail on standard output, for machines without a mail server."""

    def send(self, sender: str, recipients: Sequence[str], subject: str, body: str) -> None:
        to = ", ".join(recipients)
        sys.stdout.write(f"--- mail from {sender} to {to}\nSubject: {subject}\n\n{body}---\n")
        sys.stdout.flush()


class SmtpMailer:
    """Sends over the server of an address like smtp://name:password@host:587 (or smtps://)."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def send(self, sender: str, recipients: Sequence[str], subject: str, body: str) -> None:
        message = EmailMessage()
        message["From"] = sender
        message["To"] = ", ".join(recipients)
        message["Subject"] = subject
        message.set_content(body)
        try:
            with self._server() as server:
                if self._parts.username:
                    server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
                server.send_message(message)
        except smtplib.SMTPException as error:
            raise OSError(str(error)) from error

    def _server(self) -> smtplib.SMTP:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port or 465, timeout=SMTP_SECONDS, context=context)
        server = smtplib.SMTP(host, port or 25, timeout=SMTP_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        return server


def post_mail(
    connection: Connection,
    about: str,
    recipients: Sequence[str],
    subject: str,
    body: str,
    now: datetime,
) -> None:
    """Write a mail down, once per subject matter. Nobody to write to is fine."""
    if not recipients:
        return
    insert_once(
        connection,
        mail,
        {
            "about": about[:100],
            "recipients": ",".join(recipients),
            "subject": subject.translate(CONTROL)[:300],
            "body": body,
            "attempts": 0,
            "due_at": now,
        },
    )


def send_due_mail(engine: Engine, mailer: Mailer, sender: str, now: datetime) -> int:
    """Send what is due; what cannot be sent is tried again, ever more rarely. Returns how many."""
    with reading(engine) as connection:
        due = connection.execute(
            select(mail).where(mail.c.due_at <= now).order_by(mail.c.due_at).limit(BATCH)
        ).all()
    sent = 0
    for row in due:
        with writing(engine) as connection:
            claimed = connection.execute(
                update(mail)
                .where(mail.c.id == row.id, mail.c.attempts == row.attempts)
                .values(attempts=row.attempts + 1, due_at=now + LEASE)
            )
        if not claimed.rowcount:
            continue
        values: dict[str, object] = {"due_at": None, "sent_at": now}
        try:
            mailer.send(sender, row.recipients.split(","), row.subject, row.body)
            sent += 1
        except OSError as error:
            log.warning("mail not sent", about=row.about, error=str(error))
            pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
            values = {"due_at": now + pause}
        with writing(engine) as connection:
            connection.execute(update(mail).where(mail.c.id == row.id).values(**values))
    return sent
