"""`ivr`: the service from the command line, a module per family of commands."""

import importlib

import click

# Command, and where it is: a command that is not used is not imported.
COMMANDS = {
    "bench": "ivr.cli.bench:bench",
    "callbacks": "ivr.cli.callbacks:callbacks",
    "calls": "ivr.cli.calls:calls",
    "carrier": "ivr.carrier.command:carrier",
    "config": "ivr.cli.config:config",
    "conversations": "ivr.cli.conversations:conversations",
    "db": "ivr.cli.db:db",
    "demo": "ivr.cli.demo:demo",
    "explain": "ivr.cli.explain:explain",
    "numbers": "ivr.cli.numbers:numbers",
    "on-call": "ivr.cli.on_call:on_call",
    "order": "ivr.cli.order:order",
    "phone": "ivr.carrier.terminal:phone",
    "serve": "ivr.cli.serve:serve",
    "story": "ivr.cli.calls:story",
    "taskrouter": "ivr.cli.taskrouter:taskrouter",
    "supervise": "ivr.cli.supervise:supervise_call",
    "technicians": "ivr.cli.technicians:technicians",
    "tickets": "ivr.cli.tickets:tickets",
    "verify": "ivr.cli.verify:verify",
    "voicemail": "ivr.cli.voicemail:voicemail",
    "worker": "ivr.cli.serve:worker",
}


class LazyCommands(click.Group):
    """Finds a command by name and imports it then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyCommands)
@click.version_option(package_name="supportline", prog_name="ivr")
def main() -> None:
    """Supportline: a telephone line for technical support."""
