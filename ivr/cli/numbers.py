"""`ivr numbers`: what the carrier has configured for our lines, and setting it right."""

import json
from dataclasses import asdict

import click

from ivr.app import make_services
from ivr.cli.options import as_json_option
from ivr.cli.serve import telephony_settings
from ivr.numbers import NumberChange
from ivr.numbers import plan as plan_changes
from ivr.publishing import live
from ivr.services import Services
from ivr.store.engine import reading
from ivr.telephony import CarrierBusy, CarrierRefused, CarrierUnreachable
from ivr.twilio.links import TwilioLinks


@click.group()
def numbers() -> None:
    """Our numbers at the carrier: voice, status and fallback addresses."""


@numbers.command()
@as_json_option
def plan(as_json: bool) -> None:
    """Show what would be changed."""
    _show(_changes(make_services(telephony_settings())), as_json)


@numbers.command()
@click.option("--yes", is_flag=True, help="Do it without asking.")
@as_json_option
def apply(yes: bool, as_json: bool) -> None:
    """Change what has to be changed; a second time changes nothing."""
    services = make_services(telephony_settings())
    changes = _changes(services)
    needed = [change.wants for change in changes if change.is_needed and change.wants]
    if needed and not yes and not as_json:
        _show(changes, as_json=False)
        click.confirm(f"Change {len(needed)} numbers at the carrier?", abort=True)
    for number in needed:
        try:
            services.telephony.configure_number(number)
        except (CarrierRefused, CarrierBusy, CarrierUnreachable) as error:
            raise click.ClickException(f"{number.number} was not changed: {error}") from None
    _show(changes, as_json)


def _changes(services: Services) -> list[NumberChange]:
    links = TwilioLinks(services.settings.public_base_url)
    addresses = (links.incoming(), links.status(), links.fallback())
    with reading(services.engine) as connection:
        configuration = live(connection).configuration
    ours = {*configuration.lines, *filter(None, [configuration.technician_line])}
    try:
        owned = services.telephony.numbers()
    except (CarrierRefused, CarrierBusy, CarrierUnreachable) as error:
        raise click.ClickException(f"The carrier does not list our numbers: {error}") from None
    return plan_changes(ours, owned, addresses)


def _show(changes: list[NumberChange], as_json: bool) -> None:
    for change in changes:
        if as_json:
            state = {"missing": change.is_missing, "change": change.is_needed}
            click.echo(json.dumps({"number": change.number, **state, "had": _plain(change)}))
        elif change.is_missing:
            click.secho(f"{change.number}  is not a number of this account", fg="red")
        elif change.is_needed:
            click.secho(f"{change.number}  is to be pointed at this service", fg="yellow")
        else:
            click.echo(f"{change.number}  is as it should be")


def _plain(change: NumberChange) -> dict[str, str] | None:
    return asdict(change.had) if change.had else None
