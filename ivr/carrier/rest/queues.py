"""REST: queues and their members (contract 5.3)."""

from typing import Any

from ivr.carrier.attributes import is_absolute
from ivr.carrier.legs import Address
from ivr.carrier.office import MAX_QUEUE
from ivr.carrier.parameters import rfc2822
from ivr.carrier.queues import (
    LONGEST_NAME,
    Dequeued,
    Member,
    Queue,
    open_queue,
    queue_named,
    take_out,
    waited,
)
from ivr.carrier.rest.answers import Answer, Ask, RestError, not_found, page

_LARGEST = 5000
_FRONT = "Front"


def show_queue(ask: Ask, queue: Queue) -> dict[str, Any]:
    return {
        "sid": queue.sid,
        "friendly_name": queue.friendly_name,
        "account_sid": ask.office.account_sid,
        "current_size": len(queue.members),
        "average_wait_time": queue.average_wait(ask.office.now()),
        "max_size": queue.max_size,
        "date_created": rfc2822(queue.created_at),
        "date_updated": rfc2822(queue.updated_at),
        "uri": ask.uri(f"/Queues/{queue.sid}.json"),
    }


def show_member(ask: Ask, member: Member) -> dict[str, Any]:
    queue = member.queue
    return {
        "call_sid": member.leg.sid,
        "queue_sid": queue.sid,
        "position": queue.position(member),
        "wait_time": waited(ask.office, member),
        "date_enqueued": rfc2822(member.enqueued_at),
        "uri": ask.uri(f"/Queues/{queue.sid}/Members/{member.leg.sid}.json"),
    }


def create_queue(ask: Ask) -> Answer:
    name = ask.text("FriendlyName")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise RestError(
            400, 20002, f"FriendlyName has {len(name)} characters, at most {LONGEST_NAME}."
        )
    if queue_named(ask.office, name) is not None:
        raise RestError(400, 22003, f"A queue named {name} exists already.")
    return Answer(201, show_queue(ask, open_queue(ask.office, name, _max_size(ask))))


def update_queue(ask: Ask) -> Answer:
    queue = _queue(ask, "Sid")
    queue.friendly_name = ask.text("FriendlyName", queue.friendly_name)
    queue.max_size = _max_size(ask) if ask.has("MaxSize") else queue.max_size
    queue.updated_at = ask.office.clock()
    return Answer(200, show_queue(ask, queue))


def fetch_queue(ask: Ask) -> Answer:
    return Answer(200, show_queue(ask, _queue(ask, "Sid")))


def list_queues(ask: Ask) -> Answer:
    queues = list(ask.office.queues.values())
    return page(ask, "/Queues.json", "queues", queues, lambda queue: show_queue(ask, queue))


def delete_queue(ask: Ask) -> Answer:
    """Only an empty queue can go (assumed)."""
    queue = _queue(ask, "Sid")
    if queue.members:
        raise RestError(400, 22002, "The queue is not empty.")
    del ask.office.queues[queue.sid]
    return Answer(204)


def list_members(ask: Ask) -> Answer:
    queue = _queue(ask, "QueueSid")
    rest = f"/Queues/{queue.sid}/Members.json"
    return page(ask, rest, "queue_members", queue.members, lambda member: show_member(ask, member))


def fetch_member(ask: Ask) -> Answer:
    return Answer(200, show_member(ask, _member(ask)))


def update_member(ask: Ask) -> Answer:
    """Dequeue: the member plays Url. It is out at once, so a second attempt finds nobody."""
    url = ask.text("Url")
    if not is_absolute(url):
        raise RestError(400, 21205, f"Url is not a valid URL: {url}")
    member = _member(ask)
    shown = show_member(ask, member)
    take_out(ask.office, member, "rest")
    if member.leg.task is not None:
        member.leg.task.interrupt(Dequeued(Address(url, ask.text("Method", "POST"))))
    return Answer(200, {**shown, "position": 0})


def _max_size(ask: Ask) -> int:
    size = ask.number("MaxSize", MAX_QUEUE)
    if not 1 <= size <= _LARGEST:
        raise RestError(400, 20001, f"MaxSize is {size}, at most {_LARGEST}.")
    return size


def _queue(ask: Ask, name: str) -> Queue:
    queue = ask.office.queues.get(ask.sids[name])
    if queue is None:
        raise not_found(ask.uri(f"/Queues/{ask.sids[name]}.json"))
    return queue


def _member(ask: Ask) -> Member:
    """By call SID, or whoever is first: `Front`."""
    queue, call = _queue(ask, "QueueSid"), ask.sids["CallSid"]
    found = next((m for m in queue.members if call in (m.leg.sid, _FRONT)), None)
    if found is None:
        raise not_found(ask.uri(f"/Queues/{queue.sid}/Members/{call}.json"))
    return found
