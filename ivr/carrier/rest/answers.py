"""What REST operations are given and give back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from ivr.carrier.office import Office
from ivr.carrier.parameters import API_VERSION, rfc2822

T = TypeVar("T")

_PAGE_SIZE = 50
_MORE_INFO = "https://www.twilio.com/docs/errors/"


class RestError(Exception):
    """A refusal with Twilio's code; becomes `{"code", "message", "more_info", "status"}`."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"{_MORE_INFO}{self.code}",
            "status": self.status,
        }


@dataclass(frozen=True)
class Ask:
    """One request, checked: SIDs of the path, fields of the form or the query."""

    office: Office
    sids: Mapping[str, str]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        values = self.fields.get(name)
        return values[0] if values else default

    def has(self, name: str) -> bool:
        return name in self.fields

    def number(self, name: str, default: int) -> int:
        return int(self.text(name)) if self.has(name) else default

    def flag(self, name: str, default: bool = False) -> bool:
        return self.text(name).lower() == "true" if self.has(name) else default

    def uri(self, rest: str) -> str:
        return f"/{API_VERSION}/Accounts/{self.office.account_sid}{rest}"

    def when(self, seconds: float | None) -> str | None:
        """The exchange's seconds as REST writes an instant."""
        return None if seconds is None else rfc2822(self.office.moment(seconds))


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any] | None = None
    media: bytes = b""
    content_type: str = "application/json"


def not_found(ask_for: str) -> RestError:
    return RestError(404, 20404, f"The requested resource {ask_for} was not found")


def page(
    ask: Ask, rest: str, key: str, things: Sequence[T], show: Callable[[T], dict[str, Any]]
) -> Answer:
    """One page of a list, with the URIs of its neighbours."""
    size = ask.number("PageSize", _PAGE_SIZE)
    number = ask.number("Page", 0)
    start = number * size
    shown = things[start : start + size]
    filters = [
        (name, value)
        for name, values in ask.fields.items()
        if name not in {"Page", "PageSize", "PageToken"}
        for value in values
    ]

    def uri(of: int) -> str:
        token = [("PageToken", f"PA{of}")] if of else []
        return ask.uri(rest) + "?" + urlencode([*filters, ("PageSize", size), ("Page", of), *token])

    body = {
        key: [show(thing) for thing in shown],
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1) if start + size < len(things) else None,
        "previous_page_uri": uri(number - 1) if number else None,
        "uri": uri(number),
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
    }
    return Answer(200, body)
