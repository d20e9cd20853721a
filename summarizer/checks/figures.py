"""Does every number we give stand in the cited sentences, bounded from the same side?"""

from collections.abc import Iterator

from summarizer.checks.reading import Statement, evidence, finding, own_voice, sentences_of, text_of
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import figures
from summarizer.text.figures import Numeral, Quantity
from summarizer.text.shorten import shorten

CHECK = "figures"


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield numbers of headline, summary and rows that their evidence does not hold or bounds otherwise."""
    everywhere = f"{grounded.article.title or ''}\n{_dated(grounded, grounded.article.text)}"
    elsewhere = {number.value for number in figures.numbers(everywhere)}
    for statement in own_voice(grounded):
        if not evidence(statement.claims):
            continue  # grounding has said so
        cited = _dated(grounded, text_of(grounded, sentences_of(grounded, evidence(statement.claims))))
        for number in figures.unsupported(statement.text, cited):
            known = number.value in elsewhere
            if not _is_idle(statement.text, number, known=known):
                yield _unsupported(statement, number, known=known)
        yield from _flipped(statement, cited)


def _dated(grounded: GroundedDraft, text: str) -> str:
    """Add the day of publication, from which dates may be completed."""
    published = grounded.article.published
    return f"{text}\n{published.day} {published.year}" if published else text


def _is_idle(text: str, number: Numeral, *, known: bool) -> bool:
    """Tell whether a number says too little to be checked: "one of", or "41st" in a name given elsewhere."""
    written = text[number.start : number.end]
    spelled_one = number.value <= 1 and not any(c.isdigit() for c in written)
    return spelled_one or (known and number.kind == "ordinal")


def _unsupported(statement: Statement, number: Numeral, *, known: bool) -> Finding:
    words = shorten(statement.text[number.start : number.end])
    if known or number.kind == "ordinal":
        mend = "Cite the sentence that has it."
        message = f"{statement.name}: {words!r} is not in the sentences cited, only elsewhere. {mend}"
        return finding(CHECK, "warning", statement.where, message)
    mend = "Give the number of the cited sentence, or none."
    message = f"{statement.name}: {words!r} stands nowhere in the article. {mend}"
    return finding(CHECK, "error", statement.where, message)


def _flipped(statement: Statement, cited: str) -> Iterator[Finding]:
    given = figures.read(cited)
    for quantity in figures.read(statement.text):
        same = [g for g in given if {g.low, g.high} & {quantity.low, quantity.high} - {None}]
        if same and all(figures.bound_flipped(quantity, g) for g in same):
            ours, theirs = _words(statement.text, quantity), _words(cited, same[0])
            message = (
                f"{statement.name} says {ours!r}; the article says {theirs!r}. Keep the article's bound."
            )
            yield finding(CHECK, "error", statement.where, message)


def _words(text: str, quantity: Quantity) -> str:
    return shorten(text[quantity.start : quantity.end], 50)
