"""Revisions: published whole, kept for ever, and one of them live."""

import itertools
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, func, select, text, update

from callflows.problems import ConfigurationProblems
from ivr.configuration.loader import digest_of
from ivr.differences import difference
from ivr.errors import NotPublished
from ivr.publishing import (
    NothingReadable,
    PublishConflict,
    RevisionUnreadable,
    UnknownRevision,
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


# Content of their own, so that this process has never compiled it: numbers of seconds to ring.
_never_rung = itertools.count(31)


def never_compiled() -> dict[str, str]:
    return with_line("ring_seconds: 20 ", f"ring_seconds: {next(_never_rung)} ")


def spoil(connection: Connection, *revisions: int) -> None:
    damaged = update(revision).where(revision.c.id.in_(revisions))
    connection.execute(damaged.values(files={"line.yaml": "flow: 1"}))


def smuggle(connection: Connection, files: dict[str, str]) -> int:
    """Publish what no check of this release lets through, as a newer release may."""
    put(connection, FILES)
    stowaway = put(connection, never_compiled())
    content = {"files": files, "digest": digest_of(files)}
    connection.execute(update(revision).where(revision.c.id == stowaway).values(**content))
    return stowaway


def test_a_damaged_live_revision_is_stood_in_for_by_the_one_before(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection, FILES)
        put(connection, SECOND)
        put(connection, THIRD)
        rollback(connection, None, "pat", NOW)
        damaged = put(connection, never_compiled())
        spoil(connection, damaged)

    assert ring_seconds(engine) == 25
    with writing(engine) as connection, pytest.raises(RevisionUnreadable):
        rollback(connection, damaged, "pat", NOW)


def test_when_the_one_before_is_damaged_too_the_newest_stands_in(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection, FILES)
        put(connection, SECOND)
        spoil(connection, put(connection, never_compiled()), put(connection, never_compiled()))

    assert ring_seconds(engine) == 25


def test_text_that_is_not_json_is_damage_as_well(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        put(connection, FILES)
        damaged = put(connection, never_compiled())
        connection.execute(text(f"UPDATE revision SET files = '{{' WHERE id = {damaged}"))

    assert ring_seconds(sqlite_engine) == 20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("flow: support", "flow: concierge"),
        ('default_line: "+14156945700"', 'default_line: "+35315550100"'),
        ("flow: support", "flow: support\ncarrier_pigeon: 1"),
    ],
)
def test_an_intact_revision_of_another_release_is_stood_in_for(
    engine: Engine, old: str, new: str
) -> None:
    with writing(engine) as connection:
        smuggled = smuggle(connection, with_line(old, new))

    assert ring_seconds(engine) == ring_seconds(engine) == 20
    with reading(engine) as connection, pytest.raises(RevisionUnreadable, match="this release"):
        load(connection, smuggled)


def test_what_is_not_published_because_nothing_can_be_read_says_so(engine: Engine) -> None:
    with writing(engine) as connection:
        spoil(connection, put(connection, never_compiled()))
    with reading(engine) as connection, pytest.raises(NothingReadable, match="publish the confi"):
        live(connection)


def test_publishing_the_same_again_mends_a_damaged_revision(engine: Engine) -> None:
    files = never_compiled()
    with writing(engine) as connection:
        put(connection, SECOND)
        damaged = put(connection, files)
        spoil(connection, damaged)
    assert ring_seconds(engine) == 25

    with writing(engine) as connection:
        mended = publish(connection, files, "", "pat", NOW)
        again = publish(connection, files, "", "pat", NOW)

    assert (mended.revision, mended.changed, again.changed) == (damaged, True, False)
    with reading(engine) as connection:
        assert live(connection).configuration.files == files


def test_who_saw_the_stand_in_may_publish_from_there(engine: Engine) -> None:
    with writing(engine) as connection:
        put(connection, FILES)
        damaged = put(connection, never_compiled())
        spoil(connection, damaged)
        seen = live(connection).revision_id
        put(connection, SECOND, based_on=seen)

    assert seen != damaged
    assert ring_seconds(engine) == 25


def test_a_difference_names_file_and_line() -> None:
    shown = difference(FILES, SECOND)

    assert difference(FILES, FILES) == ""
    assert "--- live/line.yaml\n+++ new/line.yaml\n" in shown
    assert "\n-  ring_seconds: 20 " in shown
    assert "\n+  ring_seconds: 25 " in shown
