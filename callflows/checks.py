"""The checks: proof that a flow which loads can also be played, from its start to an end.

They find what refers to nothing, what cannot be reached or left, what goes round, callers queued
without a decision to connect them, and prompts that are missing or ask for what nobody knows.
"""

from collections.abc import Collection, Iterator

from callflows import model
from callflows.graph import Edges, circles, reached, references, reversed_edges, targets
from callflows.model import Flow, Target
from callflows.problems import Problem, nearest
from callflows.prompt_checks import check_wording
from callflows.prompts import Prompts
from callflows.strict_yaml import line_of
from routing.decisions import Outcome

HOLD_MUSIC = "hold_music"

# What only some outcomes of a decision entitle to.
_EARNED = {
    model.Enqueue: (Outcome.CONNECT,),
    model.RequestCallback: (Outcome.CONNECT, Outcome.CALLBACK),
}


def check_flow(
    flow: Flow,
    prompts: Prompts,
    languages: Collection[str],
    queues: Collection[str],
    media: Collection[str] = (HOLD_MUSIC,),
) -> tuple[Problem, ...]:
    """Everything that is wrong with the flow for callers in these languages; nothing if proven."""
    edges = {name: _known(flow, targets(node)) for name, node in flow.nodes.items()}
    problems = {
        *_unknown_names(flow, queues, media),
        *_dead_nodes(flow, edges),
        *_loops(flow),
        *_unearned_queues(flow, edges),
        *check_wording(flow, prompts, languages),
    }
    return tuple(sorted(problems))


def _unknown_names(
    flow: Flow, queues: Collection[str], media: Collection[str]
) -> Iterator[Problem]:
    if flow.start not in flow.nodes:
        sentence = f"There is no node {flow.start} to start with.{nearest(flow.start, flow.nodes)}"
        yield Problem(flow.file, line_of(flow.lines, ("start",)), sentence)
    known: Collection[str]
    for name, node in flow.nodes.items():
        for reference in references(node):
            match reference.kind:
                case model.Target | model.Chosen:
                    what, known = "node", flow.nodes
                case model.Queue:
                    what, known = "queue", {model.BY_POLICY, *queues}
                case model.Medium:
                    what, known = "medium", media
                case _:
                    continue
            if reference.name not in known:
                hint = nearest(reference.name, known)
                sentence = f"{name} names the {what} {reference.name}, which does not exist.{hint}"
                yield _problem(flow, (name, *reference.path), sentence)


def _dead_nodes(flow: Flow, edges: Edges) -> Iterator[Problem]:
    reachable = reached(edges, [flow.start])
    ends = [name for name, node in flow.nodes.items() if _can_end(node)]
    ending = reached(reversed_edges(edges), ends)
    for name in flow.nodes:
        if name not in reachable:
            yield _problem(flow, (name,), f"Nothing leads to {name}.")
        if name not in ending:
            yield _problem(flow, (name,), f"Once at {name}, a call can never end.")


def _can_end(node: model.Node) -> bool:
    return isinstance(node, model.EndingNode | model.Enqueue | model.Transfer)


def _loops(flow: Flow) -> Iterator[Problem]:
    """Circles the caller cannot break: nodes that never wait, and those that go on in silence."""
    passing = {
        name: [other for other in _known(flow, targets(node)) if _passes(flow, other)]
        for name, node in flow.nodes.items()
        if _passes(flow, name)
    }
    for circle in circles(passing):
        way = " to ".join([*circle, circle[0]])
        sentence = f"The flow would go round, without a wait, from {way}."
        yield _problem(flow, (circle[0],), sentence)
    silent = {name: _known(flow, _in_silence(node)) for name, node in flow.nodes.items()}
    for circle in circles(silent):
        if not all(_passes(flow, name) for name in circle):
            way = " to ".join([*circle, circle[0]])
            sentence = f"A silent caller would go round, with no try_again to end it, from {way}."
            yield _problem(flow, (circle[0],), sentence)


def _passes(flow: Flow, name: str) -> bool:
    return isinstance(flow.nodes[name], model.PassingNode)


def _in_silence(node: model.Node) -> list[str]:
    """Where a caller gets who never does anything; trying again comes to its end by itself."""
    if isinstance(node, model.TryAgain):
        return [node.otherwise]
    return targets(node, Target)


def _unearned_queues(flow: Flow, edges: Edges) -> Iterator[Problem]:
    """Queues and callbacks that can be got by another way than the outcomes that allow it (R07)."""
    for kind, allowing in _EARNED.items():
        without = {
            name: [node.decide[other] for other in node.decide if other not in allowing]
            if isinstance(node, model.Decide)
            else edges[name]
            for name, node in flow.nodes.items()
        }
        outcomes = " or ".join(allowing)
        for name in sorted(reached(without, [flow.start])):
            if isinstance(flow.nodes.get(name), kind):
                sentence = (
                    f"Callers can get to {name} without the outcome {outcomes} of a decide node."
                )
                yield _problem(flow, (name,), sentence)


def _known(flow: Flow, names: list[str]) -> list[str]:
    return [name for name in names if name in flow.nodes]


def _problem(flow: Flow, path: tuple[str | int, ...], sentence: str) -> Problem:
    return Problem(flow.file, line_of(flow.lines, ("nodes", *path)), sentence)
