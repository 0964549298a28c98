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

    if not _driver_starts():
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _driver_starts() -> bool:
    """Playwright brings a Node.js of its own, which wants a library that a bare Debian lacks."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _install() -> None:
    packages = []
    if not _driver_starts():
        packages += ["libatomic1"]
    if find() is None:
        packages += ["chromium", "fonts-liberation"]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Tests need a browser: installing Debian's {' and '.join(packages)} ...", flush=True)
        _apt_get("update", "-qq")
        _apt_get("install", "-qq", "--yes", "--no-install-recommends", *packages)
    if _driver_starts() and find() is None:
        print("Tests need a browser: asking Playwright for its own ...", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _apt_get(*words: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *words], check=False, env=quiet, stdout=subprocess.DEVNULL)


def main() -> int:
    _install()
    missing = []
    if not _driver_starts():
        missing.append("Playwright's driver does not start (Debian: apt-get install libatomic1)")
    if find() is None:
        missing.append("there is no Chromium on PATH (Debian: apt-get install chromium)")
    if missing:
        print(f"NO BROWSER, so this run fails: {'; '.join(missing)}.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
