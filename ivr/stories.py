"""Stories: each kind of journal entry as a sentence a person would say."""

from collections import defaultdict

from ivr.journal import Entry, Happened

SENTENCES = {
    Happened.ARRIVED: "{ani} called {dnis}; configuration revision {revision}.",
    Happened.TURN: "Turn {turn} ({nodes}): heard {heard}",
    Happened.LOOKED_UP: "The help desk was asked for ticket {keyed}: {answer}.",
    Happened.DECIDED: "Decided {outcome} by {rule}: {reason}",
    Happened.QUEUED: "Waits in {queue} with severity {severity}.",
    Happened.OFFERED: "Offered to technician {technician}: {why}",
    Happened.RINGING: "The technician's telephone rings.",
    Happened.ACCEPTED: "Accepted by technician {technician}.",
    Happened.REFUSED: "Refused by technician {technician}.",
    Happened.TIMED_OUT: "Not taken by technician {technician}: {reason}.",
    Happened.WITHDRAWN: "Withdrawn from technician {technician}: {reason}.",
    Happened.BRIDGED: "Talks with technician {technician}.",
    Happened.STEPPED_OUT: "Technician {technician} left the room; the caller is on hold.",
    Happened.STEPPED_IN: "Technician {technician} is back with the caller.",
    Happened.HANDED_ON: "The caller is sent on ({to}): {name}.",
    Happened.TARGET_RUNG: "{target} is rung for the caller.",
    Happened.TARGET_ENDED: "{target}: {said}.",
    Happened.GUEST_RUNG: "Technician {technician} is rung to come in ({role}).",
    Happened.GUEST_JOINED: "Technician {technician} has come in ({role}).",
    Happened.GUEST_GONE: "Technician {technician} is out ({role}): {reason}.",
    Happened.RECORDING_ANNOUNCED: "Heard that the conversation is recorded.",
    Happened.CONVERSATION_RECORDED: "The conversation was recorded, {seconds} seconds.",
    Happened.CONVERSATION_STORED: "The recording is stored as conversation {conversation}.",
    Happened.TICKET_ATTACHED: "Technician {technician} attached ticket {ticket}.",
    Happened.LEFT_QUEUE: "Left the queue: {why}.",
    Happened.CALLBACK_REQUESTED: "A callback to {number} was asked for by {origin}: {callback}.",
    Happened.CALLING_CUSTOMER: "The customer is being called.",
    Happened.CUSTOMER_MISSED: "The customer was not reached at attempt {attempt}: {reason}.",
    Happened.CALLBACK_OVER: "The callback is over, {state}: {reason}.",
    Happened.NOTE_WRITTEN: "Ticket {ticket} is to get a note: {note}.",
    Happened.PAGED: "The people on call were told: {people}.",
    Happened.POSTPONED: "Is offered to nobody before {until}.",
    Happened.RECORDED: "Left a message of {seconds} seconds.",
    Happened.STORED: "The message is stored as voicemail {voicemail}.",
    Happened.IGNORED: "A request for turn {turn} was ignored; turn {expected} was next.",
    Happened.FAILED: "We failed: {cause} (incident {incident}).",
    Happened.CARRIER: "The carrier says: {said}.",
    Happened.ENDED: "Ended: {disposition}.",
}


def sentence(entry: Entry) -> str:
    """What happened, in one sentence."""
    told = {name: _shown(value) for name, value in entry.detail.items()}
    return SENTENCES[entry.what].format_map(defaultdict(lambda: "unknown", told))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "nothing"
    return "withheld" if value is None else str(value)
