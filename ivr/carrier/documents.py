"""Documents: asking the service what to do next, and what the carrier makes of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urljoin

from ivr.carrier.attributes import is_absolute, is_url
from ivr.carrier.couriers import TOO_MANY_REDIRECTS, fetch, is_success
from ivr.carrier.grammar import (
    QUEUE_WHISPER_VERBS,
    ROOM_WAIT_VERBS,
    WAIT_VERBS,
    WHISPER_VERBS,
)
from ivr.carrier.legs import Address, Inline, Leg, Source
from ivr.carrier.office import Office
from ivr.carrier.parameters import standard
from ivr.carrier.signing import Order
from ivr.carrier.sound import AUDIO_TYPES, seconds_of
from ivr.carrier.tasks import Script
from ivr.carrier.transport import Reply
from ivr.carrier.twiml import LARGEST_DOCUMENT, BadDocument, Verb, read_twiml

Fields = tuple[tuple[str, str], ...]

_XML = frozenset({"text/xml", "application/xml", "text/html"})
_PLAIN = "text/plain"
_FAILURES = {"connect": 11205, "read": 11205, TOO_MANY_REDIRECTS: 11215}


class Unobtainable(Exception):
    """There is no document: the code, and the URL that failed. It is in the error log already."""

    def __init__(self, code: int, url: str) -> None:
        super().__init__(f"{code} {url}")
        self.code = code
        self.url = url


@dataclass(frozen=True)
class Place:
    """Where a document plays: the verbs that make sense there, what its requests also carry."""

    name: str
    verbs: frozenset[str] | None = None
    code: int = 12200
    extras: Callable[[], Fields] = field(default=lambda: ())


CALL = Place("call")


def waiting_place(extras: Callable[[], Fields]) -> Place:
    return Place("wait", WAIT_VERBS, 14202, extras)


def whisper_place() -> Place:
    return Place("whisper", WHISPER_VERBS)


def queue_whisper_place(extras: Callable[[], Fields]) -> Place:
    return Place("queue whisper", QUEUE_WHISPER_VERBS, 12200, extras)


def room_place(extras: Callable[[], Fields]) -> Place:
    return Place("room", ROOM_WAIT_VERBS, 13238, extras)


@dataclass(frozen=True)
class Jump:
    """The next document, why it is asked for, and what the request carries besides."""

    source: Source
    kind: str = "document"
    extras: Fields = ()
    live: bool = False  # given to a call that was up already, by REST


@dataclass(frozen=True)
class Document:
    """TwiML as it plays. `url` is "" when it came with a REST request."""

    verbs: tuple[Verb, ...]
    url: str = ""
    live: bool = False

    def resolve(self, url: str) -> str:
        return urljoin(self.url, url) if self.url else url


@dataclass(frozen=True)
class Context:
    """What a verb knows: its leg, document and place, and how to play another document."""

    office: Office
    leg: Leg
    document: Document
    place: Place
    perform: "Performer"

    def address(self, verb: Verb, attribute: str, method: str = "method") -> Address | None:
        """The address in an attribute, resolved; None when the attribute is absent."""
        if attribute not in verb.attributes:
            return None
        return Address(self.document.resolve(verb.word(attribute)), verb.word(method, "POST"))

    def order(self, kind: str, address: Address, extras: Fields = ()) -> Order:
        return order_for(self.office, self.leg, kind, address, extras)

    def after_action(self, verb: Verb, extras: Fields) -> Jump:
        """Where Gather or Record leads: `action` defaults to the document it stands in."""
        given = verb.word("action")
        url = self.document.resolve(given) if given else self.document.url
        if not is_absolute(url):
            # Inline TwiML has no address of its own: the action must be absolute (contract 2.1).
            self.office.problem(
                15004 if given else 11100, f"<{verb.name}> action", call=self.leg.sid
            )
            raise Unobtainable(15004 if given else 11100, url)
        return Jump(Address(url, verb.word("method", "POST")), "action", extras)


# Plays a document; None when it ran out, else where to go next.
Performer = Callable[[Context], Script[Jump | None]]


def order_for(office: Office, leg: Leg, kind: str, address: Address, extras: Fields = ()) -> Order:
    """A request about a leg: the standard parameters and `extras`."""
    fields = standard(leg, office.account_sid)
    return Order(kind, address.url, address.method, fields + extras, leg.sid, fields)


def obtain(office: Office, leg: Leg, jump: Jump, place: Place = CALL) -> Script[Document]:
    """Fetch and read a document; raises Unobtainable."""
    if isinstance(jump.source, Inline):
        verbs = _read(office, leg, jump.source.twiml.encode(), "")
        return _checked(office, leg, Document(verbs, "", jump.live), place)
    url = jump.source.url
    if not is_url(url) or not is_absolute(url):
        _refuse(office, leg, 11100, url)
    reply = yield from fetch(
        office, order_for(office, leg, jump.kind, jump.source, place.extras() + jump.extras)
    )
    document = Document(_verbs_of(office, leg, reply, url), url, jump.live)
    return _checked(office, leg, document, place)


def play_through(context: Context, jump: Jump, place: Place) -> Script[None]:
    """Play documents in another place until they run out; raises Unobtainable."""
    following: Jump | None = jump
    while following is not None:
        document = yield from obtain(context.office, context.leg, following, place)
        following = yield from context.perform(
            Context(context.office, context.leg, document, place, context.perform)
        )


def _verbs_of(office: Office, leg: Leg, reply: Reply, url: str) -> tuple[Verb, ...]:
    if reply.failure:
        _refuse(office, leg, _FAILURES[reply.failure], url, reply.failure)
    if not is_success(reply):
        _refuse(office, leg, 11217, url, f"status {reply.status}")
    kind = reply.header("Content-Type").partition(";")[0].strip().lower()
    if kind in AUDIO_TYPES:
        return (Verb("Play", {"seconds": str(seconds_of(kind, reply.body))}, url),)
    if kind == _PLAIN:
        return _plain(office, leg, reply.body, url)
    if kind not in _XML:
        _refuse(office, leg, 12300, url, kind or "none")
    return _read(office, leg, reply.body, url)


def _plain(office: Office, leg: Leg, body: bytes, url: str) -> tuple[Verb, ...]:
    """text/plain is TwiML if it parses, else it is read aloud."""
    try:
        read_twiml(body)
    except BadDocument:
        return (
            Verb("Say", {}, " ".join(body[:LARGEST_DOCUMENT].decode("utf-8", "replace").split())),
        )
    return _read(office, leg, body, url)


def _read(office: Office, leg: Leg, body: bytes, url: str) -> tuple[Verb, ...]:
    try:
        verbs, findings = read_twiml(body)
    except BadDocument as bad:
        _refuse(office, leg, bad.code, url, bad.sentence)
    for finding in findings:
        office.problem(finding.code, finding.sentence, call=leg.sid, url=url)
    return verbs


def _checked(office: Office, leg: Leg, document: Document, place: Place) -> Document:
    """Verbs that make no sense here: an error ends the document, a warning drops the verb."""
    if place.verbs is None:
        return document
    kept = []
    for verb in document.verbs:
        if verb.name in place.verbs:
            kept.append(verb)
            continue
        office.problem(
            place.code, f"<{verb.name}> in a {place.name} document", call=leg.sid, url=document.url
        )
        if place.code != CALL.code:
            raise Unobtainable(place.code, document.url)
    return Document(tuple(kept), document.url, document.live)


def _refuse(office: Office, leg: Leg, code: int, url: str, sentence: str = "") -> NoReturn:
    office.problem(code, sentence, call=leg.sid, url=url)
    raise Unobtainable(code, url)
