"""`ivr taskrouter`: the carrier's workspace made from our configuration, and kept like it."""

import json

import click

from ivr.acd.router_plan import Addresses, PartChange
from ivr.acd.router_setup import apply as apply_changes
from ivr.acd.router_setup import plan as plan_changes
from ivr.app import make_services
from ivr.cli.options import as_json_option
from ivr.cli.serve import telephony_settings
from ivr.services import Services
from ivr.telephony import CarrierBusy, CarrierRefused, CarrierUnreachable
from ivr.twilio.links import TwilioLinks


@click.group()
def taskrouter() -> None:
    """TaskRouter's workspace, for `distributor: taskrouter`: queues, workflow and workers."""


@taskrouter.command()
@as_json_option
def plan(as_json: bool) -> None:
    """Show what would be made and changed, and what is there that nobody asked for."""
    changes = _plan(make_services(telephony_settings()))
    for change in changes:
        _show(change, as_json)
    if not changes and not as_json:
        click.echo("Everything is as it should be.")


@taskrouter.command()
@click.option("--yes", is_flag=True, help="Do it without asking.")
@as_json_option
def apply(yes: bool, as_json: bool) -> None:
    """Make and change what has to be; a second time changes nothing."""
    services = make_services(telephony_settings())
    needed = [change for change in _plan(services) if change.is_needed]
    if needed and not yes and not as_json:
        for change in needed:
            _show(change, as_json)
        click.confirm(f"Make {len(needed)} changes at the carrier?", abort=True)
    try:
        apply_changes(
            services.engine,
            services.task_router,
            _addresses(services),
            lambda change: _show(change, as_json),
        )
    except (CarrierRefused, CarrierBusy, CarrierUnreachable) as error:
        raise click.ClickException(f"Not everything was changed: {error}") from None
    if not needed and not as_json:
        click.echo("Nothing had to be changed.")


def _plan(services: Services) -> list[PartChange]:
    try:
        return plan_changes(services.engine, services.task_router, _addresses(services))
    except (CarrierRefused, CarrierBusy, CarrierUnreachable) as error:
        raise click.ClickException(f"The workspace could not be read: {error}") from None


def _addresses(services: Services) -> Addresses:
    links = TwilioLinks(services.settings.public_base_url)
    return Addresses(links.assignment(), links.router_events())


def _show(change: PartChange, as_json: bool) -> None:
    part = change.part
    what = "extra" if not change.is_needed else "create" if change.had is None else "change"
    if as_json:
        settings = {name: {"had": h, "wants": w} for name, (h, w) in change.settings.items()}
        shown = {"kind": part.kind.value, "name": part.name, "what": what, "settings": settings}
        click.echo(json.dumps(shown))
        return
    sentence = {
        "create": "is to be made",
        "change": f"is to be changed: {', '.join(change.settings)}",
        "extra": "is there, though nobody asked for it; it is left alone",
    }[what]
    click.echo(f"{part.kind.value} {part.name}  {sentence}")
