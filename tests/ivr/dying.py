"""Workers that are killed in mid-work: everything up to a point happens, and nothing after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import ivr.distribution
from ivr.acd import offers


class Killed(BaseException):
    """The process is gone; nothing catches this, as nothing catches SIGKILL."""


class DyingTelephony:
    """The real telephony, up to one request: killed before the carrier is asked, or just after."""

    def __init__(self, telephony: Any, request: str, *, asks: bool) -> None:
        self._telephony = telephony
        self._request = request
        self._asks = asks

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._telephony, name)
        if name != self._request:
            return real

        def killed(*args: Any) -> None:
            if self._asks:
                real(*args)
            raise Killed

        return killed


@contextmanager
def before_commit_of_an_offer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Killed in the transaction that makes an offer, when all of it is written."""
    real = offers.make_offer

    def killed(*args: Any) -> None:
        assert real(*args) is not None
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(offers, "make_offer", killed)
        yield


@contextmanager
def instead_of_sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Killed when the offer is committed, before any request is claimed."""

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(ivr.distribution, "send_due", killed)
        yield
