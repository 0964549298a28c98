"""`ivr voicemail`: the messages callers left."""

import json
import os
import shutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.database import database
from ivr.cli.options import as_json_option
from ivr.settings import Settings
from ivr.store.engine import reading
from ivr.store.messages import VoicemailState
from ivr.voicemail import Voicemail, find_voicemail, list_voicemail

OURS = {VoicemailState.STORED, VoicemailState.VERIFIED}


@click.group()
def voicemail() -> None:
    """The messages callers left."""


@voicemail.command("list")
@as_json_option
def list_messages(as_json: bool) -> None:
    """Every message, the newest first; with --json an object a line."""
    with database() as engine, reading(engine) as connection:
        messages = list_voicemail(connection)
    for message in messages:
        click.echo(json.dumps(asdict(message), default=_instant) if as_json else _line(message))


@voicemail.command()
@click.argument("message_id", metavar="ID", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
def fetch(message_id: int, file: Path, as_json: bool) -> None:
    """Copy the sound of message ID to FILE."""
    with database() as engine, reading(engine) as connection:
        message = find_voicemail(connection, message_id)
    if message is None:
        raise click.ClickException(f"There is no message {message_id}; see: ivr voicemail list")
    if message.state not in OURS or message.file is None:
        raise click.ClickException(
            f"Message {message_id} is still at the carrier; `ivr worker` fetches it."
        )
    recordings = Settings.from_environment(os.environ).instance / "recordings"
    try:
        shutil.copyfile(recordings / message.file, file)
    except OSError as refused:
        sentence = f"Message {message_id} was not copied: {refused.strerror}: {refused.filename}"
        raise click.ClickException(sentence) from None
    if as_json:
        click.echo(json.dumps({"id": message.id, "file": str(file), "sha256": message.sha256}))
    else:
        click.echo(f"{file}: {message.seconds} seconds, {message.size_bytes} bytes.")


def _line(message: Voicemail) -> str:
    return (
        f"{message.id}  {message.recorded_at:%Y-%m-%d %H:%M}  ticket {message.ticket or '-'}  "
        f"{message.queue or '-'}  {message.seconds} s  {message.state}  {message.call_sid}"
    )


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
