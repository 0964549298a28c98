"""`ivr phone`: a telephone in the terminal, on the simulated carrier."""

import os
import sys
import threading
from pathlib import Path

import click
import requests

from ivr.carrier.transcripts import transcript_of

HELP = """Type and press Enter:
  dial NUMBER      call one of the numbers below        answer, reject, hangup
  4 or 100100#     press keys                           say TEXT   speak
  /save FILE       save this call as a transcript       quit
"""
POLL_SECONDS = 20


class TerminalPhone:
    """Shows what the telephone hears, and does what is typed."""

    def __init__(self, carrier: str, number: str) -> None:
        self._carrier = carrier.rstrip("/")
        self._number = number
        self._events: list[dict[str, object]] = []
        self._over = threading.Event()

    def numbers(self) -> list[str]:
        return list(requests.get(f"{self._carrier}/numbers", timeout=5).json())

    def listen(self) -> None:
        """Print what happens, from another thread, until the telephone is put away."""
        while not self._over.is_set():
            try:
                self._hear(POLL_SECONDS)
            except requests.RequestException:
                self._over.wait(1)

    def stop(self) -> None:
        self._over.set()

    def do(self, line: str) -> bool:
        """Carry out one typed line; False when it says quit."""
        word, _, rest = line.strip().partition(" ")
        match word:
            case "":
                pass
            case "quit" | "exit":
                return False
            case "help" | "?":
                click.echo(HELP)
            case "dial":
                self._act("dial", to=rest)
            case "answer" | "reject" | "hangup":
                self._act(word)
            case "say":
                self._act("speak", text=rest)
            case "/save":
                self._save(rest)
            case _ if set(word) <= set("0123456789*#w"):
                self._act("press", keys=word)
            case _:
                click.echo(f"{word!r} is nothing a telephone can do; type help.")
        return True

    def _save(self, name: str) -> None:
        try:
            Path(name).write_text(transcript_of(self._events), encoding="utf-8")
        except OSError as error:
            click.echo(f"{name or 'A file without a name'} could not be written: {error.strerror}")
        else:
            click.echo(f"Saved {name}")

    def _hear(self, wait: int) -> None:
        address = f"{self._carrier}/phones/{self._number}/events"
        asked = {"after": len(self._events), "wait": wait}
        for event in requests.get(address, params=asked, timeout=wait + 5).json()["events"]:
            self._events.append(event)
            shown = _shown(event)
            if shown:
                click.echo(shown)

    def _act(self, action: str, **asked: str) -> None:
        address = f"{self._carrier}/phones/{self._number}/{action}"
        answer = requests.post(address, json=asked, timeout=5)
        if not answer.ok:
            click.echo("The carrier did not understand that; type help.")


def _shown(event: dict[str, object]) -> str:
    match event["event"]:
        case "heard":
            return f"  < {event['text']}"
        case "ringing":
            return f"  * rings: {event['from']} (answer or reject)"
        case "ended":
            return f"  * the call is over ({event['status']})"
        case _:
            return ""


@click.command()
@click.option("--number", default="+12125550177", show_default=True, help="Whose telephone it is.")
@click.option("--carrier", default=None, help="Where the carrier is (the demonstration's).")
def phone(number: str, carrier: str | None) -> None:
    """A telephone in the terminal: dial, listen, press keys, save the call as a test."""
    port = int(os.environ.get("PORT", "8080")) + 1
    telephone = TerminalPhone(carrier or f"http://127.0.0.1:{port}", number)
    try:
        ours = telephone.numbers()
    except requests.RequestException:
        raise click.ClickException("No carrier answers; is `make demo` running?") from None
    click.echo(f"{HELP}Numbers: {', '.join(ours)}")
    threading.Thread(target=telephone.listen, daemon=True).start()
    for line in sys.stdin:
        if not telephone.do(line):
            break
    telephone.stop()
