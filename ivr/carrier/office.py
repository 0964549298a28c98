"""The office: what all parts of one company share, its clock, book, faults, SIDs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ivr.carrier.assumptions import Assumptions
from ivr.carrier.codes import is_error, meaning
from ivr.carrier.faults import Faults
from ivr.carrier.ledger import ERROR, WARNING, Ledger
from ivr.carrier.legs import HungUp, Leg, Status
from ivr.carrier.sids import Sids
from ivr.carrier.tasks import Driver, Script, Task
from ivr.carrier.transport import Request

if TYPE_CHECKING:
    from ivr.carrier.numbers import OwnNumber
    from ivr.carrier.phones import Phone
    from ivr.carrier.queues import Queue
    from ivr.carrier.recordings import Recording
    from ivr.carrier.rooms import Room
    from ivr.carrier.taskrouter.model import Workspace

MAX_QUEUE = 1000


@dataclass
class Credentials:
    """Who may use the REST API, and with which token we sign: never the secondary."""

    account_sid: str
    auth_token: str
    secondary_token: str = ""
    api_key_sid: str = ""
    api_key_secret: str = ""

    def promote_secondary(self) -> None:
        """The rotation's last step: from now on we sign with what was the secondary token."""
        if not self.secondary_token:
            raise ValueError("there is no secondary token to promote")
        self.auth_token, self.secondary_token = self.secondary_token, ""


@dataclass(eq=False)
class Office:
    """No behaviour of the telephone here: only what several parts need from each other."""

    credentials: Credentials
    driver: Driver
    clock: Callable[[], datetime]
    ledger: Ledger
    faults: Faults
    sids: Sids
    rest_base_url: str
    find_phone: "Callable[[str], Phone]"
    assume: Assumptions = field(default_factory=Assumptions)
    # Media and ringing pass this much faster than life; deadlines of people and of HTTP do not.
    speed: float = 1.0
    calls_per_second: float = 1.0
    next_call_slot: float = 0.0
    legs: dict[str, Leg] = field(default_factory=dict)
    numbers: "dict[str, OwnNumber]" = field(default_factory=dict)
    phones: "dict[str, Phone]" = field(default_factory=dict)
    queues: "dict[str, Queue]" = field(default_factory=dict)
    rooms: "dict[str, Room]" = field(default_factory=dict)
    recordings: "dict[str, Recording]" = field(default_factory=dict)
    workspaces: "dict[str, Workspace]" = field(default_factory=dict)
    sent: dict[int, Request] = field(default_factory=dict)
    media: dict[str, Any] = field(default_factory=dict)

    @property
    def account_sid(self) -> str:
        return self.credentials.account_sid

    def now(self) -> float:
        return self.driver.now()

    def moment(self, seconds: float) -> datetime:
        """The instant that lies at `seconds` of the exchange's time."""
        return self.clock() + timedelta(seconds=seconds - self.now())

    def spawn(self, script: "Script[Any]") -> Task:
        return Task(self.driver, script)

    def paced(self, seconds: float) -> float:
        return seconds / self.speed

    def problem(self, code: int, sentence: str = "", *, call: str = "", url: str = "") -> None:
        """What Twilio would show in its error log."""
        self.ledger.add(
            ERROR if is_error(code) else WARNING,
            code=code,
            message=meaning(code),
            detail=sentence,
            call=call,
            url=url,
        )

    def hang_up(self, leg: Leg, by: str, status: Status | None = None) -> None:
        """End a leg, now; its script learns of it at its next step. One that is over stays so."""
        if leg.over:
            return
        leg.status = status or (Status.COMPLETED if leg.answered else Status.CANCELED)
        leg.ended_at = self.now()
        self.ledger.add(
            "ended",
            call=leg.sid,
            status=leg.status.value,
            seconds=leg.duration,
            by=by,
            phone=leg.phone.number,
        )
        leg.phone.leg_ended(leg)
        if leg.task is not None:
            leg.task.interrupt(HungUp())
