"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out. A naive datetime is refused with ValueError.

    SQLite keeps no zone, so UTC is written there without one and put back on reading;
    comparing and ordering in SQL then works alike on both databases.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; pass an aware datetime.")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(enum: type[StrEnum], name: str | None = None, *, checked: bool = True) -> Enum:
    """A String column that holds the words of `enum` and nothing else, by a CHECK constraint.

    Members go in and come out. `name` tells two columns of one table that hold the same
    enum apart; without it the constraint is named after the enum. A column that a migration adds
    to a table is not `checked`: SQLite cannot add a constraint to a table that is there.
    """
    return Enum(
        enum,
        name=name or enum.__name__.lower(),
        native_enum=False,
        create_constraint=checked,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )
