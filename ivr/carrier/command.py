"""`ivr carrier`: the simulated carrier as a process of its own."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.carrier.exchange import Exchange
from ivr.carrier.http import HttpTransport
from ivr.carrier.office import Credentials
from ivr.carrier.realtime import RealTime
from ivr.carrier.rest.app import PRODUCT
from ivr.carrier.switchboard import create_switchboard

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class QuietHandler(WSGIRequestHandler):
    """Says nothing of each request; the ledger does."""

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            super().log(type, message, *args)


@click.command()
@click.option("--port", type=int, default=8081, show_default=True)
@click.option("--account-sid", required=True, help="The account whose REST API this is.")
@click.option("--auth-token", required=True, help="Signs the requests it makes.")
@click.option("--number", "numbers", multiple=True, help="A number of the account, in E.164.")
@click.option("--phone", "phones", multiple=True, help="A telephone that rings: +E164=Name.")
@click.option("--ledger", type=click.Path(dir_okay=False, path_type=Path), help="Keep it here too.")
@click.option("--speed", type=float, default=1.0, help="Speech and music this much faster.")
def carrier(  # noqa: PLR0913, PLR0917  # One parameter per option of the command.
    port: int,
    account_sid: str,
    auth_token: str,
    numbers: tuple[str, ...],
    phones: tuple[str, ...],
    ledger: Path | None,
    speed: float,
) -> None:
    """A telephone company on this machine: Twilio's protocol in both directions."""
    timekeeper = RealTime(HttpTransport())
    credentials = Credentials(account_sid, auth_token)
    exchange = Exchange.in_real_time(credentials, timekeeper, ledger_path=ledger)
    exchange.office.speed = speed
    registered = dict(phone.split("=", 1) for phone in phones if "=" in phone)
    for number in numbers:
        exchange.add_number(number)
    for number, name in registered.items():
        exchange.phone(number, name)
    timekeeper.start()
    switchboard = create_switchboard(exchange, list(numbers), registered)
    app = _by_path(exchange.rest_app, switchboard)
    make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler).serve_forever()


def _by_path(rest: "WSGIApplication", others: "WSGIApplication") -> "WSGIApplication":
    """The REST API wants its whole path, so it is chosen here rather than mounted."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = rest if environ["PATH_INFO"].startswith(f"{PRODUCT}/") else others
        return chosen(environ, start_response)

    return app
