"""REST: calls (contract 5.1 and 5.2)."""

from datetime import UTC, datetime
from typing import Any

from ivr.carrier.attributes import is_absolute
from ivr.carrier.calling import CallOrder, Detection, call_out
from ivr.carrier.dialing import is_number
from ivr.carrier.legs import (
    Address,
    Direction,
    Inline,
    Leg,
    Redirected,
    Source,
    Status,
    Subscription,
)
from ivr.carrier.parameters import API_VERSION
from ivr.carrier.recordings import Listener
from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found, page

_LONGEST_TWIML = 4000
_LONGEST_RING = 600
_SUBRESOURCES = (
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
)
_EVENTS = {"initiated", "ringing", "answered", "completed"}


def show_call(ask: Ask, leg: Leg) -> dict[str, Any]:
    uri = ask.uri(f"/Calls/{leg.sid}")
    begun = leg.created_at if leg.direction is Direction.INBOUND else leg.answered_at
    return {
        "sid": leg.sid,
        "date_created": ask.when(leg.created_at),
        "date_updated": ask.when(leg.ended_at or leg.answered_at or leg.created_at),
        "parent_call_sid": leg.parent.sid if leg.parent is not None else None,
        "account_sid": ask.office.account_sid,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "phone_number_sid": leg.number.sid if leg.number is not None else None,
        "status": _shown_status(leg).value,
        "start_time": ask.when(begun),
        "end_time": ask.when(leg.ended_at),
        "duration": str(leg.duration) if leg.ended_at is not None else None,
        "price": None,
        "price_unit": "USD",
        "direction": leg.direction.value,
        "answered_by": leg.answered_by if "_" in leg.answered_by else None,
        "api_version": API_VERSION,
        "forwarded_from": leg.forwarded_from or None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(round(leg.queue_seconds * 1000)),
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {name: f"{uri}/{name.capitalize()}.json" for name in _SUBRESOURCES},
    }


def _shown_status(leg: Leg) -> Status:
    """REST has no word for a call that was initiated and does not ring yet."""
    return Status.QUEUED if leg.status is Status.INITIATED else leg.status


def create_call(ask: Ask) -> Answer:
    office = ask.office
    to, from_ = ask.text("To"), ask.text("From")
    if not (is_number(to) or to.startswith("client:")):
        raise RestError(
            400, 21211, f"The phone number you are attempting to call, {to}, is not valid."
        )
    if not (is_number(from_) or from_.startswith("client:")):
        raise RestError(400, 21212, f"The source phone number provided, {from_}, is not valid.")
    if is_number(from_) and from_ not in office.numbers:
        raise RestError(
            400, 21210, f"The source phone number provided, {from_}, is not yet verified."
        )
    source = _source(ask)
    if source is None:
        raise RestError(400, 21205, "Url parameter is required.")
    order = CallOrder(
        to,
        from_,
        source,
        fallback=_address(ask, "FallbackUrl", "FallbackMethod"),
        subscription=_subscription(ask),
        ring_seconds=_ring_seconds(ask),
        time_limit=ask.number("TimeLimit", 0) or None,
        send_digits=ask.text("SendDigits"),
        detection=_detection(ask),
        records=ask.flag("Record"),
        record_channels=2 if ask.text("RecordingChannels") == "dual" else 1,
        record_trims=ask.text("Trim", "trim-silence") == "trim-silence",
        record_listener=_listener(ask),
    )
    return Answer(201, show_call(ask, call_out(office, order)))


def fetch_call(ask: Ask) -> Answer:
    return Answer(200, show_call(ask, _leg(ask)))


def list_calls(ask: Ask) -> Answer:
    legs = [leg for leg in reversed(list(ask.office.legs.values())) if _matches(ask, leg)]
    return page(ask, "/Calls.json", "calls", legs, lambda leg: show_call(ask, leg))


def update_call(ask: Ask) -> Answer:
    """Redirect a live call, or end one. Only a call in progress can be redirected (21220)."""
    leg = _leg(ask)
    source = _source(ask)
    if source is not None:
        if leg.status is not Status.IN_PROGRESS or leg.task is None:
            raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if ask.has("Url") and ask.has("Twiml"):
            raise RestError(400, 21205, "Url and Twiml are exclusive.")
    if leg.over and ask.has("Status"):
        raise RestError(400, 21220, "Call is not in-progress. Cannot change its status.")
    _settle(ask, leg)
    match ask.text("Status"):
        case "completed":
            ask.office.hang_up(leg, "rest")
        case "canceled" if not leg.answered:
            ask.office.hang_up(leg, "rest", Status.CANCELED)
        case _ if source is not None and leg.task is not None:
            ask.office.ledger.add("redirected", call=leg.sid, to=_where(source))
            leg.task.interrupt(Redirected(source))
    return Answer(200, show_call(ask, leg))


