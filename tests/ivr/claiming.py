"""One of the processes that all distribute the same queue; run by test_claims as a program."""

import sys
import time
from datetime import UTC, datetime

from sqlalchemy import select

from ivr.acd import offers
from ivr.acd.builtin import distribute
from ivr.acd.technicians import end_states_that_are_over
from ivr.configuration.directory import PROJECT_DIRECTORY, read_directory
from ivr.configuration.loader import load_configuration
from ivr.store.acd import OfferState, offer
from ivr.store.engine import open_engine, writing

LONGEST_SECONDS = 150


def claim(database_url: str, wanted: int) -> int:
    """Offer, then withdraw what is on offer, until `wanted` offers are made; returns how many."""
    engine = open_engine(database_url)
    configuration = load_configuration(read_directory(PROJECT_DIRECTORY))
    made = 0
    until = time.monotonic() + LONGEST_SECONDS
    while made < wanted and time.monotonic() < until:
        now = datetime.now(UTC)
        with writing(engine) as connection:
            made += distribute(connection, configuration, now)
        with writing(engine) as connection:
            pending = select(offer.c.id).where(offer.c.state == OfferState.PENDING).limit(20)
            for (offer_id,) in connection.execute(pending.with_for_update(skip_locked=True)).all():
                found = offers.find_offer(connection, offer_id)
                if found is not None:
                    offers.withdraw(connection, found.call_sid, now, "the next round")
            end_states_that_are_over(connection, now)
    engine.dispose()
    return made


if __name__ == "__main__":
    sys.stdout.write(f"{claim(sys.argv[1], int(sys.argv[2]))}\n")
