"""Faults on demand: what a bad day does to callbacks, documents, media and the REST API."""

from collections.abc import Callable

from ivr.carrier.transport import Request

# A part of the URL, or a question about the request.
Matching = str | Callable[[Request], bool]


class Faults:
    """Each knob is turned for requests that match, `times` times (None = always), with a seeded `chance`."""

    def delay(self, matching: Matching, seconds: float, times: int | None = None, chance: float = 1.0) -> None:
        """The request leaves `seconds` late."""
        raise NotImplementedError

    def slow(self, matching: Matching, seconds: float, times: int | None = None, chance: float = 1.0) -> None:
        """The service gets the request at once, its answer takes `seconds` (beyond 15 it is an error)."""
        raise NotImplementedError

    def drop(self, matching: Matching, times: int | None = None, chance: float = 1.0) -> None:
        """The request never reaches the service."""
        raise NotImplementedError

    def lose_reply(self, matching: Matching, times: int | None = None, chance: float = 1.0) -> None:
        """The service does the work; its answer never arrives."""
        raise NotImplementedError

    def duplicate(self, matching: Matching, copies: int = 1, times: int | None = None, chance: float = 1.0) -> None:
        """The same bytes are delivered again, `copies` times more; only the first answer counts."""
        raise NotImplementedError

    def reorder(self, matching: Matching, within: float, times: int | None = None, chance: float = 1.0) -> None:
        """Each request leaves after a random part of `within` seconds, so they overtake each other."""
        raise NotImplementedError

    def rest(self, fault: str, method: str = "POST", path: str = "", times: int | None = 1, chance: float = 1.0) -> None:
        """`fault`: "429" or "500" (refused, nothing done) or "lost" (done, then the client's time-out)."""
        raise NotImplementedError

    def media_missing(self, seconds: float) -> None:
        """A recording's media is 404 for so long after it is complete."""
        raise NotImplementedError

    def media_short(self, times: int | None = 1) -> None:
        """The body ends half-way."""
        raise NotImplementedError

    def clear(self) -> None:
        """No faults any more."""
        raise NotImplementedError
