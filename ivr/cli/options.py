"""What the same option means, whichever command takes it."""

from datetime import UTC, datetime

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

# Scripts may say --yes to every command that changes something, also to one that never asks.
never_asks_option = click.option(
    "--yes", is_flag=True, expose_value=False, help="Ask nothing (nothing is asked anyway)."
)


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant with its offset from UTC; the value is in UTC."""

    name = "ISO"

    def convert(
        self, value: str, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant, like 2026-03-06T18:00+01:00.", param, context)
        if instant.tzinfo is None:
            self.fail(f"{value!r} has no offset from UTC; end it with Z or +01:00.", param, context)
        return instant.astimezone(UTC)
