"""In the room: what follows when a technician presses `*`, key by key, and the music meanwhile."""

from datetime import datetime

from flask import Blueprint, Response, abort, request
from sqlalchemy import Connection

from callflows import model
from callflows.session import Session
from ivr import conversations
from ivr.acd import offers, partings, room_menu, rooms
from ivr.acd.callback_records import leg_of
from ivr.acd.offers import Offer
from ivr.acd.room_menu import Ask, Leave, Question, Return, Scene
from ivr.acd.spoken import said, says
from ivr.call_records import Call, find_call, stored_answer
from ivr.configuration import Configuration
from ivr.endings import caller_hung_up
from ivr.publishing import live, load
from ivr.replies import Reply
from ivr.store.acd import OfferState
from ivr.store.calls import CallStage
from ivr.store.engine import reading, writing
from ivr.twilio import forms
from ivr.twilio.edge import MakeAbout, TelephoneEdge, edge, xml
from ivr.twilio.legs import answer_leg, leg_over, technician_room
from routing.tickets import DeskAnswer

in_room = Blueprint("rooms", __name__, url_prefix="/voice/offers/<offer_id>")

# The number of keys a list or the menu takes at once; a ticket number is ended by a key.
KEYS = {Question.TICKET: None}
DEFAULT_MUSIC = "hold_music"


@in_room.post("/visits/<int:visit>/left")
def left(offer_id: str, visit: int) -> Response:
    """The technician is out of the room: by `*`, by the end of the call, or by hanging up."""
    line = edge()
    if forms.has_ended(request.form):
        leg_over(line, offer_id, "the technician hung up")
        return line.hang_up()

    def document(connection: Connection, found: Offer, configuration: Configuration) -> str:
        now = line.services.clock()
        if not _has_caller(connection, found) or not rooms.step_out(connection, found, now):
            _end(connection, found, configuration, now)
            return line.documents.hangup()
        return line.leg_documents.stepping_out(offer_id, visit, Question.OPENED)

    return answer_leg(line, offer_id, f"left {visit}", Reply(), lambda _: document)


@in_room.post("/visits/<int:visit>/menu/<int:step>/<question>/<int:start>")
def menu(offer_id: str, visit: int, step: int, question: str, start: int) -> Response:
    """The technician answers the menu: what they were asked is in the address."""
    line = edge()
    if question not in set(Question):
        abort(404)
    asked = Question(question)
    name = f"menu {visit}.{step}"

    def for_reply(reply: Reply) -> MakeAbout[Offer]:
        keys = reply.keys or ""
        desk = _ask_desk(line, offer_id, name, keys) if asked is Question.TICKET else None

        def document(connection: Connection, found: Offer, configuration: Configuration) -> str:
            scene = _scene(line, connection, found, configuration, desk)
            if scene is None:
                _end(connection, found, configuration, line.services.clock())
                return _over(line, configuration)
            match room_menu.next_step(connection, scene, asked, start, keys):
                case Ask(says, question, start=begins):
                    action = line.links.room_menu(offer_id, visit, step + 1, question, begins)
                    spoken = said(configuration, says)
                    return line.leg_documents.question(spoken, action, KEYS.get(question, 1))
                case Return(says):
                    rooms.step_in(connection, found, scene.now)
                    spoken = said(configuration, says)
                    return technician_room(line, connection, found, visit + 1, spoken)
                case Leave(says):
                    return line.leg_documents.say_goodbye(said(configuration, says))

        return document

    return answer_leg(line, offer_id, name, forms.read_reply(request.form), for_reply)


