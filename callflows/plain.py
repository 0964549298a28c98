"""Plain text: which characters belong in a text that is stored, shown and spoken."""

import re
import unicodedata

MAX_SPOKEN = 1000

# Controls (tab and line ends aside), halves of pairs, and what XML 1.0 cannot hold in any spelling.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """The text on one line, composed (NFC), of at most 1,000 characters, each fit for XML 1.0."""
    one_line = " ".join(NOT_TEXT.sub(" ", text).split())
    return unicodedata.normalize("NFC", one_line)[:MAX_SPOKEN].rstrip()