def _settle(ask: Ask, leg: Leg) -> None:
    """What an update may change besides the call's course."""
    leg.fallback = _address(ask, "FallbackUrl", "FallbackMethod") or leg.fallback
    leg.subscription = _subscription(ask) or leg.subscription
    if ask.has("TimeLimit"):
        ask.office.driver.after(
            ask.number("TimeLimit", 0), lambda: ask.office.hang_up(leg, "time limit")
        )


def _leg(ask: Ask) -> Leg:
    leg = ask.office.legs.get(ask.sids["Sid"])
    if leg is None:
        raise not_found(ask.uri(f"/Calls/{ask.sids['Sid']}.json"))
    return leg


def _source(ask: Ask) -> Source | None:
    """Url, else Twiml; of the latter at most 4000 characters."""
    if ask.has("Url"):
        return _address(ask, "Url", "Method")
    if not ask.has("Twiml"):
        return None
    twiml = ask.text("Twiml")
    if len(twiml) > _LONGEST_TWIML:
        raise RestError(400, 21205, f"Twiml has {len(twiml)} characters, at most {_LONGEST_TWIML}.")
    return Inline(twiml)


def _where(source: Source) -> str:
    return source.url if isinstance(source, Address) else "inline TwiML"


def _address(ask: Ask, name: str, method: str, code: int = 21205) -> Address | None:
    url = ask.text(name)
    if not url:
        return None
    if not is_absolute(url):
        raise RestError(400, code, f"{name} is not a valid URL: {url}")
    return Address(url, ask.text(method, "POST"))


def _subscription(ask: Ask) -> Subscription | None:
    address = _address(ask, "StatusCallback", "StatusCallbackMethod", 21609)
    if address is None:
        return None
    events = frozenset(ask.fields.get("StatusCallbackEvent", ("completed",)))
    if not events <= _EVENTS:
        # A list in one parameter, or a wrong word: the parameter must be repeated (contract 1.9).
        raise RestError(400, 21626, f"StatusCallbackEvent: {', '.join(sorted(events - _EVENTS))}")
    return Subscription(address, events)


def _ring_seconds(ask: Ask) -> float:
    seconds = ask.number("Timeout", 60)
    if not 1 <= seconds <= _LONGEST_RING:
        raise RestError(400, 21208, f"Timeout is {seconds}, at most {_LONGEST_RING}.")
    return seconds


def _detection(ask: Ask) -> Detection | None:
    mode = ask.text("MachineDetection")
    if not mode or ask.has("SendDigits"):
        return None
    if mode not in {"Enable", "DetectMessageEnd"}:
        raise RestError(
            400, 21207, f"MachineDetection {mode} is neither Enable nor DetectMessageEnd."
        )
    if ask.text("AsyncAmd") != "true":
        return Detection(mode)
    address = _address(ask, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod")
    return Detection(mode, address)


def _listener(ask: Ask) -> Listener | None:
    address = _address(ask, "RecordingStatusCallback", "RecordingStatusCallbackMethod")
    if address is None:
        return None
    return Listener(
        address, frozenset(ask.fields.get("RecordingStatusCallbackEvent", ("completed",)))
    )


def _matches(ask: Ask, leg: Leg) -> bool:
    has = {
        "To": leg.to,
        "From": leg.from_,
        "ParentCallSid": leg.parent.sid if leg.parent is not None else "",
        "Status": _shown_status(leg).value,
    }
    if any(ask.has(name) and ask.text(name) != value for name, value in has.items()):
        return False
    started = ask.office.moment(leg.created_at)
    ended = None if leg.ended_at is None else ask.office.moment(leg.ended_at)
    return within(ask, "StartTime", started) and within(ask, "EndTime", ended)


def within(ask: Ask, name: str, moment: datetime | None) -> bool:
    """The three date filters of a list: on the day, and (inclusive) before and after."""
    if not any(ask.has(name + sign) for sign in ("", "<", ">")):
        return True
    if moment is None:
        return False
    if ask.has(name) and moment.date() != _instant(ask, name).date():
        return False
    before, after = ask.has(f"{name}<"), ask.has(f"{name}>")
    return (not before or moment <= _instant(ask, f"{name}<")) and (
        not after or moment >= _instant(ask, f"{name}>")
    )


def _instant(ask: Ask, name: str) -> datetime:
    moment = datetime.fromisoformat(ask.text(name))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
