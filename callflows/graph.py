"""The graph of a flow: what each node refers to, where it leads, and what follows from that."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from callflows.keys import keys_of
from callflows.model import Chosen, Node, Target

Edges = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Reference:
    """A name in a node, the keys it stands under, and what type of thing it is the name of."""

    path: tuple[str | int, ...]
    kind: Any
    name: str


def references(node: Node) -> Iterator[Reference]:
    """Every name in a node, in the order of its keys."""
    kind_of_node: Any = type(node)
    for key, wanted in keys_of(kind_of_node).items():
        value = getattr(node, key)
        if value is None:
            continue
        match get_origin(wanted), get_args(wanted):
            case origin, (kind, _) if origin is tuple:
                yield from (Reference((key, n), kind, name) for n, name in enumerate(value))
            case origin, (_, kind) if origin is Mapping:
                yield from (Reference((key, word), kind, name) for word, name in value.items())
            case _:
                yield Reference((key,), wanted, value)


def targets(node: Node, *kinds: Any) -> list[str]:
    """The nodes this one leads to; with `kinds`, only the targets of those kinds."""
    return [each.name for each in references(node) if each.kind in (kinds or (Target, Chosen))]


def reached(edges: Edges, starts: Iterable[str]) -> set[str]:
    """The starts, and all that can be come to from them."""
    seen: set[str] = set()
    coming = list(starts)
    while coming:
        name = coming.pop()
        if name not in seen:
            seen.add(name)
            coming += edges.get(name, ())
    return seen


def reversed_edges(edges: Edges) -> Edges:
    """From each node to those that lead to it."""
    before = defaultdict(list)
    for name, after in edges.items():
        for other in after:
            before[other].append(name)
    return before


def circles(edges: Edges) -> Iterator[list[str]]:
    """Ways that come back to where they began: at least one, if there are any. No node is in two
    of them, so where circles touch, mending one may bring up the next."""
    endless = _endless(edges)
    walked: set[str] = set()
    for start in sorted(endless):
        way: list[str] = []
        name = start
        while name not in walked:
            walked.add(name)
            way.append(name)
            name = min(endless[name] - walked, default=min(endless[name]))
        if name in way:
            yield way[way.index(name) :]


def _endless(edges: Edges) -> dict[str, set[str]]:
    """The nodes from which one can go on and on, each with those of them it leads to."""
    before = reversed_edges(edges)
    left = {name: set(after) for name, after in edges.items()}
    ended = [name for name, after in left.items() if not after]
    while ended:
        last = ended.pop()
        del left[last]
        for name in set(before[last]) & left.keys():
            left[name].discard(last)
            if not left[name]:
                ended.append(name)
    return left
