"""Reading TwiML: XML into verbs, with every finding Twilio would put in its log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from ivr.carrier.attributes import SCHEMA
from ivr.carrier.grammar import ELEMENTS

LARGEST_DOCUMENT = 64 * 1024
_IN_GATHER = {13511: 13321, 13510: 13322}
_SPOKEN_LIMITS = (("Polly.", 3000), ("Google.", 5000), ("", 4096))


@dataclass(frozen=True)
class Finding:
    """One thing the carrier logs about a document."""

    code: int
    sentence: str


class BadDocument(Exception):
    """Not TwiML at all: the code and why."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Verb:
    """An element with its valid attributes; the others are as if they had not been written."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple["Verb", ...] = ()

    def word(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def whole(self, name: str, default: int) -> int:
        value = self.attributes.get(name, "")
        return int(value) if value.isdigit() else default

    def flag(self, name: str, default: bool) -> bool:
        value = self.attributes.get(name)
        return default if value is None else value == "true"


@lru_cache(maxsize=512)
def read_twiml(body: bytes) -> tuple[tuple[Verb, ...], tuple[Finding, ...]]:
    """The verbs of a document and what is wrong with it; raises BadDocument."""
    if len(body) > LARGEST_DOCUMENT:
        raise BadDocument(11750, f"{len(body)} bytes, at most {LARGEST_DOCUMENT}")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BadDocument(12100, str(error)) from error
    if root.tag != "Response":
        raise BadDocument(12102, f"the root is <{root.tag}>")
    findings: list[Finding] = []
    response = _read(root, "", findings)
    return response.children, tuple(findings)


def _read(node: ElementTree.Element, parent: str, findings: list[Finding]) -> Verb:
    element = ELEMENTS[node.tag]
    attributes = dict(_valid_attributes(node, parent, findings))
    children = []
    for child in node:
        if child.tag in element.children:
            children.append(_read(child, node.tag, findings))
        else:
            findings.append(
                Finding(element.nesting_code, f"<{child.tag}> is not allowed in <{node.tag}>")
            )
    written = "".join(node.itertext()) if node.tag == "Say" else _own_text(node)
    if not element.text and written.strip():
        findings.append(Finding(SCHEMA, f"<{node.tag}> holds no text: {written.strip()[:40]!r}"))
    verb = Verb(node.tag, attributes, " ".join(written.split()), tuple(children))
    findings.extend(_peculiarities(verb, parent, written))
    return verb


def _own_text(node: ElementTree.Element) -> str:
    return (node.text or "") + "".join(child.tail or "" for child in node)


def _valid_attributes(
    node: ElementTree.Element, parent: str, findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    known = ELEMENTS[node.tag].attributes
    for name, value in node.attrib.items():
        kind = known.get(name)
        if kind is None:
            findings.append(Finding(SCHEMA, f"<{node.tag}> has no attribute {name!r}"))
        elif kind.holds(value):
            yield name, value
        else:
            code = _IN_GATHER.get(kind.code, kind.code) if parent == "Gather" else kind.code
            findings.append(Finding(code, f"<{node.tag}> {name}={value!r}: {kind.sentence}"))


def _peculiarities(verb: Verb, parent: str, written: str) -> Iterator[Finding]:
    """Rules about an element as a whole."""
    match verb.name:
        case "Say":
            yield from _of_say(verb, written)
        case "Play":
            if parent == "Gather" and "digits" in verb.attributes:
                yield Finding(SCHEMA, "<Play> digits is not allowed in <Gather>")
        case "Gather":
            if "speechModel" in verb.attributes and not verb.word("speechTimeout").isdigit():
                yield Finding(13335, "<Gather> speechModel needs a whole number as speechTimeout")
        case "Record":
            if verb.flag("transcribe", False) and verb.whole("maxLength", 120) > 120:
                yield Finding(13615, "<Record> transcribe with maxLength above 120")
        case "Dial":
            if (
                len({child.name for child in verb.children} & {"Queue", "Conference"})
                and len(verb.children) > 1
            ):
                yield Finding(13000, "<Dial> mixes <Queue> or <Conference> with another noun")


def _of_say(verb: Verb, written: str) -> Iterator[Finding]:
    voice = verb.word("voice")
    limit = next(limit for prefix, limit in _SPOKEN_LIMITS if voice.startswith(prefix))
    spoken = written if voice.startswith("Google.") else verb.text
    if not verb.text and not verb.children:
        yield Finding(13520, "<Say> without text")
    if len(spoken) > limit:
        yield Finding(13521, f"<Say> of {len(spoken)} characters, at most {limit}")
    language = verb.word("language")
    if voice.startswith("Google.") and language and not voice.startswith(f"Google.{language}-"):
        yield Finding(13511, f"<Say> voice {voice} does not speak {language}")
