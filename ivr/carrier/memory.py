"""What one phone heard, and how far the person listening got."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heard:
    at: float
    text: str


@dataclass
class Memory:
    """Sentences in order. `recall` goes forward only, as a conversation does."""

    items: list[Heard] = field(default_factory=list)
    listened: int = 0

    def recall(self, phrase: str) -> bool:
        """Was the phrase (any case) said since the last one recalled? Then that was the last."""
        wanted = phrase.casefold()
        for place in range(self.listened, len(self.items)):
            if wanted in self.items[place].text.casefold():
                self.listened = place + 1
                return True
        return False

    def story(self, start: int = 0) -> str:
        """Everything heard, for whoever's test failed; what lies before `start` is marked."""
        lines = [
            f"  {'' if place >= start else '(before) '}{item.at:8.1f} s  {item.text}"
            for place, item in enumerate(self.items)
        ]
        return "\n".join(["It heard:", *lines] if lines else ["It heard nothing."])
