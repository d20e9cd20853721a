"""Does our own text come from the news, and not from an order that the page gives to its readers?"""

from collections.abc import Iterator

from summarizer.checks.lexicon import words
from summarizer.checks.reading import (
    Statement,
    evidence,
    finding,
    positions,
    row,
    rows,
    sentences_of,
    text_of,
    told,
    written,
)
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import orders
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten
from summarizer.text.words import content_words, tokens

CHECK = "obedience"
FEWEST_SHARED = 1 / 3
"""Share of a text's content words that what it rests on must hold; a free rendering holds more than half."""
FEWEST_ENGLISH = 0.2
"""Share of stop words from which on a text is English enough to be compared word by word."""
MOST_ORDERED = 2
"""Plain words that a text may share with an order alone."""


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield an error for each text or row that an order of the page alone accounts for, or nothing at all."""
    yield from _ordered(grounded)
    yield from _alien(grounded)


# -- from an order ----------


def _ordered(grounded: GroundedDraft) -> Iterator[Finding]:
    given = frozenset(orders.find(grounded.sentences))
    if not given:
        return
    elsewhere = text_of(grounded, (s for s in grounded.sentences.body if s not in given))
    news = set(content_words(f"{grounded.article.title or ''}\n{elsewhere}"))
    only = set(content_words(text_of(grounded, given))) - news
    for where, name, text in written(grounded):
        if (word := _of_order(text, only)) is not None and not _tells_of_order(text):
            message = f"{name} says {shorten(word)!r}, which only an order to the page's readers holds."
            yield finding(CHECK, "error", where, f"{message} That is no news: leave it out.")
    for where, claim, position in positions(grounded):
        cited = sentences_of(grounded, position.evidence)
        if cited and all(s in given for s in cited) and not _tells_of_order(claim.text):
            message = f"{row(claim)} rests on an order to the page's readers, which is no news. Drop it."
            yield finding(CHECK, "error", where, message)


def _of_order(text: str, only: set[str]) -> str | None:
    """Return the first name or number of a text that only an order holds, else of several words."""
    found = [t for t in tokens(text) if len(t.text) > 2 and not only.isdisjoint(content_words(t.text))]
    marked = (
        t.text for t in found if t.text[0].isdigit() or t.text.isupper() or (t.start and t.text.istitle())
    )
    return next(marked, found[0].text if len(found) > MOST_ORDERED else None)


def _tells_of_order(text: str) -> bool:
    return words("telling").search(fold(text)) is not None


# -- from nowhere ----------


def _alien(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield texts that share next to no word with what they rest on: in another language, or made up."""
    for statement in told(grounded):
        if statement.claims and _is_alien(statement.text, _footing(grounded, statement)):
            message = f"{statement.name} says hardly anything that its rows say. Tell the rows it cites."
            yield finding(CHECK, "error", statement.where, message)
    whole = frozenset(content_words(grounded.article.text))
    for statement in rows(grounded) if _is_english(grounded.article.text) else ():
        if _is_alien(statement.text, whole):
            message = f"{statement.name} is not in words of the article. State what the article says."
            yield finding(CHECK, "error", statement.where, message)


def _is_alien(text: str, footing: frozenset[str]) -> bool:
    content = content_words(text)
    return sum(word in footing for word in content) < FEWEST_SHARED * len(content)


def _footing(grounded: GroundedDraft, statement: Statement) -> frozenset[str]:
    """Return the content words of the rows cited, their sources and their sentences."""
    held = [position for claim in statement.claims for position in claim.positions]
    said = (name for p in held for name in (p.source, *p.aliases, p.via or ""))
    cited = text_of(grounded, sentences_of(grounded, evidence(statement.claims)))
    return frozenset(content_words("\n".join((cited, *said, *(c.text for c in statement.claims)))))


def _is_english(text: str) -> bool:
    return len(content_words(text)) <= (1 - FEWEST_ENGLISH) * len(tokens(text))
