"""The footnotes of a page while it is written: each sentence once, numbered as it is called for.

What the sentences say is the figures'.
"""

from dataclasses import dataclass, field

from sheetsync.reporting.meeting_pack.model import Footnote


@dataclass
class Footnotes:
    """Sentences with their numbers, from 1."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number_of(self, sentence: str) -> int:
        """Return the number of a footnote, a new one where it is called for the first time."""
        # Numbered as they are called for, the page's footnotes go from 1 from the top down.
        return self.numbers.setdefault(sentence, len(self.numbers) + 1)

    def in_order(self) -> tuple[Footnote, ...]:
        """Return the footnotes by their numbers."""
        return tuple(
            Footnote(number, sentence)
            for sentence, number in self.numbers.items()
        )
