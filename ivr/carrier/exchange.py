"""The exchange: numbers, phones, calls, queues and rooms of one account, ordered by one clock."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ivr.carrier.assumptions import Assumptions
from ivr.carrier.calling import call_in
from ivr.carrier.couriers import send_again
from ivr.carrier.faults import Faults
from ivr.carrier.ledger import Entry, Ledger
from ivr.carrier.numbers import OwnNumber, add_number
from ivr.carrier.office import Credentials, Office
from ivr.carrier.phones import Phone
from ivr.carrier.rest import create_rest_app
from ivr.carrier.sids import Sids
from ivr.carrier.tasks import Driver
from ivr.carrier.transport import Transport
from ivr.carrier.virtual import VirtualTime

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

T = TypeVar("T")

TWILIO = "https://api.twilio.com"


class Timekeeper(Driver, Protocol):
    """A driver as the exchange uses it: virtual time, or real time with its loop."""

    def clock(self) -> datetime: ...
    def do(self, action: Callable[[], T]) -> T: ...
    def run_until(self, predicate: Callable[[], bool], within: float) -> bool: ...


class Exchange:
    """A phone company in memory. In virtual time nothing moves but by `run_for`, `run_until` and
    the phones.

    `rest_app` is the REST API, BASE/api/2010-04-01/…, as a WSGI application; mount
    WsgiAdapter(rest_app) on a session.
    """

    def __init__(  # noqa: PLR0913  what one phone company is made of
        self,
        account_sid: str,
        auth_token: str,
        transport: Transport,
        starts_at: datetime,
        seed: int = 0,
        *,
        assume: Assumptions | None = None,
        ledger_path: Path | None = None,
    ) -> None:
        timekeeper = VirtualTime(transport, starts_at)
        self._open(Credentials(account_sid, auth_token), timekeeper, seed, assume, ledger_path)

    @classmethod
    def in_real_time(
        cls,
        credentials: Credentials,
        timekeeper: Timekeeper,
        seed: int = 0,
        ledger_path: Path | None = None,
    ) -> "Exchange":
        """An exchange that a loop of its own drives (realtime.py)."""
        exchange = cls.__new__(cls)
        exchange._open(credentials, timekeeper, seed, None, ledger_path)
        return exchange

    def _open(
        self,
        credentials: Credentials,
        timekeeper: Timekeeper,
        seed: int,
        assume: Assumptions | None,
        ledger_path: Path | None,
    ) -> None:
        self.timekeeper = timekeeper
        self.ledger = Ledger(timekeeper.clock, ledger_path)
        self.faults = Faults(seed)
        self.office = Office(
            credentials,
            timekeeper,
            timekeeper.clock,
            self.ledger,
            self.faults,
            Sids(seed),
            TWILIO,
            self._phone_at,
            assume or Assumptions(),
        )
        self.rest_app: WSGIApplication = create_rest_app(self.office, timekeeper.do)

    def clock(self) -> datetime:
        """The carrier's time now, aware UTC; the service under test shares it."""
        return self.timekeeper.clock()

    @property
    def credentials(self) -> Credentials:
        """Account, tokens and API key; `promote_secondary()` ends a rotation."""
        return self.office.credentials

    @property
    def calls_per_second(self) -> float:
        """How many REST-created calls start in a second; excess waits."""
        return self.office.calls_per_second

    @calls_per_second.setter
    def calls_per_second(self, calls: float) -> None:
        self.office.calls_per_second = calls

    def add_number(
        self,
        number: str,
        voice_url: str = "",
        status_callback: str = "",
        voice_fallback_url: str = "",
    ) -> OwnNumber:
        """Own `number`. Its URLs can be changed later here or by REST (IncomingPhoneNumbers)."""
        own = add_number(self.office, number)
        own.voice_url = voice_url
        own.status_callback = status_callback
        own.voice_fallback_url = voice_fallback_url
        return own

    def phone(self, number: str, name: str | None = None) -> Phone:
        """The telephone with that number, made when first asked for; `client:ann` is one too."""
        phone = self._phone_at(number)
        if name is not None:
            phone.name = name
        return phone

    def every(self, seconds: float, action: Callable[[], object]) -> None:
        """Run `action` again and again (the service's worker)."""

        def again() -> None:
            action()
            self.timekeeper.after(seconds, again)

        self.timekeeper.after(seconds, again)

    def run_for(self, seconds: float) -> None:
        self.timekeeper.run_until(lambda: False, seconds)

    def run_until(self, predicate: Callable[[], bool], within: float = 30) -> bool:
        """Let time run until the predicate holds; False when it did not within so many seconds."""
        return self.timekeeper.run_until(predicate, within)

    def replay(self, entry: Entry) -> None:
        """Deliver the request of a ledger entry again, byte for byte, with its old signature."""
        self.do(lambda: send_again(self.office, entry["n"]))

    # What phones need of their exchange.

    def call_in(self, phone: Phone, to: str, forwarded_from: str = "") -> None:
        call_in(self.office, phone, to, forwarded_from)

    def do(self, action: Callable[[], Any]) -> Any:
        """Run `action` where the exchange's state may be touched."""
        return self.timekeeper.do(action)

    def _phone_at(self, number: str) -> Phone:
        phone = self.office.phones.get(number)
        if phone is None:
            phone = self.office.phones[number] = Phone(number, number, self.office, self)
        return phone
