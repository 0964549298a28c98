"""Publishing: immutable revisions of the configuration, and one pointer to the live one.

A published revision was proven when it was published. It is read back with fewer questions, so
that a newer release with a stricter check, or newer telephone metadata, cannot silence the line.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import structlog
from sqlalchemy import Connection, insert, select, update

from callflows.problems import ConfigurationProblems
from ivr.configuration.loader import digest_of, load_configuration, load_published
from ivr.configuration.model import Configuration, Files
from ivr.errors import NotPublished, Refusal
from ivr.store.revisions import live_revision, revision

log = structlog.get_logger()

# Calls keep the revision they began with, so a few are in use at a time.
_MOST_COMPILED = 32
_compiled: dict[tuple[int, str], Configuration] = {}
# Intact revisions that this release cannot load, and why.
_not_for_us: dict[tuple[int, str], str] = {}
# Unreadable revisions that are in the log already.
_noticed: set[tuple[int, str]] = set()


class UnknownRevision(Refusal):
    """There is no such revision."""


class RevisionUnreadable(Refusal):
    """A stored revision is damaged, or from a release that wrote it in another way."""


class NothingReadable(NotPublished):
    """There are revisions, and callers could be served with none of them."""


class PublishConflict(Refusal):
    """Somebody else published in between; the message says what is live now."""


@dataclass(frozen=True)
class Live:
    """The configuration that serves callers now, and its number."""

    revision_id: int
    configuration: Configuration


@dataclass(frozen=True)
class Published:
    """Which revision is live now, and whether that is news."""

    revision: int
    changed: bool


@dataclass(frozen=True)
class Revision:
    """One line of the history, without the files."""

    id: int
    digest: str
    note: str
    author: str
    created_at: datetime
    live: bool


def publish(
    connection: Connection,
    files: Files,
    note: str,
    author: str,
    now: datetime,
    based_on: int | None = None,
) -> Published:
    """Make these files live. The content that is live already changes nothing.

    Where it is stored damaged, it is mended. Raises ConfigurationProblems for a broken one, and
    PublishConflict when callers are no longer served by `based_on`, the revision the author
    started from (None: does not matter).
    """
    digest = load_configuration(files).digest
    pointer = _pointer(connection)
    if based_on is not None and based_on != _serving(connection):
        raise _conflict(pointer)
    known = connection.scalar(select(revision.c.id).where(revision.c.digest == digest))
    mended = known is not None and _mend(connection, known, digest, files)
    if pointer is not None and pointer.revision_id == known:
        return Published(pointer.revision_id, changed=mended)
    if known is None:
        known = connection.scalar(
            insert(revision)
            .values(digest=digest, files=dict(files), note=note, author=author, created_at=now)
            .returning(revision.c.id)
        )
        assert known is not None
    _point(connection, pointer, known, author, now)
    return Published(known, changed=True)


def rollback(
    connection: Connection, revision_id: int | None, author: str, now: datetime
) -> Published:
    """Make an older revision live again; None means the one that was live before this one.

    Raises UnknownRevision, or RevisionUnreadable when callers could not be served with it.
    """
    pointer = _pointer(connection)
    if pointer is None:
        raise NotPublished("Nothing is published yet, so there is nothing to roll back.")
    target = pointer.previous_id if revision_id is None else revision_id
    if target is None:
        raise UnknownRevision("There is no revision before the live one; name one by its number.")
    load(connection, target)
    if target == pointer.revision_id:
        return Published(target, changed=False)
    _point(connection, pointer, target, author, now)
    return Published(target, changed=True)


def live(connection: Connection) -> Live:
    """What serves callers now, compiled once in a process for each revision.

    When the live revision cannot be read, the one before it serves the callers, or else the
    newest that can be read, and an error is logged. Raises NotPublished.
    """
    pointer = _pointer(connection)
    if pointer is None:
        raise NotPublished("Nothing is published yet; run: ivr config publish")
    first = (pointer.revision_id, pointer.digest)
    for revision_id, digest in chain([first], _stand_ins(connection, pointer)):
        with suppress(RevisionUnreadable):  # Logged where it is noticed.
            return Live(revision_id, _load(connection, revision_id, digest))
    raise NothingReadable("No published revision can be read; publish the configuration again.")


def load(connection: Connection, revision_id: int) -> Configuration:
    """One revision, compiled. Raises UnknownRevision or RevisionUnreadable."""
    digest = connection.scalar(select(revision.c.digest).where(revision.c.id == revision_id))
    if digest is None:
        raise UnknownRevision(f"There is no revision {revision_id}; see: ivr config list")
    return _load(connection, revision_id, digest)


def history(connection: Connection) -> tuple[Revision, ...]:
    """Every revision, the newest first."""
    pointer = _pointer(connection)
    rows = connection.execute(
        select(
            revision.c.id,
            revision.c.digest,
            revision.c.note,
            revision.c.author,
            revision.c.created_at,
        ).order_by(revision.c.id.desc())
    )
    live_id = pointer.revision_id if pointer else None
    return tuple(Revision(*row, live=row.id == live_id) for row in rows)


@dataclass(frozen=True)
class _Pointer:
    revision_id: int
    previous_id: int | None
    digest: str


def _pointer(connection: Connection) -> _Pointer | None:
    row = connection.execute(
        select(live_revision.c.revision_id, live_revision.c.previous_id, revision.c.digest).join(
            revision, revision.c.id == live_revision.c.revision_id
        )
    ).one_or_none()
    return _Pointer(*row) if row else None


def _point(
    connection: Connection,
    pointer: _Pointer | None,
    becomes: int,
    author: str,
    now: datetime,
) -> None:
    """Move the pointer, unless somebody else has moved it since it was read."""
    values = {"revision_id": becomes, "changed_at": now, "changed_by": author}
    if pointer is None:
        connection.execute(insert(live_revision).values(id=1, **values))
        return
    moved = connection.execute(
        update(live_revision)
        .where(live_revision.c.revision_id == pointer.revision_id)
        .values(previous_id=pointer.revision_id, **values)
    )
    if moved.rowcount != 1:
        raise _conflict(_pointer(connection))


def _serving(connection: Connection) -> int | None:
    try:
        return live(connection).revision_id
    except NotPublished:
        return None


def _conflict(pointer: _Pointer | None) -> PublishConflict:
    live_now = f"Revision {pointer.revision_id} is live now" if pointer else "Nothing is live now"
    return PublishConflict(f"{live_now}; look at the difference and publish again.")


def _stand_ins(connection: Connection, pointer: _Pointer) -> Iterator[tuple[int, str]]:
    """The other revisions, the one that was live before first, then the newest."""
    was_live_before = revision.c.id == pointer.previous_id
    rows = connection.execute(
        select(revision.c.id, revision.c.digest)
        .where(revision.c.id != pointer.revision_id)
        .order_by(was_live_before.desc(), revision.c.id.desc())
    )
    yield from ((row.id, row.digest) for row in rows.all())


def _load(connection: Connection, revision_id: int, digest: str) -> Configuration:
    key = (revision_id, digest)
    found = _compiled.get(key)
    if found is not None:
        return found
    try:
        compiled = _compile(connection, revision_id, digest)
    except RevisionUnreadable as unreadable:
        if key not in _noticed:
            _noticed.add(key)
            log.error("configuration_unreadable", revision=revision_id, why=str(unreadable))
        raise
    _noticed.discard(key)
    while len(_compiled) >= _MOST_COMPILED:
        _compiled.pop(next(iter(_compiled)), None)
    _compiled[key] = compiled
    return compiled


def _compile(connection: Connection, revision_id: int, digest: str) -> Configuration:
    """Damage is looked for each time, since it may be mended; what is intact and yet cannot be
    loaded stays so for as long as this process runs its release."""
    files = _intact_files(connection, revision_id, digest)
    key = (revision_id, digest)
    if key in _not_for_us:
        raise RevisionUnreadable(_not_for_us[key])
    try:
        return load_published(files)
    except (ConfigurationProblems, LookupError, ValueError) as problems:
        _not_for_us[key] = f"Revision {revision_id} is not for this release: {problems}"
        raise RevisionUnreadable(_not_for_us[key]) from problems


def _intact_files(connection: Connection, revision_id: int, digest: str) -> Files:
    """The files of a revision, once they are what their digest says; or RevisionUnreadable."""
    try:
        files = connection.scalar(select(revision.c.files).where(revision.c.id == revision_id))
    except ValueError as damaged:
        raise RevisionUnreadable(f"Revision {revision_id} is damaged.") from damaged
    if not isinstance(files, dict) or digest_of(files) != digest:
        raise RevisionUnreadable(f"Revision {revision_id} is damaged.")
    return files


def _mend(connection: Connection, revision_id: int, digest: str, files: Files) -> bool:
    """Write the files again where what is stored is not what the digest says."""
    try:
        _intact_files(connection, revision_id, digest)
    except RevisionUnreadable:
        mended = update(revision).where(revision.c.id == revision_id).values(files=dict(files))
        connection.execute(mended)
        return True
    return False
