"""PINs of technicians: made by us, kept as hashes, locked after too many wrong ones."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, select, update

from ivr.errors import NoSuchTechnician
from ivr.store.technicians import technician

FIGURES = 6
# Wrong PINs in a row, over all calls, after which only a new PIN helps.
MOST_FAILURES = 10
# The least that OWASP asks for: a small machine answers a caller in a tenth of a second.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def new_pin(connection: Connection, email: str) -> str:
    """Give a technician a fresh PIN, and return it the only time it is known. Unlocks, too."""
    pin = f"{secrets.randbelow(10**FIGURES):0{FIGURES}d}"
    changed = connection.execute(
        update(technician)
        .where(technician.c.email == email.strip().lower())
        .values(pin_hash=_hasher.hash(pin), pin_failures=0)
    )
    if not changed.rowcount:
        raise NoSuchTechnician(f"There is no technician with the e-mail address {email}.")
    return pin


def is_pin(connection: Connection, technician_id: int, pin: str) -> bool:
    """Whether this is the technician's PIN; counts the wrong ones, and locks after too many."""
    row = connection.execute(
        select(technician.c.pin_hash, technician.c.pin_failures).where(
            technician.c.id == technician_id
        )
    ).one()
    right = row.pin_failures < MOST_FAILURES and _matches(row.pin_hash, pin)
    failures = 0 if right else row.pin_failures + 1
    connection.execute(
        update(technician).where(technician.c.id == technician_id).values(pin_failures=failures)
    )
    return right


def _matches(pin_hash: str | None, pin: str) -> bool:
    try:
        return pin_hash is not None and _hasher.verify(pin_hash, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False
