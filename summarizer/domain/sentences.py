"""An article cut into numbered sentences, each with its place in the original text."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, ``text[start:end]`` of the article, without surrounding white space.

    Attributes:
        number: 1, 2, 3 … in reading order; prompts and drafts point with it.
        start: Index of its first character.
        end: Index after its last character.
        paragraph: 1-based number of the paragraph (block between blank lines) it stands in.
        furniture: True for page furniture (share bars, comment forms, navigation): marked, never deleted.
    """

    number: int
    start: int
    end: int
    paragraph: int
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of a text, in order, not overlapping; what lies between them is white space."""

    text: str
    items: tuple[Sentence, ...]

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def numbered(self, number: int) -> Sentence | None:
        """Return the sentence with this number, or None where there is none."""
        return self.items[number - 1] if 1 <= number <= len(self.items) else None

    def quote(self, sentence: Sentence) -> str:
        """Return the sentence's exact characters."""
        return self.text[sentence.start : sentence.end]

    @property
    def body(self) -> tuple[Sentence, ...]:
        """Return the sentences that are not furniture."""
        return tuple(s for s in self.items if not s.furniture)
