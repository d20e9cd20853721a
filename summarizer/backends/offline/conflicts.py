"""Finds rows that cannot both be true: rival figures for one thing, and a source at odds with itself."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from summarizer.backends.offline.centrality import REACH, likeness
from summarizer.backends.offline.claims import Row, topics
from summarizer.backends.offline.naming import key
from summarizer.domain.draft import DraftClaim, DraftConflict
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text import figures
from summarizer.text.figures import Quantity
from summarizer.text.words import content_words

_ALIKE, _ALIKE_NEAR = 0.5, 0.25
_MOST = 12
_BACK, _NEAR = 40, 12


def find(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> tuple[DraftConflict, ...]:
    """Return the conflicts of a claim table in its order."""
    return (*_with_themselves(claims), *_rival_figures(rows, claims))[:_MOST]


def _with_themselves(claims: Sequence[DraftClaim]) -> Iterator[DraftConflict]:
    for claim in claims:
        against = [p.source for p in claim.positions if p.stance == "denies"]
        for holder in (p.source for p in claim.positions if p.stance == "asserts"):
            denier = next(
                (source for source in against if source == holder or _one_house(source, holder)), None
            )
            if denier:
                why = (
                    f"{holder} both asserts and denies it"
                    if denier == holder
                    else f"{holder} asserts it, {denier} denies it"
                )
                yield DraftConflict(claims=(claim.id, claim.id), why=why)
                break


_FORCES = frozenset(["military", "army", "navy", "command", "forces", "pentagon", "defense", "defence"])


def _one_house(a: str, b: str) -> bool:
    """Tell whether two bodies are one country's forces ("Ostran military", "Northern Command of Ostra")."""
    first, second = (set(key(name).split()) for name in (a, b))
    country = {w for w in first & second if w not in _FORCES and len(w) > 3} or (
        _ACRONYM.findall(a) and (set(_ACRONYM.findall(a)) & set(_ACRONYM.findall(b)))
    )
    return bool(first & _FORCES and second & _FORCES and country)


_ACRONYM = re.compile(r"(?:[A-Z]\.){2,}")


def _rival_figures(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> Iterator[DraftConflict]:
    counted = [
        (row, claim, read)
        for row, claim in zip(rows[:REACH], claims, strict=False)
        if (read := _leading(row))
    ]
    for n, (row, claim, figure) in enumerate(counted):
        for earlier, other, rival in reversed(counted[max(n - _BACK, 0) : n]):
            if _same_thing(earlier, row, rival, figure) and _rival(rival, figure):
                why = f"{_shown(earlier, rival)} in one row, {_shown(row, figure)} in the other"
                yield DraftConflict(claims=(other.id, claim.id), why=why)
                break


def _leading(row: Row) -> Quantity | None:
    """Return a row's first figure."""
    return next(iter(figures.read(row.text)), None)


def _same_thing(a: Row, b: Row, x: Quantity, y: Quantity) -> bool:
    """Tell whether two figures are about one thing: same words, or the later points back."""
    if x.unit and y.unit and x.unit != y.unit:
        return False
    if _POINTS_BACK.match(b.text):
        near = 0 <= b.first.sentence - a.first.sentence <= _NEAR
        return near and a.first.source != b.first.source and (bool(x.unit) or not y.unit)
    return likeness(_rest(a, x), _rest(b, y)) >= (_ALIKE_NEAR if _answers(a, b) else _ALIKE)


def _answers(a: Row, b: Row) -> bool:
    """Tell whether two rows are the word of two sources, one right after the other."""
    voices = {a.first.source.name, b.first.source.name}
    return len(voices) == 2 and ARTICLE_VOICE not in voices and abs(b.first.sentence - a.first.sentence) <= 1


_POINTS_BACK = re.compile(
    r"(?:The|That|Its)\s+(?:figure|toll|number|total|rate|count|cut|saving|sum|cost|losses)\b", re.IGNORECASE
)


def _rest(row: Row, quantity: Quantity) -> Counter[str]:
    rest = f"{row.text[: quantity.start]} {row.text[quantity.end :]} {quantity.of}"
    return topics(Counter(content_words(rest)))


def _rival(x: Quantity, y: Quantity) -> bool:
    """Tell whether no number fits both; "at least N" leaves room for more."""
    low = max(v for v in (x.low, y.low, float("-inf")) if v is not None)
    high = min(v for v in (x.high, y.high, float("inf")) if v is not None)
    return low > high


def _shown(row: Row, quantity: Quantity) -> str:
    return repr(row.text[quantity.start : quantity.end])
