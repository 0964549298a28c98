"""`ivr carrier`: the simulated carrier as a process of its own."""

from pathlib import Path

import click

from ivr.carrier.office import Credentials
from ivr.carrier.process import Carrier, Plan


def _named(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """`+E164=Name`, several times."""
    wrong = [value for value in values if not value.startswith("+") or "=" not in value]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not +E164=Name")
    return dict(value.split("=", 1) for value in values)


@click.command()
@click.option("--port", type=int, default=8081, show_default=True)
@click.option("--account-sid", required=True, help="The account whose REST API this is.")
@click.option("--auth-token", required=True, help="Signs the requests it makes.")
@click.option("--api-key-sid", default="", help="An API key that may use the REST API too.")
@click.option("--api-key-secret", default="", help="Its secret.")
@click.option("--number", "numbers", multiple=True, help="A number of the account, in E.164.")
@click.option("--phone", "phones", multiple=True, callback=_named, help="It rings: +E164=Name.")
@click.option("--ledger", type=click.Path(dir_okay=False, path_type=Path), help="Keep it here too.")
@click.option("--speed", type=float, default=1.0, help="Speech, music, ringing this much faster.")
def carrier(  # noqa: PLR0913, PLR0917  # One parameter per option of the command.
    port: int,
    account_sid: str,
    auth_token: str,
    api_key_sid: str,
    api_key_secret: str,
    numbers: tuple[str, ...],
    phones: dict[str, str],
    ledger: Path | None,
    speed: float,
) -> None:
    """A telephone company on this machine: Twilio's protocol in both directions."""
    credentials = Credentials(
        account_sid, auth_token, api_key_sid=api_key_sid, api_key_secret=api_key_secret
    )
    if speed <= 0:
        raise click.BadParameter("a number above 0", param_hint="--speed")
    Carrier(Plan(credentials, port, numbers, phones, ledger, speed)).serve()
