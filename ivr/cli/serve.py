"""`ivr serve` and `ivr worker`: the two processes of the service."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import click
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ivr.app import make_services
from ivr.distribution import WORKER, beat, tick
from ivr.errors import NotPublished
from ivr.fallback import FallbackDocuments
from ivr.services import Services
from ivr.settings import Settings, SettingsRefused

log = structlog.get_logger()

PAUSE_SECONDS = 0.5
BEAT_SECONDS = 1.0
AFTER_TROUBLE_SECONDS = 2.0
GUNICORN_SETTINGS = Path(__file__).resolve().parents[2] / "config" / "gunicorn.conf.py"


def telephony_settings() -> Settings:
    """The environment of a process that takes calls, or every reason why it cannot."""
    try:
        return Settings.from_environment(os.environ).for_telephony()
    except SettingsRefused as refusal:
        raise click.ClickException(
            "\n".join(["The settings cannot be used:", *(f"  {p}" for p in refusal.problems)])
        ) from None


@click.command()
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8080")))
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address to listen at.")
def serve(port: int, bind: str) -> None:
    """Answer the carrier's webhooks, with gunicorn and the recommended settings."""
    telephony_settings()
    arguments = ["--config", str(GUNICORN_SETTINGS), "--bind", f"{bind}:{port}", "wsgi:app"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments])


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def worker(once: bool) -> None:
    """Do what is due: rings, timers, voicemail, mail. Several may run."""
    services = make_services(telephony_settings())
    if once:
        while tick(services):
            pass
        return
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    run_worker(services, stopping)


def run_worker(services: Services, stopping: threading.Event) -> None:
    """Tick until told to stop; a database that is out is waited for, not died of."""
    next_beat, fallback = 0.0, FallbackDocuments(services)
    while not stopping.is_set():
        pause = PAUSE_SECONDS
        try:
            if time.monotonic() >= next_beat:
                beat(services, WORKER)
                fallback.refresh()
                next_beat = time.monotonic() + BEAT_SECONDS
            if tick(services):
                pause = 0.0
        except (DBAPIError, PoolExhausted, NotPublished) as trouble:
            log.warning("worker waits", cause=type(trouble).__name__)
            pause = AFTER_TROUBLE_SECONDS
        stopping.wait(pause)
