"""What several checks read off a grounded draft."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import CitedText, Claim, Evidence, Position
from summarizer.domain.sentences import Sentence
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.text.folding import find
from summarizer.text.names import mentioned
from summarizer.text.shorten import shorten


@dataclass(frozen=True, slots=True)
class Statement:
    """A text in our own voice and the rows it rests on.

    Attributes:
        where: Path into the report, as findings give it.
        name: What a message calls it: "The headline", "Summary sentence 2", "Row c3".
        claims: The rows cited; of a row's own text, the row itself.
    """

    where: str
    name: str
    text: str
    claims: tuple[Claim, ...]


def finding(check: str, severity: Severity, where: str, message: str) -> Finding:
    """Return a finding; the shorter way to write it."""
    return Finding(check=check, severity=severity, where=where, message=message)


def told(grounded: GroundedDraft) -> tuple[Statement, ...]:
    """Return the headline and the summary sentences."""
    by_id = {claim.id: claim for claim in grounded.claims}

    def statement(where: str, name: str, cited: CitedText) -> Statement:
        return Statement(where, name, cited.text, tuple(by_id[i] for i in cited.claims if i in by_id))

    sentences = (
        statement(f"summary[{i}]", f"Summary sentence {i + 1}", cited)
        for i, cited in enumerate(grounded.summary)
    )
    return (statement("headline", "The headline", grounded.headline), *sentences)


def rows(grounded: GroundedDraft) -> tuple[Statement, ...]:
    """Return the rows' texts."""
    return tuple(Statement(f"claims[{c.id}]", row(c), c.text, (c,)) for c in grounded.claims)


def own_voice(grounded: GroundedDraft) -> tuple[Statement, ...]:
    """Return all that a report says in its own voice: headline, summary, rows."""
    return told(grounded) + rows(grounded)


def written(grounded: GroundedDraft) -> Iterator[tuple[str, str, str]]:
    """Yield path, name and text of all that a writer may put into a report in words of its own."""
    for statement in own_voice(grounded):
        yield statement.where, statement.name, statement.text
    for where, claim, position in positions(grounded):
        if not nameless(position.source):
            named = "\n".join((position.source, *position.aliases, position.via or ""))
            yield where, f"{row(claim)}: a source", named
    for index, conflict in enumerate(grounded.conflicts):
        yield f"conflicts[{index}]", f"Conflict {index + 1}", conflict.why
    for index, wording in enumerate(grounded.loaded):
        yield f"loaded[{index}]", f"The plain wording for {shorten(wording.text)!r}", wording.neutral


def positions(grounded: GroundedDraft) -> Iterator[tuple[str, Claim, Position]]:
    """Yield every position with its path and its row."""
    for claim in grounded.claims:
        for index, position in enumerate(claim.positions):
            yield f"claims[{claim.id}].positions[{index}]", claim, position


def row(claim: Claim) -> str:
    """Return how a message names a row."""
    return f"Row {claim.id} ({shorten(claim.text, 30)!r})"


def evidence(claims: Iterable[Claim]) -> tuple[Evidence, ...]:
    """Return all evidence of the rows' positions."""
    return tuple(e for claim in claims for position in claim.positions for e in position.evidence)


def sentences_of(grounded: GroundedDraft, spans: Iterable[Evidence]) -> tuple[Sentence, ...]:
    """Return the whole sentences that the spans stand in, in reading order."""
    items = grounded.sentences.items
    found: dict[int, Sentence] = {}
    for span in spans:
        index = bisect_right(items, span.start, key=lambda s: s.end)
        while index < len(items) and items[index].start < span.end:
            found[index] = items[index]
            index += 1
    return tuple(found[index] for index in sorted(found))


def text_of(grounded: GroundedDraft, sentences: Iterable[Sentence]) -> str:
    """Return the sentences' characters, a line a sentence."""
    return "\n".join(grounded.sentences.quote(s) for s in sentences)


def around(
    grounded: GroundedDraft, cited: Iterable[Sentence], before: int = 1, after: int = 1
) -> tuple[Sentence, ...]:
    """Return the cited sentences and their neighbours, in reading order."""
    numbers = {n for s in cited for n in range(s.number - before, s.number + after + 1)}
    return tuple(s for n in sorted(numbers) if (s := grounded.sentences.numbered(n)) is not None)


def nameless(source: str) -> bool:
    """Tell whether nobody is named as the source: the article itself, or ``unnamed: …``."""
    plain = source.strip().casefold()
    return plain == ARTICLE_VOICE or plain.startswith(UNNAMED)


def named(position: Position, text: str) -> bool:
    """Tell whether a text names the position's source by its name or an alias."""
    return any(holds_name(name, text) for name in (position.source, *position.aliases))


@lru_cache(maxsize=1024)
def holds_name(name: str, text: str) -> bool:
    """Tell whether a text holds a name, in its very words (any case) or in another form of it."""
    plain = name.strip()
    return bool(plain) and (
        find(plain.casefold(), text.casefold(), whole_words=True) is not None or mentioned(plain, text)
    )
