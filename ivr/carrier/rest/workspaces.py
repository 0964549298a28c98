"""What the operations on a workspace have in common: finding, paging, instants, attributes."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found
from ivr.carrier.taskrouter.model import Workspace

T = TypeVar("T")

ROOT = "https://taskrouter.twilio.com/v1/Workspaces"
_PAGE_SIZE = 50
_INVALID = 20001


def workspace_of(ask: Ask, name: str = "WorkspaceSid") -> Workspace:
    return find_in(ask.office.workspaces, ask.sids[name], "Workspace")


def find_in(things: Mapping[str, T], sid: str, what: str) -> T:
    found = things.get(sid)
    if found is None:
        raise not_found(f"{what} {sid}")
    return found


def links(workspace: Workspace, rest: str) -> str:
    return f"{ROOT}/{workspace.sid}{rest}"


def stamp(moment: datetime) -> str:
    """An instant as this API writes it: ISO 8601 in whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def attributes_of(ask: Ask, default: dict[str, Any]) -> dict[str, Any]:
    """The JSON object of the field Attributes."""
    if not ask.has("Attributes"):
        return default
    try:
        read = json.loads(ask.text("Attributes"))
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise RestError(400, _INVALID, "Attributes is not a JSON object.")
    return read


def page_v1(
    ask: Ask, rest: str, key: str, things: Sequence[T], show: Callable[[T], dict[str, Any]]
) -> Answer:
    """One page of a list, in the form of the newer API: `meta` has the neighbours' addresses."""
    size, number = ask.number("PageSize", _PAGE_SIZE), ask.number("Page", 0)
    start = number * size
    filters = [
        (name, value)
        for name, values in ask.fields.items()
        if name not in {"Page", "PageSize", "PageToken"}
        for value in values
    ]

    def url(of: int) -> str:
        token = [("PageToken", f"PA{of}")] if of else []
        return f"{ROOT}{rest}?" + urlencode([*filters, ("PageSize", size), ("Page", of), *token])

    meta = {
        "key": key,
        "page": number,
        "page_size": size,
        "url": url(number),
        "first_page_url": url(0),
        "previous_page_url": url(number - 1) if number else None,
        "next_page_url": url(number + 1) if start + size < len(things) else None,
    }
    return Answer(200, {key: [show(thing) for thing in things[start : start + size]], "meta": meta})
