"""Bridges: two legs whose phones hear each other."""

from dataclasses import dataclass

from ivr.carrier.legs import Leg
from ivr.carrier.office import Office


@dataclass(eq=False)
class Bridge:
    """Lives from the moment both can talk until one leaves; both legs' scripts are poked then."""

    office: Office
    first: Leg
    second: Leg
    began_at: float
    ended_at: float | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None

    @property
    def seconds(self) -> int:
        return round(
            (self.ended_at if self.ended_at is not None else self.office.now()) - self.began_at
        )

    def other(self, leg: Leg) -> Leg:
        return self.second if leg is self.first else self.first

    def end(self) -> None:
        if self.over:
            return
        self.ended_at = self.office.now()
        self.office.ledger.add(
            "unbridged", calls=[self.first.sid, self.second.sid], seconds=self.seconds
        )
        for leg in (self.first, self.second):
            leg.bridge = None
            leg.phone.note("parted", **{"from": self.other(leg).phone.number})
            leg.poke()


def connect(office: Office, first: Leg, second: Leg) -> Bridge:
    bridge = Bridge(office, first, second, office.now())
    first.bridge = second.bridge = bridge
    office.ledger.add(
        "bridged", calls=[first.sid, second.sid], phones=[first.phone.number, second.phone.number]
    )
    for leg in (first, second):
        leg.phone.note("joined", **{"with": bridge.other(leg).phone.number})
        leg.poke()
    return bridge
