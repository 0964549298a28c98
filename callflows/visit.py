"""A visit: walks a flow node by node, until one of them waits for the caller or hangs up."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from callflows import model, verbs
from callflows.escalation import after_waiting, way_to_escalate
from callflows.session import Session
from callflows.wording import announcements, flow_value
from callflows.world import FlowLoop, Note, Turn, World
from routing.decisions import Decision, Outcome
from routing.tickets import DeskAnswer, Found, NotFound, NothingKeyed, Unavailable

NODES_PER_TURN = 50
# No ticket number is as long as this, and a key that is stuck must come to an end.
KEYS_AT_MOST = 32


@dataclass
class Visit:
    """What builds up while one turn is played; `session` is always the newest."""

    flow: model.Flow
    world: World
    session: Session
    sounds: list[verbs.Sound] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pages: bool = False
    decided: Decision | None = None
    looked_up: DeskAnswer | None = None

    def play(self, name: str) -> Turn:
        """The turn that begins at this node. Raises FlowLoop."""
        for _ in range(NODES_PER_TURN):
            self.visited.append(name)
            self.session = replace(self.session, node=name)
            node = self.flow.nodes[name]
            step = self._pass(node) if isinstance(node, model.PassingNode) else self._stop(node)
            if isinstance(step, Turn):
                return step
            name = step
        raise FlowLoop(f"{NODES_PER_TURN} nodes were played without a wait; the next was {name}.")

    def end(self, ending: model.Ending) -> Turn:
        """The turn that hangs up, after what has been said."""
        self.session = replace(self.session, ending=ending)
        return self._turn(verbs.Hangup())

    def _pass(self, node: model.PassingNode) -> str:
        """Do what the node says, and name the one that comes next."""
        match node:
            case model.Enter(targets):
                return targets[self.world.line.entry]
            case model.Say() | model.Announce() | model.AddNote() | model.Page():
                self._tell(node)
                return node.next
            case model.TryAgain():
                return self._try_again(node)
            case model.FindTicket(targets):
                return targets[self._find_ticket()]
            case model.Decide(targets):
                return targets[self._decide()]
            case model.FindNumber():
                return self._find_number(node)
            case model.MayEscalate(targets):
                return targets[way_to_escalate(self.session)]
            case model.WaitedInVain(targets):
                return targets[after_waiting(self.session)]
            case _:
                assert_never(node)

    def _stop(self, node: model.WaitingNode | model.EndingNode) -> Turn | str:
        """The turn that ends here; or, where the node lacks what it needs, the way round it."""
        match node:
            case model.Menu(prompt):
                self._say(prompt)
                return self._ask(digits=1)
            case model.AskTicket(prompt) | model.AskNumber(prompt):
                self._say(prompt)
                return self._ask(digits=KEYS_AT_MOST)
            case model.Enqueue():
                return self._enqueue(node)
            case model.TakeMessage():
                return self._take_message(node)
            case model.Transfer():
                return self._transfer(node)
            case model.RequestCallback(prompts, without_number):
                if self.session.number_to_call is None:
                    return without_number
                self._say(*prompts)
                return self.end(model.Ending.CALLBACK)
            case model.EndWith(prompts, ending):
                self._say(*prompts)
                return self.end(ending)
            case _:
                assert_never(node)

    def _try_again(self, node: model.TryAgain) -> str:
        self._say(node.try_again)
        failed = self.session.tries.get(node.at, 0) + 1
        self.session = replace(self.session, tries={**self.session.tries, node.at: failed})
        return node.at if failed < self.world.limits.tries else node.otherwise

    def _find_ticket(self) -> model.Search:
        number = self.session.keyed or ""
        limits = self.world.limits
        possible = limits.ticket_digits_min <= len(number) <= limits.ticket_digits_max
        if possible and number.isdecimal():
            self.looked_up = self.world.find_ticket(number)
        else:
            self.looked_up = NotFound(number)
        self.session = replace(self.session, desk=self.looked_up)
        match self.looked_up:
            case Found():
                return model.Search.FOUND
            case Unavailable():
                return model.Search.UNAVAILABLE
        return model.Search.UNKNOWN

    def _decide(self) -> Outcome:
        self.decided = self.world.decide(self.session.desk or NothingKeyed())
        self.session = replace(self.session, decision=self.decided)
        return self.decided.outcome

    def _find_number(self, node: model.FindNumber) -> str:
        if not isinstance(self.session.desk, Found):
            return node.without_ticket
        is_own = node.find_number == "callers_own"
        given = self.world.ani if is_own else self.session.keyed_number
        number = self.world.number_to_call(given) if given else None
        self.session = replace(self.session, number_to_call=number)
        return node.found if number else node.not_callable

    def _ask(self, digits: int) -> Turn:
        says, self.sounds = tuple(self.sounds), []
        return self._turn(verbs.Ask(says, self.world.limits.gather_timeout_seconds, digits))

    def _enqueue(self, node: model.Enqueue) -> Turn | str:
        decision, desk = self.session.decision, self.session.desk
        if decision is None:
            return node.error
        queue: str = node.enqueue
        if queue == model.BY_POLICY:
            ticket = desk.ticket if isinstance(desk, Found) else None
            queue = self.world.choose_queue(decision, ticket)
        self.session = replace(
            self.session,
            queue=queue,
            hold_menu_at=self.world.now,
            messages_said=0,
            position_said=False,
            leaving=None,
        )
        return self._turn(verbs.Enqueue(queue))

    def _take_message(self, node: model.TakeMessage) -> Turn | str:
        if not isinstance(self.session.desk, Found | Unavailable):
            return node.without_ticket
        self._say(node.take_message)
        return self._turn(verbs.TakeMessage(self.world.limits.message_seconds))

    def _transfer(self, node: model.Transfer) -> Turn | str:
        number = self.world.line.other_options.get(self.session.option or "")
        if number is None:
            return node.unanswered
        self._say(node.say)
        return self._turn(verbs.Transfer(number, self.world.limits.transfer_seconds))

    def _tell(self, node: model.Say | model.Announce | model.AddNote | model.Page) -> None:
        """Tell the caller what there is to say, or the ticket, or the people on call."""
        match node:
            case model.Say(prompts):
                self._say(*prompts)
            case model.Announce() if self.session.decision is not None:
                self._say(*announcements(self.session.decision))
            case model.AddNote(prompt) if isinstance(self.session.desk, Found):
                text = " ".join(each.text for each in said(prompt, self.session, self.world))
                self.notes.append(Note(prompt, text))
            case model.Page():
                self.pages = True
            case _:
                pass

    def _say(self, *prompts: str) -> None:
        for prompt in prompts:
            self.sounds += said(prompt, self.session, self.world)

    def _turn(self, last: verbs.Verb) -> Turn:
        return Turn(
            verbs=(*self.sounds, last),
            session=self.session,
            decided=self.decided,
            looked_up=self.looked_up,
            ending=self.session.ending,
            visited=tuple(self.visited),
            notes=tuple(self.notes),
            pages=self.pages,
        )


def said(prompt: str, session: Session, world: World, /, **values: str) -> list[verbs.Say]:
    """A prompt as this caller hears it; none, if what it says is empty here.

    `values` are placeholders that only this prompt can have.
    """
    prompts, region = world.prompts, world.line.region
    language = prompts.language_of(session.language, prompt)
    needed = prompts.placeholders(language, prompt) - values.keys()
    known = {name: flow_value(name, session, world) for name in needed}
    text = prompts.text(language, prompt, **known, **values)
    voice = region.voice if language == region.language else world.voices.get(language, "")
    return [verbs.Say(text, language, voice)] if text else []
