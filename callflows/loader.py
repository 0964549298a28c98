"""The loader: makes a flow, or a language's prompts, from the text of a YAML file, or refuses it.

Refused is whatever does not have the shape that the model gives it. Whether the parts fit together
(targets, prompts, ways out) is for checks.py.
"""

import re
from typing import Any, get_args

from callflows.keys import keys_of, needed_keys
from callflows.model import Flow, Node
from callflows.plain import plain
from callflows.problems import ConfigurationProblems, nearest
from callflows.prompts import PLACEHOLDER, Catalogue
from callflows.shapes import Shapes
from callflows.strict_yaml import Path, read

FLOW_KEYS = ("start", "nodes")
KIND_OF_VERB = {next(iter(keys_of(kind))): kind for kind in get_args(Node)}
BRACE = re.compile(r"[{}]")


def load_flow(text: str, file: str) -> Flow:
    """The flow in the text, named as its file is. Raises ConfigurationProblems, with them all."""
    document = read(text, file)
    shapes = Shapes(document)
    top = shapes.mapping(document.value, (), known=FLOW_KEYS, needed=FLOW_KEYS)
    start = shapes.name(top["start"], ("start",)) if "start" in top else ""
    nodes = shapes.mapping(top["nodes"], ("nodes",)) if "nodes" in top else {}
    flow = Flow(
        name=_stem(file),
        start=start,
        nodes={name: _node(shapes, nodes[name], ("nodes", name)) for name in nodes},
        file=file,
        lines=document.lines,
    )
    if shapes.problems:
        raise ConfigurationProblems(shapes.problems)
    return flow


def load_prompts(text: str, file: str) -> Catalogue:
    """The prompts in the text, in the language that its file is named by; raises as load_flow."""
    document = read(text, file)
    shapes = Shapes(document)
    texts = shapes.mapping(document.value, ())
    for name, template in texts.items():
        _check_template(shapes, template, (name,))
    if shapes.problems:
        raise ConfigurationProblems(shapes.problems)
    lines = {name: document.line_of((name,)) for name in texts}
    return Catalogue(_stem(file), texts, file, lines)


def _node(shapes: Shapes, content: object, path: Path) -> Any:
    """A node, told by its verb, which is its first key; None if it cannot be made."""
    verb = next(iter(content), None) if isinstance(content, dict) else None
    if verb not in KIND_OF_VERB:
        verbs = ", ".join(KIND_OF_VERB)
        hint = nearest(str(verb), KIND_OF_VERB)
        shapes.refuse(path, f"{path[-1]} must begin with one of the verbs {verbs}.{hint}")
        return None
    kind = KIND_OF_VERB[verb]
    types, needed = keys_of(kind), needed_keys(kind)
    pairs = shapes.mapping(content, path, known=types, needed=needed)
    values = {key: shapes.value(types[key], pairs[key], (*path, key)) for key in pairs}
    return kind(**values) if values.keys() >= {*needed} else None


def _check_template(shapes: Shapes, template: object, path: Path) -> None:
    if not isinstance(template, str):
        shapes.refuse(path, f"{path[-1]} must be a text; put it in quotes.")
    elif not plain(template):
        shapes.refuse(path, f"{path[-1]} must not be empty.")
    elif BRACE.search(PLACEHOLDER.sub("", template)):
        shapes.refuse(path, f"{path[-1]} has a brace that is not around a {{name}}.")


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".yaml")
