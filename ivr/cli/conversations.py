"""`ivr conversations`: what was recorded of talks with technicians, where that is configured."""

import json
import os
import shutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from ivr.cli.database import database
from ivr.cli.options import as_json_option
from ivr.conversations import Conversation, find_conversation, list_conversations
from ivr.settings import Settings
from ivr.store.engine import reading


@click.group()
def conversations() -> None:
    """Recorded conversations; messages are under `ivr voicemail`."""


@conversations.command("list")
@as_json_option
def list_recorded(as_json: bool) -> None:
    """Every recorded conversation, the newest first; with --json an object a line."""
    with database() as engine, reading(engine) as connection:
        found = list_conversations(connection)
    for each in found:
        click.echo(json.dumps(asdict(each), default=_instant) if as_json else _line(each))


@conversations.command("fetch")
@click.argument("conversation_id", metavar="ID", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
def fetch_recorded(conversation_id: int, file: Path, as_json: bool) -> None:
    """Copy the sound of conversation ID to FILE."""
    with database() as engine, reading(engine) as connection:
        found = find_conversation(connection, conversation_id)
    if found is None:
        raise click.ClickException(f"There is no conversation {conversation_id}.")
    if found.erased_at is not None:
        sentence = f"Conversation {found.id} was erased {found.erased_at:%Y-%m-%d}."
        raise click.ClickException(sentence)
    if found.file is None:
        sentence = f"Conversation {found.id} is still at the carrier; `ivr worker` fetches it."
        raise click.ClickException(sentence)
    recordings = Settings.from_environment(os.environ).instance / "recordings"
    try:
        shutil.copyfile(recordings / found.file, file)
    except OSError as refused:
        sentence = f"Conversation {found.id} was not copied: {refused.strerror}."
        raise click.ClickException(sentence) from None
    told = {"id": found.id, "file": str(file), "sha256": found.sha256}
    shown = f"{file}: {found.seconds} seconds, {found.size_bytes} bytes."
    click.echo(json.dumps(told) if as_json else shown)


def _line(each: Conversation) -> str:
    state = "erased" if each.erased_at is not None else each.state.value
    return (
        f"{each.id}  {each.recorded_at:%Y-%m-%d %H:%M}  {each.seconds} s  {state}  "
        f"kept until {each.keep_until:%Y-%m-%d}  {each.call_sid}"
    )


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
