"""Scalars: what an unquoted word of YAML means, and which ones are too easily misread."""

import re

INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14})\.\d{1,15}")
NOTHING = {"", "~", "null", "Null", "NULL"}
TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

# Each of these is a number to one reader of YAML or another, and to none of them what was meant.
MISREAD = re.compile(
    r"""
      \+\d .*                               # a telephone number: the plus is lost
    | [-+]? \d+ (:[0-5]?\d)+ (\.\d*)?       # a time of day: counted in sixties
    | -? 0 \d [\d_]* (\.\d*)?               # leading zeros: octal, or lost
    | [-+]? 0 [xob] [\da-fA-F_]+            # hexadecimal, octal, binary
    | [-+]? \d[\d_]* _ [\d_]*               # underscores between digits
    | [-+]? (\d+\.? | \d*\.\d+) [eE] [-+]?\d+   # exponents
    | [-+]? (\d+\. | \.\d+)                 # a point without digits on both sides
    | -? \d{19,}                            # too long to be a quantity
    """,
    re.VERBOSE,
)


class Misread(ValueError):
    """The word must be put in quotes; the message says so."""


def meaning(word: str) -> str | int | float | bool | None:
    """The value of an unquoted word. Raises Misread, with a sentence."""
    if word in NOTHING:
        return None
    if word in TRUTH:
        return TRUTH[word]
    if INTEGER.fullmatch(word):
        return int(word)
    if DECIMAL.fullmatch(word):
        return float(word)
    if MISREAD.fullmatch(word):
        raise Misread(f"Put {word} in quotes; without them it may be read as another number.")
    return word
