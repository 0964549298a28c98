"""`ivr supervise`: hear a call that is going on, speak to its technician, or join it."""

import json
from datetime import UTC, datetime

import click

from ivr.acd.company import Supervision, supervise
from ivr.cli.database import database
from ivr.cli.importing import configuration
from ivr.cli.options import as_json_option, never_asks_option
from ivr.errors import Refusal
from ivr.store.engine import writing
from ivr.store.rooms import GuestRole

ROLES = [role.value for role in GuestRole if role is not GuestRole.DUTY_MANAGER]


@click.command("supervise")
@click.argument("call")
@click.option("--as", "role", type=click.Choice(ROLES), required=True, help="How to take part.")
@click.option("--phone", required=True, help="The telephone to ring, one of a technician's, E.164.")
@click.option("--who", help="The e-mail address of whose telephone it is, to be sure.")
@never_asks_option
@as_json_option
def supervise_call(call: str, role: str, phone: str, who: str | None, as_json: bool) -> None:
    """Ring a telephone into CALL: to listen, to whisper to the technician alone, or to join.

    Whoever answers presses 1 to come in, and leaves by hanging up; the call goes on without them.
    """
    asked = Supervision(GuestRole(role), phone, who)
    with database() as engine, writing(engine) as connection:
        try:
            known = configuration(connection)
            invited = supervise(connection, known, call, asked, datetime.now(UTC))
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
    told = {"guest": invited.id, "call_sid": call, "as": role, "phone": phone}
    click.echo(json.dumps(told) if as_json else f"{phone} is being rung.")
