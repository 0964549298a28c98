"""The browser that tests drive: found where the machine has one, else installed.

`python -m tests.browser` is the step of `make test` that makes sure of one: Chromium on PATH, else
Debian's package when we are root, else Playwright's own download. Without any it says so and fails.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A container has no user namespaces for the sandbox; the rest keeps Chromium from phoning home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> Path | None:
    """The browser's program, or None when this machine has none yet."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return _playwrights_own()


def _playwrights_own() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Tests need a browser and there is none: installing Debian's chromium ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (
            ["update", "-qq"],
            ["install", "-qq", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"],
        ):
            subprocess.run(["apt-get", *words], check=False, env=quiet, stdout=subprocess.DEVNULL)
    if find() is None:
        print("Tests need a browser and there is none: asking Playwright for its own ...")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    if find() is None:
        _install()
    if find() is not None:
        return 0
    print(
        "NO BROWSER: the tests that drive one cannot run, so this run fails. Put Chromium on PATH"
        " (Debian: apt-get install chromium) and try again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
