"""Revisions: published whole, kept for ever, and one of them live."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, func, select, update

from callflows.problems import ConfigurationProblems
from ivr.errors import NotPublished
from ivr.publishing import (
    PublishConflict,
    RevisionUnreadable,
    UnknownRevision,
    difference,
    history,
    live,
    load,
    publish,
    rollback,
)
from ivr.store.engine import reading, writing
from ivr.store.revisions import revision
from tests.ivr.configuration.first_edition import FILES, with_line

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SECOND = with_line("ring_seconds: 20 ", "ring_seconds: 25 ")
THIRD = with_line("ring_seconds: 20 ", "ring_seconds: 30 ")
BROKEN = with_line("ring_seconds: 20 ", "ring_seconds: soon ")


def put(connection: Connection, files: dict[str, str], based_on: int | None = None) -> int:
    return publish(connection, files, "why", "pat", NOW, based_on).revision


def ring_seconds(engine: Engine) -> int:
    with reading(engine) as connection:
        return live(connection).configuration.timers.ring_seconds


def test_before_anything_is_published_there_is_nothing_to_serve(engine: Engine) -> None:
    with reading(engine) as connection, pytest.raises(NotPublished):
        live(connection)


def test_what_is_published_is_live_with_every_byte_kept(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection, FILES)
    with reading(engine) as connection:
        published = live(connection)
        (only,) = history(connection)

    assert published.configuration.files == FILES
    assert (only.id, only.note, only.author, only.created_at, only.live) == (
        published.revision_id,
        "why",
        "pat",
        NOW,
        True,
    )


def test_the_same_content_twice_changes_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        first = publish(connection, FILES, "", "pat", NOW)
        again = publish(connection, dict(reversed(FILES.items())), "other", "sam", NOW)
        count = connection.scalar(select(func.count()).select_from(revision))

    assert (first.changed, again.changed, again.revision, count) == (True, False, first.revision, 1)


def test_a_broken_configuration_never_becomes_live(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection, FILES)
        with pytest.raises(ConfigurationProblems):
            put(connection, BROKEN)

    assert ring_seconds(engine) == 20


def test_a_call_keeps_the_revision_it_began_with(engine: Engine) -> None:
    with writing(engine) as connection:
        first, second = put(connection, FILES), put(connection, SECOND)
    with reading(engine) as connection:
        assert load(connection, first).timers.ring_seconds == 20
        assert load(connection, second).timers.ring_seconds == 25


def test_rolling_back_is_publishing_what_was_live_before(engine: Engine) -> None:
    with writing(engine) as connection:
        first = put(connection, FILES)
        second = put(connection, SECOND)
        back = rollback(connection, None, "pat", NOW)
        forth = rollback(connection, None, "pat", NOW)
        same = rollback(connection, second, "pat", NOW)

    assert (back.revision, forth.revision) == (first, second)
    assert not same.changed


def test_there_must_be_something_to_roll_back_to(engine: Engine) -> None:
    with writing(engine) as connection:
        with pytest.raises(NotPublished):
            rollback(connection, None, "pat", NOW)
        put(connection, FILES)
        with pytest.raises(UnknownRevision):
            rollback(connection, None, "pat", NOW)
        with pytest.raises(UnknownRevision):
            rollback(connection, 99, "pat", NOW)


def test_of_two_who_publish_from_the_same_revision_the_second_is_told(engine: Engine) -> None:
    with writing(engine) as connection:
        seen = put(connection, FILES)
        put(connection, SECOND, based_on=seen)
        with pytest.raises(PublishConflict):
            put(connection, THIRD, based_on=seen)

    assert ring_seconds(engine) == 25


def test_what_is_published_half_way_leaves_the_old_one_live(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection, FILES)
    with suppress(ZeroDivisionError), writing(engine) as connection:
        put(connection, SECOND)
        raise ZeroDivisionError

    assert ring_seconds(engine) == 20


def test_a_damaged_live_revision_is_stood_in_for_by_the_one_before(engine: Engine) -> None:
    # Content of its own, so that this process has never compiled it.
    files = with_line("ring_seconds: 20 ", "ring_seconds: 37 ")
    with writing(engine) as connection:
        put(connection, SECOND)
        damaged = put(connection, files)
        connection.execute(
            update(revision).where(revision.c.id == damaged).values(files={"line.yaml": "flow: 1"})
        )

    assert ring_seconds(engine) == 25
    with writing(engine) as connection, pytest.raises(RevisionUnreadable):
        rollback(connection, damaged, "pat", NOW)


def test_a_difference_names_file_and_line() -> None:
    shown = difference(FILES, SECOND)

    assert difference(FILES, FILES) == ""
    assert "--- live/line.yaml\n+++ new/line.yaml\n" in shown
    assert "\n-  ring_seconds: 20 " in shown
    assert "\n+  ring_seconds: 25 " in shown
