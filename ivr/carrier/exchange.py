"""The exchange: numbers, phones, calls, queues and rooms of one account, ordered by one clock."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.carrier.faults import Faults
from ivr.carrier.ledger import Ledger
from ivr.carrier.phones import Phone
from ivr.carrier.transport import Transport

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Exchange:
    """A phone company in memory. In virtual time nothing moves but by `run_for`, `run_until` and the phones."""

    ledger: Ledger
    faults: Faults
    rest_app: "WSGIApplication"  # BASE/api/2010-04-01/…; mount WsgiAdapter(exchange.rest_app) on a session
    calls_per_second: float = 1.0  # REST-created calls start at this rate; excess waits

    def __init__(
        self, account_sid: str, auth_token: str, transport: Transport, starts_at: datetime, seed: int = 0
    ) -> None:
        raise NotImplementedError

    def clock(self) -> datetime:
        """The carrier's time now, aware UTC; the service under test shares it."""
        raise NotImplementedError

    def add_number(
        self,
        number: str,
        voice_url: str = "",
        status_callback: str = "",
        voice_fallback_url: str = "",
    ) -> None:
        """Own `number`. The URLs can be changed later by REST (IncomingPhoneNumbers)."""
        raise NotImplementedError

    def phone(self, number: str, name: str | None = None) -> Phone:
        """The telephone with that number; made when first asked for. `client:ann` is a browser phone."""
        raise NotImplementedError

    def every(self, seconds: float, action: Callable[[], object]) -> None:
        """Run `action` now and then (the service's worker), in virtual time."""
        raise NotImplementedError

    def run_for(self, seconds: float) -> None:
        raise NotImplementedError

    def run_until(self, predicate: Callable[[], bool], within: float = 30) -> bool:
        """Let time run until the predicate holds; False when it never did within so many seconds."""
        raise NotImplementedError
