"""Couriers: one request to the service, its retries, redirects and faults, all in the ledger."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin

from ivr.carrier.faults import Plan
from ivr.carrier.office import Office
from ivr.carrier.overrides import DEFAULTS, BadOverride, Overrides, read_overrides
from ivr.carrier.signing import Order, build, credentials
from ivr.carrier.tasks import Run, Script, Send, Sleep
from ivr.carrier.transport import Reply, Request

MOST_HTTP_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNAUTHORIZED = 401
TOO_MANY_REDIRECTS = "redirects"


def fetch(office: Office, order: Order) -> Script[Reply]:
    """Have an order carried; the courier goes on though the waiting script is interrupted."""
    reply: Reply = yield Run(carry(office, order))
    return reply


def post(office: Office, order: Order, failed: Callable[[Reply], object] | None = None) -> None:
    """Have an order carried; nobody waits. `failed` is told of an answer that is not 2xx."""

    def check(reply: Reply) -> None:
        if failed is not None and not is_success(reply):
            failed(reply)

    office.spawn(carry(office, order)).when_over(check)


def is_success(reply: Reply) -> bool:
    return not reply.failure and 200 <= reply.status < 300  # HTTP's own class


def carry(office: Office, order: Order) -> Script[Reply]:
    """The whole errand: follows 3xx (this request's extras are lost), answers 401 if it can."""
    try:
        patience = read_overrides(order.url.partition("#")[2])
    except BadOverride as error:
        office.problem(11100, str(error), call=order.call_sid, url=order.url)
        patience = DEFAULTS
    token = office.sids.token()
    until = office.now() + patience.total_seconds
    for _hop in range(MOST_HTTP_REDIRECTS + 1):
        reply = yield from _try_and_retry(office, order, patience, token, until)
        login = credentials(order.url)
        if reply.status == _UNAUTHORIZED and login and not dict(order.headers).get("Authorization"):
            order = replace(order, headers=(*order.headers, ("Authorization", login)))
            reply = yield from _try_and_retry(office, order, patience, token, until)
        if reply.status not in _REDIRECTS or not reply.header("Location"):
            return reply
        order = _redirected(order, reply)
    return Reply(failure=TOO_MANY_REDIRECTS)


def _redirected(order: Order, reply: Reply) -> Order:
    keeps_method = reply.status in (307, 308)
    return replace(
        order,
        url=urljoin(order.url, reply.header("Location")),
        method=order.method if keeps_method else "GET",
        fields=order.fields_after_redirect,
    )


def _try_and_retry(
    office: Office, order: Order, patience: Overrides, token: str, until: float
) -> Script[Reply]:
    request = build(order, patience, office.credentials.auth_token, token)
    attempt = 0
    while True:
        attempt += 1
        reply = yield from _attempt(office, request, until - office.now(), attempt)
        if not patience.retries_after(reply.failure, reply.status):
            return reply
        if attempt > patience.retries or office.now() >= until:
            return reply


def _attempt(office: Office, request: Request, seconds: float, attempt: int) -> Script[Reply]:
    plan = office.faults.plan(request)
    if plan.delay:
        yield Sleep(plan.delay)
    began = office.now()
    if plan.dropped:
        yield Sleep(min(request.connect_seconds, seconds))
        reply = Reply(failure="connect")
    else:
        reply = yield from _exchange(request, min(seconds, request.read_seconds), plan)
    for _ in range(plan.copies):
        office.spawn(_copy(office, request))
    _note(office, request, reply, began, attempt=attempt)
    return reply


def _exchange(request: Request, seconds: float, plan: Plan) -> Script[Reply]:
    reply: Reply = yield Send(request, seconds)
    if plan.slow:
        yield Sleep(min(plan.slow, seconds))
    if plan.reply_lost or plan.slow > seconds:
        return Reply(failure="read")
    return reply


def _copy(office: Office, request: Request) -> Script[None]:
    began = office.now()
    reply: Reply = yield Send(request, request.read_seconds)
    _note(office, request, reply, began, copy=True)


def send_again(office: Office, n: int) -> None:
    """Deliver the request of ledger entry `n` once more, byte for byte, with its old signature."""
    office.spawn(_copy(office, office.sent[n]))


def _note(office: Office, request: Request, reply: Reply, began: float, **how: object) -> None:
    entry = office.ledger.add(
        "request",
        kind=request.kind,
        call=request.call_sid,
        method=request.method,
        url=request.url,
        fields=dict(request.fields),
        status=reply.status,
        failure=reply.failure,
        seconds=round(office.now() - began, 3),
        content_type=reply.header("Content-Type"),
        answer=reply.body.decode("utf-8", "replace")
        if request.kind != "media"
        else f"{len(reply.body)} bytes",
        **how,
    )
    office.sent[entry["n"]] = request
