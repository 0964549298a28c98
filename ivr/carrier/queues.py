"""Queues: who waits, since when, and how they are taken out."""

from dataclasses import dataclass, field
from datetime import datetime

from ivr.carrier.documents import Fields
from ivr.carrier.legs import Address, Leg, Source
from ivr.carrier.office import MAX_QUEUE, Office

LONGEST_NAME = 64


class LeftQueue(Exception):
    """`<Leave>` in the wait document."""


class Dequeued(Exception):
    """REST took the member out, with a document for it."""

    def __init__(self, source: Source) -> None:
        super().__init__("dequeued")
        self.source = source


class Taken(Exception):
    """A `<Dial><Queue>` took the member out."""

    def __init__(self, meeting: "Meeting") -> None:
        super().__init__("taken")
        self.meeting = meeting


@dataclass(eq=False)
class Meeting:
    """A dialler and a queued caller on their way to a bridge. Each side pokes the other."""

    dialer: Leg
    member: "Member"
    whisper: Address | None = None
    ready: bool = False  # the caller heard the whisper
    left: bool = False  # the caller is gone
    over: bool = False  # the dialler is gone


@dataclass(eq=False)
class Member:
    leg: Leg
    queue: "Queue"
    joined_at: float
    enqueued_at: datetime
    bridged: bool = False
    queue_seconds: int = 0  # how long it waited, once it was taken out


@dataclass(eq=False)
class Queue:
    """One queue, first come first served."""

    sid: str
    friendly_name: str
    created_at: datetime
    updated_at: datetime
    max_size: int = MAX_QUEUE
    members: list[Member] = field(default_factory=list)
    waiting_dialers: list[Leg] = field(default_factory=list)

    def position(self, member: Member) -> int:
        """1 is the next to be taken; 0 when it was taken already."""
        return self.members.index(member) + 1 if member in self.members else 0

    def average_wait(self, now: float) -> int:
        """Whole seconds, over those who wait now."""
        if not self.members:
            return 0
        return round(sum(now - member.joined_at for member in self.members) / len(self.members))


def queue_named(office: Office, name: str) -> Queue | None:
    return next((queue for queue in office.queues.values() if queue.friendly_name == name), None)


def open_queue(office: Office, name: str, max_size: int = MAX_QUEUE) -> Queue:
    now = office.clock()
    queue = Queue(office.sids.new("QU"), name, now, now, max_size)
    office.queues[queue.sid] = queue
    return queue


def join(office: Office, queue: Queue, leg: Leg) -> Member:
    member = Member(leg, queue, office.now(), office.clock())
    queue.members.append(member)
    office.ledger.add(
        "queued", call=leg.sid, queue=queue.friendly_name, position=len(queue.members)
    )
    for dialer in queue.waiting_dialers:
        dialer.poke()
    return member


def take_out(office: Office, member: Member, by: str) -> bool:
    """Remove a member; False when somebody else already did. Nobody can take it again."""
    if member not in member.queue.members:
        return False
    member.queue.members.remove(member)
    member.queue_seconds = waited(office, member)
    office.ledger.add(
        "dequeued",
        call=member.leg.sid,
        queue=member.queue.friendly_name,
        by=by,
        seconds=member.queue_seconds,
    )
    return True


def waited(office: Office, member: Member) -> int:
    return round(office.now() - member.joined_at)


def wait_fields(office: Office, member: Member) -> Fields:
    """What every request of a wait document carries besides the standard parameters (1.7)."""
    queue = member.queue
    return (
        ("QueueSid", queue.sid),
        ("QueueTime", str(waited(office, member))),
        ("QueuePosition", str(queue.position(member))),
        ("AvgQueueTime", str(queue.average_wait(office.now()))),
        ("CurrentQueueSize", str(len(queue.members))),
        ("MaxQueueSize", str(queue.max_size)),
    )
