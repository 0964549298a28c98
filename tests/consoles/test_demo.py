"""`make demo` as somebody new meets it: the calls of the README, in a browser and in terminals."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from ivr.carrier.transcripts import parse
from tests.browser import ARGUMENTS, find

START_SECONDS = 60
PICTURES = Path(__file__).parents[2] / "build" / "pictures"


def free_port() -> int:
    """A port that is free, with a free one after it."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports side by side")


@pytest.fixture(scope="module")
def carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration, running; the address of its telephones."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    environment = {**os.environ, "PORT": str(port), "INSTANCE": str(folder)}
    with (folder / "output").open("w+") as output:
        demo = subprocess.Popen(
            [sys.executable, "-m", "ivr", "demo"], env=environment, stdout=output, stderr=output
        )
        try:
            wait_until_up(demo, folder / "output")
            yield f"http://127.0.0.1:{port + 1}"
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)


def wait_until_up(demo: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while "The line is up" not in output.read_text():
        assert demo.poll() is None, output.read_text()
        assert time.monotonic() < until, output.read_text()
        time.sleep(0.2)


@pytest.fixture
def page(carrier: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(carrier)
        yield page
        browser.close()


def heard(page: Page, words: str, seconds: int = 30) -> None:
    caller = page.locator("#caller .heard")
    expect(caller).to_contain_text(re.compile(words, re.IGNORECASE), timeout=seconds * 1000)


def keys(page: Page, pressed: str) -> None:
    for key in pressed:
        page.locator(f'#caller .keypad button[data-key="{key}"]').click()


@pytest.mark.timeout(150)
def test_a_severity_1_caller_talks_to_the_technician_whose_phone_rings(
    page: Page, request: pytest.FixtureRequest
) -> None:
    page.fill("#dial input[name=to]", "+1 877 926 0001")
    page.click("#dial button")
    heard(page, "press 4")
    keys(page, "4")
    heard(page, "ticket number")
    keys(page, "100100#")
    heard(page, "connect you")
    sam = page.locator("article", has_text="Sam Whitfield")
    sam.locator(".answer").click(timeout=30_000)
    expect(sam.locator(".heard")).to_contain_text("Press 1 to accept", timeout=40_000)
    sam.locator('.keypad button[data-key="1"]').click()

    expect(sam.locator(".state")).to_have_text("on a call")
    page.wait_for_timeout(3000)
    if request.config.getoption("--pictures"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "telephones.png")
    page.locator("#caller .hangup").click()
    expect(sam.locator(".state")).to_have_text("on the hook", timeout=20_000)


@pytest.mark.timeout(150)
def test_a_customer_for_whom_it_is_night_hears_when_to_call_again(page: Page) -> None:
    page.fill("#dial input[name=from]", "+31612345678")
    page.fill("#dial input[name=to]", "+31203010888")
    page.click("#dial button")
    heard(page, "ticket number")
    keys(page, "100300#")

    heard(page, "support hours|Severity 1")
    heard(page, "call us again")
    heard(page, "after the tone")
    page.locator("#caller .hangup").click()


class Terminal:
    """`ivr phone`, typed into by a test."""

    def __init__(self, carrier: str, number: str) -> None:
        command = [sys.executable, "-m", "ivr", "phone", "--carrier", carrier, "--number", number]
        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._printed: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def types(self, line: str) -> "Terminal":
        assert self._program.stdin is not None
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()
        return self

    def shows(self, words: str, times: int = 1, seconds: float = 40) -> "Terminal":
        until = time.monotonic() + seconds
        while sum(words in line.casefold() for line in self._printed) < times:
            assert time.monotonic() < until, f"{words!r} was not shown: {self._printed}"
            time.sleep(0.1)
        return self

    def quits(self) -> None:
        self.types("quit")
        assert self._program.wait(10) == 0
        for stream in (self._program.stdin, self._program.stdout):
            assert stream is not None
            stream.close()

    def _read(self) -> None:
        assert self._program.stdout is not None
        with contextlib.suppress(ValueError):
            for line in self._program.stdout:
                self._printed.append(line)


@pytest.mark.timeout(150)
def test_three_wrong_numbers_end_with_the_help_desk_in_the_terminal_too(carrier: str) -> None:
    caller = Terminal(carrier, "+353861234567").shows("numbers:").types("dial +353 1 526 2938")
    for asked in (1, 2, 3):
        caller.shows("ticket number, then", times=asked).types("999999#")

    caller.shows("help desk").shows("goodbye").quits()


@pytest.mark.timeout(150)
def test_two_terminals_talk_and_the_call_is_saved_as_a_transcript(
    carrier: str, tmp_path: Path
) -> None:
    caller = Terminal(carrier, "+12125550188").shows("numbers:").types("dial +1 415 694 5700")
    caller.shows("press 4").types("4").shows("ticket number").types("100100#")
    sam = Terminal(carrier, "+12125550102").shows("rings").types("answer")
    sam.shows("press 1 to accept").types("1")
    caller.shows("connect you")
    time.sleep(3)
    page = tmp_path / "saved.txt"
    caller.types(f"/save {page}").shows("saved")
    caller.types("hangup").shows("the call is over").quits()
    sam.shows("the call is over").quits()

    text = page.read_text()
    assert "> dials +14156945700" in text
    assert "> presses 100100#" in text
    assert parse(text).actions
