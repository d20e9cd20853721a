"""A stretch of a sentence as the clause rules see it, lexemes, brackets and verbs, and a clause of it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.backends.offline.grammar import Lexeme
from summarizer.backends.offline.passages import Span


@dataclass(frozen=True, slots=True)
class Clause:
    """One proposition of a sentence.

    Attributes:
        pieces: Its own words, as spans of the sentence.
        lead: Words it needs from elsewhere in the sentence, before its own: a shared subject, an antecedent.
        tail: Words it needs after its own.
        aside: A relative clause or participial tail: background to the clause it hangs on.
        who: The antecedent is a person described ("who leads the group").
        loose: It only gives the time or contrast of the clause before it ("while …", "after …").
    """

    pieces: tuple[Span, ...]
    lead: str = ""
    tail: str = ""
    aside: bool = False
    who: bool = False
    loose: bool = False

    @property
    def start(self) -> int:
        """Index of its first own character."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Index after its last."""
        return self.pieces[-1][1]

    def words(self, text: str) -> str:
        """Return the clause's words in order, borrowed ones included."""
        own = " ".join(text[start:end].strip(" ,;") for start, end in self.pieces)
        return " ".join(filter(None, (self.lead, own, self.tail)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lexemes with the brackets open before each, the places of finite verbs and where a hole starts."""

    text: str
    lexemes: tuple[Lexeme, ...]
    depths: tuple[int, ...]
    verbs: tuple[int, ...]
    hole: int

    def verb(self, first: int, last: int) -> int | None:
        """Return the first finite verb among the lexemes ``first`` to ``last``, or None."""
        place = bisect_left(self.verbs, first)
        return self.verbs[place] if place < len(self.verbs) and self.verbs[place] < last else None

    def span(self, first: int, last: int) -> Span:
        """Return where lexemes ``first`` to ``last`` stand in the sentence."""
        return self.lexemes[first].start, self.lexemes[last - 1].end

    def words(self, first: int, last: int) -> str:
        """Return their words."""
        start, end = self.span(first, last)
        return self.text[start:end]

    def lower(self, i: int) -> str:
        """Return a lexeme in lower case, or "" beyond the ends."""
        return self.lexemes[i].lower if 0 <= i < len(self.lexemes) else ""


def depths(lexemes: Sequence[Lexeme]) -> tuple[int, ...]:
    """Count the brackets and short quotations open before each lexeme."""
    depths, depth, quoted = [], 0, _in_quotations(lexemes)
    for i, lexeme in enumerate(lexemes):
        depth -= lexeme.text in ")]" and depth > 0
        depths.append(depth + (i in quoted))
        depth += lexeme.text in "(["
    return tuple(depths)


def _in_quotations(lexemes: Sequence[Lexeme]) -> frozenset[int]:
    """Return the lexemes inside quotations, unless the whole stretch is one ("a fair and full offer")."""
    marks = [i for i, x in enumerate(lexemes) if x.lower == '"']
    if len(marks) % 2:
        return frozenset()
    pairs = zip(marks[::2], marks[1::2], strict=True)
    return frozenset(i for first, last in pairs if first for i in range(first + 1, last))


def after_comma(subject: str) -> str:
    """Return a subject without the adverbial before it ("On Monday, the union") and without an age."""
    subject = re.sub(r",\s\d{1,3},?\s*$", "", subject)
    return subject.rstrip(", ").rsplit(", ", 1)[-1]
