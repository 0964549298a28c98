"""Answering machine detection (contract 1.11): who picked up, and how long it took to tell."""

from ivr.carrier.couriers import post
from ivr.carrier.legs import Address, Leg
from ivr.carrier.office import Office
from ivr.carrier.signing import Order
from ivr.carrier.tasks import Script, Sleep

_SECONDS = {"human": 2.0, "machine": 4.0}
_MESSAGE_END_SECONDS = 8.0


def detect(office: Office, leg: Leg, mode: str, address: Address | None = None) -> Script[str]:
    """`AnsweredBy`, after the time it takes; told to the address when there is one."""
    seconds = _SECONDS.get(leg.answered_by, 0.0)
    answered_by = leg.answered_by
    if answered_by == "machine":
        waits = mode == "DetectMessageEnd"
        answered_by = "machine_end_beep" if waits else "machine_start"
        seconds = _MESSAGE_END_SECONDS if waits else seconds
    yield Sleep(seconds)
    leg.answered_by = answered_by
    office.ledger.add("detected", call=leg.sid, answered_by=answered_by)
    if address is not None:
        fields = (
            ("AccountSid", office.account_sid),
            ("CallSid", leg.sid),
            ("AnsweredBy", answered_by),
            ("MachineDetectionDuration", str(int(seconds * 1000))),
        )
        post(office, Order("amd", address.url, address.method, fields, leg.sid))
    return answered_by
