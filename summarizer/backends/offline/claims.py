"""Makes rows of statements: one proposition a row, with everybody's position on it."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from summarizer.backends.offline import wording
from summarizer.backends.offline.sources import Source
from summarizer.backends.offline.statements import Statement
from summarizer.domain.draft import DraftClaim, DraftPosition, Pointer
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text import figures, names, times
from summarizer.text.words import content_words

SAME = 0.62
"""Overlap of content words from which two statements are taken for one proposition."""
DENIED = 0.5
"""Share of a denial's content words that a row must hold to be what is denied."""


@dataclass(slots=True)
class Row:
    """A proposition and the statements that stand on it; grows while the article is read."""

    text: str
    words: Counter[str]
    numbers: frozenset[tuple[float | None, float | None]]
    statements: list[Statement] = field(default_factory=list)


def rows(statements: tuple[Statement, ...]) -> tuple[Row, ...]:
    """Gather statements into rows in the order of their first mention."""
    table: list[Row] = []
    against = [s for s in statements if s.stance != "asserts" and not s.headline]
    early = max((s.sentence for s in statements), default=0) / 3
    for statement in statements:
        if statement.stance == "asserts" and not statement.headline:
            _put(table, statement)
    for statement in against:
        _put_against(table, statement, early=statement.sentence <= early)
    return tuple(sorted(table, key=lambda row: min(s.sentence for s in row.statements)))


def _put(table: list[Row], statement: Statement) -> None:
    new = _row(statement)
    contradicted = _contradicted(table, new, statement)
    if contradicted:
        contradicted.statements.append(replace(statement, stance="denies"))
        return
    same = _same(table, new)
    if same:
        same.statements.append(statement)
    else:
        table.append(new)


def _row(statement: Statement) -> Row:
    numbers = frozenset((q.low, q.high) for q in figures.read(statement.text))
    return Row(statement.text, Counter(content_words(statement.text)), numbers, [statement])


def _same(table: list[Row], new: Row) -> Row | None:
    """Return the row that says the same: most words in common, no other figures, no other polarity."""
    best = max(table, key=lambda row: _overlap(row.words, new.words), default=None)
    if best is None or _overlap(best.words, new.words) < SAME or _negates(best.text) != _negates(new.text):
        return None
    return best if not best.numbers ^ new.numbers or not (best.numbers and new.numbers) else None


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _put_against(table: list[Row], statement: Statement, *, early: bool) -> None:
    """Set a denial or non-confirmation on the row it is about; without one it makes a row of its own.

    What is denied near the top is the story itself, worded otherwise elsewhere: the row is what is denied. Further
    down nobody else puts it forward, and the row is the source's own positive statement.
    """
    if statement.backward:
        for row in _before(table, statement):
            row.statements.append(statement)
        return
    new = _row(statement)
    about = _about(table, new, statement)
    if about:
        about.statements.append(statement)
    elif statement.stance == "denies" and (not early or " any " in f" {statement.text.lower()}"):
        opposite = wording.negated(statement.text)
        table.append(_row(replace(statement, text=opposite, stance="asserts")) if opposite else new)
    else:
        table.append(new)


def _about(table: list[Row], new: Row, statement: Statement) -> Row | None:
    def share(row: Row) -> float:
        common = (row.words & new.words).total()
        return common / max(new.words.total(), 1) if row.statements[0].source != statement.source else 0.0

    best = max(table, key=share, default=None)
    if best is None or share(best) < DENIED or (new.numbers and best.numbers and not new.numbers & best.numbers) or (best.words & new.words).total() < 2 or _negates(best.text):
        return None
    return best


def _contradicted(table: list[Row], new: Row, statement: Statement) -> Row | None:
    """Return the row of another source that a negative statement speaks against."""
    if not statement.source.is_named or not _negates(new.text):
        return None
    if re.match(r"no such\b", new.text, re.IGNORECASE):
        others = [r for r in table if r.statements[0].source.name != statement.source.name]
        return max(others, key=lambda r: r.statements[0].sentence, default=None)
    found = _about(table, new, statement)
    return found if found and found.statements[0].source.name != ARTICLE_VOICE else None


def _before(table: list[Row], statement: Statement) -> list[Row]:
    """Return the rows a "could not be verified" is about: all accounts before it, or what was said last."""
    earlier = [
        (s.sentence, row) for row in table for s in row.statements
        if s.sentence < statement.sentence and s.source.name not in {ARTICLE_VOICE, statement.source.name} and s.stance == "asserts"
    ]  # fmt: skip
    if statement.stance == "denies":
        earlier = [(s.sentence, row) for row in table for s in row.statements if s.sentence == statement.sentence - 1]
    if not earlier:
        return []
    first = 0 if _ACCOUNTS.search(statement.text) else max(number for number, _ in earlier)
    if re.match(r"none of\b", statement.text, re.IGNORECASE):
        first = min((s.sentence for r in table for s in r.statements if s.paragraph == statement.paragraph), default=first)
    return list({id(row): row for number, row in earlier if number >= first}.values())


_ACCOUNTS = re.compile(r"\b(?:accounts|claims|reports|versions)\b", re.IGNORECASE)


def _negates(text: str) -> bool:
    words = set(text.lower().replace("’", "'").split())
    return bool(words & {"not", "no", "never", "none", "nobody", "without", "cannot", "neither", "nothing"}) or "n't" in text


# -- rows as claims --------------------------------------------------------------------------------------------


def claim(row: Row, number: int) -> DraftClaim:
    """Return a row as a claim of the draft."""
    when = next((t.text for t in times.find(row.text) if not times.is_duration(t.text)), None)
    return DraftClaim(
        id=number,
        text=row.text,
        kind=row.statements[0].kind,
        positions=_positions(row.statements),
        when=when,
        where=place(row.text),
    )


def _positions(statements: list[Statement]) -> tuple[DraftPosition, ...]:
    """Join the statements of one source, stance and firmness to one position."""
    held: dict[tuple[str, str, bool], list[Statement]] = {}
    for statement in statements:
        held.setdefault((statement.source.name, statement.stance, statement.hedged), []).append(statement)
    return tuple(_position(group) for group in held.values())


def _position(group: list[Statement]) -> DraftPosition:
    first = group[0]
    source: Source = first.source
    pointers = dict.fromkeys((s.sentence, s.anchor) for s in group)
    return DraftPosition(
        source=source.name,
        aliases=tuple(a for a in source.aliases if a != source.name)[:6],
        via=first.via,
        stance=first.stance,
        hedged=first.hedged,
        evidence=tuple(Pointer(sentence=number, anchor=anchor) for number, anchor in pointers),
    )


def place(text: str) -> str | None:
    """Return the first place a claim names: a name after a preposition of place."""
    for name in names.find(text):
        before = text[: name.start].rstrip().removesuffix(" the").rsplit(None, 1)[-1:]
        if before and before[0].lower() in {"in", "at", "near", "outside"} and not times.find(name.text):
            return name.text
    return None
