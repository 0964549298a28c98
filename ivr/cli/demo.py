"""`ivr demo`: a whole line on this machine, with a simulated carrier, no account and no network."""

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from ivr.demonstration import DemoLine, prepare, welcome
from ivr.settings import Settings

START_SECONDS = 30
STOP_SECONDS = 10


@click.command()
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8080")))
def demo(port: int) -> None:
    """Bring up web, worker and simulated carrier; Ctrl-C stops all of it."""
    environment = demo_environment(port)
    os.environ.update(environment)
    line = DemoLine(port, Settings.from_environment(os.environ))
    prepare(line)
    processes: list[subprocess.Popen[bytes]] = []
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        processes.append(_ivr("carrier", *line.carrier_arguments()))
        line.wait_for_carrier(START_SECONDS)
        processes += [_ivr("serve", "--port", str(port)), _ivr("worker")]
        line.wait_for_service(START_SECONDS)
        line.point_numbers()
        click.echo(welcome(line))
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        raise click.ClickException("One of the processes has ended; see what it said above.")
    except KeyboardInterrupt:
        click.echo("\nStopping.")
    finally:
        _stop(processes)


def demo_environment(port: int) -> dict[str, str]:
    """The environment of the demonstration; its secrets are made afresh at every start."""
    instance = Path(os.environ.get("INSTANCE") or "instance").absolute()
    token = secrets.token_hex(16)
    return {
        "INSTANCE": str(instance),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": "AC" + "d" * 32,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{port + 1}",
        "SECRET_KEY": secrets.token_hex(32),
    }


def _ivr(*arguments: str) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches only us and the others end in order.
    return subprocess.Popen([sys.executable, "-m", "ivr", *arguments], start_new_session=True)


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
