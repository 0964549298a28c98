"""The expression language, as far as our service uses it; anything else is refused by name.

    expression = all { OR all }          all = test { AND test }
    test = ( expression ) | 1==1 | value operator value
    value = 'text' | "text" | number | name.of.an.attribute

Operators: == != HAS IN NOT IN. HAS wants an array on its left, IN and NOT IN on their right; an
attribute that is not there equals nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Attributes = Mapping[str, Any]
Test = Callable[[Attributes], bool]
Value = Callable[[Attributes], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+)|(?P<operator>==|!=|\(|\))"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_.]*))"
)
_WORDS = {"AND", "OR", "HAS", "IN", "NOT"}


class BadExpression(ValueError):
    """An expression this carrier does not understand; the sentence says where and what it can."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression. An empty one holds for nobody."""

    text: str
    test: Test

    def holds(self, attributes: Attributes) -> bool:
        """Whether it is true of these attributes, `worker` and `task` being attributes too."""
        return self.test(attributes)


def parse(text: str) -> Expression:
    """Raises BadExpression."""
    if not text.strip():
        return Expression(text, lambda _: False)
    parser = _Parser(text, _tokens(text))
    test = parser.any_of()
    if parser.left():
        raise parser.refusal()
    return Expression(text, test)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            rest = text[place:].strip()
            raise BadExpression(f"The expression cannot be read from {rest[:30]!r} on.")
        kind = found.lastgroup or ""
        token = found[kind]
        tokens.append(("operator" if token.upper() in _WORDS else kind, token))
        place = found.end()
    return tokens


class _Parser:
    def __init__(self, text: str, tokens: Sequence[tuple[str, str]]) -> None:
        self._text = text
        self._tokens = tokens
        self._place = 0

    def any_of(self) -> Test:
        parts = [self._all_of()]
        while self._take("OR"):
            parts.append(self._all_of())
        return lambda attributes: any(part(attributes) for part in parts)

    def left(self) -> bool:
        return self._place < len(self._tokens)

    def refusal(self) -> BadExpression:
        token = self._tokens[self._place][1] if self.left() else "the end"
        return BadExpression(
            f"{token!r} is not expected in {self._text!r}; the simulated carrier knows "
            "== != HAS IN NOT IN AND OR and parentheses."
        )

    def _all_of(self) -> Test:
        parts = [self._one()]
        while self._take("AND"):
            parts.append(self._one())
        return lambda attributes: all(part(attributes) for part in parts)

    def _one(self) -> Test:
        if self._take("("):
            inner = self.any_of()
            if not self._take(")"):
                raise self.refusal()
            return inner
        left = self._value()
        compare = self._operator()
        right = self._value()
        return lambda attributes: compare(left(attributes), right(attributes))

    def _operator(self) -> Callable[[Any, Any], bool]:
        if self._take("=="):
            return lambda left, right: left is not None and left == right
        if self._take("!="):
            return lambda left, right: left != right
        if self._take("HAS"):
            return lambda left, right: isinstance(left, list) and right in left
        if self._take("IN"):
            return lambda left, right: isinstance(right, list) and left in right
        if self._take("NOT") and self._take("IN"):
            return lambda left, right: isinstance(right, list) and left not in right
        raise self.refusal()

    def _value(self) -> Value:
        if not self.left():
            raise self.refusal()
        kind, token = self._tokens[self._place]
        if kind == "operator":
            raise self.refusal()
        self._place += 1
        if kind == "word":
            return lambda attributes: _attribute(attributes, token)
        constant: Any = int(token) if kind == "number" else token[1:-1]
        return lambda _: constant

    def _take(self, token: str) -> bool:
        if self.left() and self._tokens[self._place] in {("operator", token)}:
            self._place += 1
            return True
        return False


def _attribute(attributes: Attributes, name: str) -> Any:
    value: Any = attributes
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
