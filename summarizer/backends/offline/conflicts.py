"""Finds rows that cannot both be true: rival figures for one thing, and a source at odds with itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from summarizer.backends.offline.centrality import REACH, likeness
from summarizer.backends.offline.claims import Row
from summarizer.domain.draft import DraftClaim, DraftConflict
from summarizer.text import figures
from summarizer.text.figures import Quantity
from summarizer.text.words import content_words

_ALIKE = 0.5
_MOST = 12


def find(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> tuple[DraftConflict, ...]:
    """Return the conflicts of a claim table in its order."""
    return (*_with_themselves(claims), *_rival_figures(rows, claims))[:_MOST]


def _with_themselves(claims: Sequence[DraftClaim]) -> Iterator[DraftConflict]:
    for claim in claims:
        asserting = {p.source for p in claim.positions if p.stance == "asserts"}
        for position in claim.positions:
            if position.stance == "denies" and position.source in asserting:
                yield DraftConflict(claims=(claim.id, claim.id), why=f"{position.source} both asserts and denies it")
                break


def _rival_figures(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> Iterator[DraftConflict]:
    counted = [(row, claim, read) for row, claim in zip(rows[:REACH], claims, strict=False) if (read := _single(row))]
    for (row_a, a, x), (row_b, b, y) in combinations(counted, 2):
        if _same_thing(row_a, row_b, x, y) and _rival(x, y):
            yield DraftConflict(claims=(a.id, b.id), why=f"{_shown(row_a, x)} in one row, {_shown(row_b, y)} in the other")


def _single(row: Row) -> Quantity | None:
    """Return a row's figure where it has exactly one."""
    read = figures.read(row.text)
    return read[0] if len(read) == 1 else None


def _same_thing(a: Row, b: Row, x: Quantity, y: Quantity) -> bool:
    if x.unit != y.unit or (x.of and y.of and not set(content_words(x.of)) & set(content_words(y.of))):
        return False
    return likeness(_rest(a, x), _rest(b, y)) >= _ALIKE


def _rest(row: Row, quantity: Quantity) -> Counter[str]:
    return Counter(content_words(row.text[: quantity.start] + " " + row.text[quantity.end :])) + Counter(content_words(quantity.of))


def _rival(x: Quantity, y: Quantity) -> bool:
    """Tell whether no number fits both; "at least N" leaves room for more."""
    low = max(v for v in (x.low, y.low, float("-inf")) if v is not None)
    high = min(v for v in (x.high, y.high, float("inf")) if v is not None)
    return low > high


def _shown(row: Row, quantity: Quantity) -> str:
    return repr(row.text[quantity.start : quantity.end])