@in_room.post("/room/status")
def left_by_hanging_up(offer_id: str) -> Response:
    """Whoever is out of the room because their leg is over, in case nothing else tells of it."""
    line, leg_sid = edge(), forms.read_ended_participant(request.form)
    if leg_sid is None:
        return line.nothing()
    with reading(line.services.engine) as connection:
        found = offers.find_offer(connection, offer_id)
        callers = None if found is None else leg_of(connection, found.call_sid)
    if found is not None and leg_sid == found.leg_sid:
        leg_over(line, offer_id, "the technician hung up")
    elif found is not None and leg_sid == callers:
        with writing(line.services.engine) as connection:
            caller_hung_up(connection, found.call_sid, line.services.clock())
    return line.nothing()


@in_room.post("/gone")
def gone(offer_id: str) -> Response:
    """The caller hung up while the technician was in the menu."""
    line = edge()
    with reading(line.services.engine) as connection:
        configuration = live(connection).configuration
    leg_over(line, offer_id, "the caller hung up")
    return xml(_over(line, configuration))


@in_room.post("/recording")
def recording(offer_id: str) -> Response:
    """The carrier has the recording of this room (or says there is none)."""
    sid, seconds = forms.read_recording(request.form)
    line = edge()
    if sid is not None and request.form.get("RecordingStatus", "completed") == "completed":
        with writing(line.services.engine) as connection:
            found = offers.find_offer(connection, offer_id)
            if found is not None:
                conversations.note(connection, found, sid, seconds, line.services.clock())
    return line.nothing()


@in_room.post("/manager-missed")
def manager_missed(offer_id: str) -> Response:
    """Said into the technician's ear: no duty manager comes."""
    del offer_id
    line = edge()
    with reading(line.services.engine) as connection:
        configuration = live(connection).configuration
    return xml(line.leg_documents.announcement(says(configuration, "room_manager_missed")))


@in_room.post("/music/<int:tick>")
def music(offer_id: str, tick: int) -> Response:
    """One round of music for a caller in the room who has nobody to talk to."""
    line = edge()
    line.keep_time()
    with reading(line.services.engine) as connection:
        found = offers.find_offer(connection, offer_id)
        call = None if found is None else find_call(connection, found.call_sid)
        if call is None:
            return line.nothing()
        configuration = load(connection, call.revision_id)
    media, seconds = _music_of(call, configuration), configuration.timers.hold_chunk_seconds
    return xml(line.leg_documents.room_music(offer_id, tick, media, seconds))


def _end(connection: Connection, found: Offer, configuration: Configuration, now: datetime) -> None:
    wrap_up = configuration.timers.wrap_up_seconds
    partings.leg_over(connection, found, now, wrap_up, "the call is over")


def _scene(
    line: TelephoneEdge,
    connection: Connection,
    found: Offer,
    configuration: Configuration,
    desk: DeskAnswer | None,
) -> Scene | None:
    """What the menu is about; None when the call is over, or this technician's part in it."""
    call = find_call(connection, found.call_sid)
    if call is None or not _has_caller(connection, found):
        return None
    revision = load(connection, call.revision_id)
    return Scene(found, call, revision, configuration, line.services.clock(), desk)


def _has_caller(connection: Connection, found: Offer) -> bool:
    call = find_call(connection, found.call_sid)
    taken = found.live and found.state is OfferState.ACCEPTED
    return taken and call is not None and call.stage is not CallStage.ENDED


def _ask_desk(line: TelephoneEdge, offer_id: str, name: str, keys: str) -> DeskAnswer | None:
    """The desk is asked before anything is locked, and not for an answer that was given."""
    with reading(line.services.engine) as connection:
        if not keys or stored_answer(connection, offer_id, name) is not None:
            return None
    return line.services.desk.find(keys)


def _over(line: TelephoneEdge, configuration: Configuration) -> str:
    return line.leg_documents.say_goodbye(says(configuration, "room_over"))


def _music_of(call: Call, configuration: Configuration) -> str:
    """The music of the queue the caller came from."""
    node = configuration.flow.nodes.get(Session.from_json(call.session).node)
    return node.music if isinstance(node, model.Enqueue) else DEFAULT_MUSIC
