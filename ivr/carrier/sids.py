"""SIDs and other random words, the same for the same seed."""

import random


class Sids:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"sids {seed}")

    def new(self, prefix: str) -> str:
        """`CA`, `RE`, `QU`, … followed by 32 hexadecimal digits."""
        return f"{prefix}{self._random.getrandbits(128):032x}"

    def token(self) -> str:
        """A unique string, in the form of a UUID."""
        digits = f"{self._random.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
