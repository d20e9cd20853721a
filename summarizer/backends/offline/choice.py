"""Chooses the rows a summary tells: early, opening a paragraph, somebody's word, contested or counted."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from summarizer.backends.offline import centrality, grammar
from summarizer.backends.offline.claims import Row
from summarizer.backends.offline.statements import Statement
from summarizer.domain.draft import DraftClaim
from summarizer.domain.vocabulary import ARTICLE_VOICE, CONTESTED, derive_status
from summarizer.text import cues
from summarizer.text.words import content_words

_WORDS = 128
"""Words of a summary at most, unless a single row takes more."""
_SENTENCES = 5
_ROWS_A_SENTENCE = 3
_ONE_BREATH = 45
"""Words of a sentence that tells several rows."""


def weights(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> list[float]:
    """Return how much each row matters, by where it stands in the article and what it is; positive."""
    places = _Places(rows)
    return [
        math.exp(places.points(row) + _points(row, claim)) for row, claim in zip(rows, claims, strict=True)
    ]


class _Places:
    """Where rows stand: news tells what matters early, and at the head of a paragraph."""

    def __init__(self, rows: Sequence[Row]) -> None:
        numbers = sorted({row.first.sentence for row in rows})
        self._rank = {number: rank for rank, number in enumerate(numbers)}
        self._opens: dict[int, int] = {}
        for row in rows:
            first = row.first
            self._opens[first.paragraph] = min(
                first.sentence, self._opens.get(first.paragraph, first.sentence)
            )

    def points(self, row: Row) -> float:
        """Return a row's points for its place."""
        rank = self._rank[row.first.sentence]
        points = 1.0 * (rank < 3) + 0.5 * (rank < 9) - 0.9 * rank / len(self._rank)
        return points + 0.45 * (self._opens[row.first.paragraph] == row.first.sentence)


_BOUND = re.compile(
    r"(?:His|Her|Its|Their|He|She|It|They|This|These|Those|That|There|Here|What"
    r"|The\s+(?:same|other|rest|figure|number|toll|total))\b"
)
_IN_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|me|[Yy]ou|[Yy]our)\b")


def _points(row: Row, claim: DraftClaim) -> float:
    """Return a row's points for what it is: who stands on it, figures, substance; asides and talk lose."""
    positions = claim.positions
    points = 0.7 * math.log(max(len(claim.text.split()), 4))
    points += 0.5 * (derive_status(positions) in CONTESTED)
    points += 1.8 * any(p.stance == "denies" for p in positions)
    points += 0.7 * any(p.source != ARTICLE_VOICE for p in positions)
    points += 0.4 * bool(row.numbers)
    points -= 2.5 * all(s.aside for s in row.statements)
    points -= 0.6 * bool(_BOUND.match(claim.text))
    points -= 0.5 * ('"' in claim.text or "“" in claim.text)
    points -= 1.4 * bool(_IN_PERSON.search(claim.text))
    points -= 2.0 * grammar.is_base(
        claim.text.split(maxsplit=1)[0].lower()
    )  # an order: "Put seed in their hands"
    points -= 3.0 * (not grammar.has_finite(grammar.lex(claim.text)))
    if derive_status(positions) in CONTESTED and (
        cues.has_denial(claim.text) or cues.has_nonconfirmation(claim.text)
    ):
        points -= 3.0  # "Renn denied it, but the union denies this" helps no reader
    return points - 9.0 * _withdrawn(claim)


def _withdrawn(claim: DraftClaim) -> bool:
    """Tell whether the article itself takes it back."""
    return any(p.source == ARTICLE_VOICE and p.stance == "denies" for p in claim.positions)


def topic(statements: Sequence[Statement]) -> Counter[str]:
    """Return the words of what stands above the body."""
    return Counter(word for s in statements if s.headline for word in content_words(s.text))


def on_topic(row: Row, about: Counter[str]) -> float:
    """Return the share of a row's words that the headline has, too."""
    return (row.words & about).total() / max(row.words.total(), 1)


def groups(
    rows: Sequence[Row], claims: Mapping[int, DraftClaim], weights: Sequence[float], costs: Mapping[int, int]
) -> list[list[int]]:
    """Choose rows within the words there are; near rows of one voice share a sentence.

    What matters most for the words it takes comes first, so that five short rows win over two long ones.

    Args:
        rows: The table.
        claims: The rows that come into question, by their places in the table, as they would be told.
        weights: How much each row matters.
        costs: Words it takes to tell each that comes into question.
    """
    chosen: list[list[int]] = []
    left = _WORDS
    for i in sorted(claims, key=lambda i: (-weights[i] / math.sqrt(max(costs[i], 4)), i)):
        if any(centrality.likeness(rows[i].words, rows[j].words) > 0.5 for g in chosen for j in g):
            continue
        home = _home(rows, claims, costs, chosen, i)
        # Who says it is said once.
        cost = len(claims[i].text.split()) + 2 if home and one_voice(claims[home[0]], claims[i]) else costs[i]
        if chosen and (cost > left or (home is None and len(chosen) == _SENTENCES)):
            continue
        left -= cost
        if home is None:
            chosen.append([i])
        else:
            home.append(i)
            home.sort()
    return sorted(chosen)


def one_voice(a: DraftClaim, b: DraftClaim) -> bool:
    """Tell whether the same sources stand on two rows in the same way: the rows can be told as one."""
    voices = [{(p.source, p.stance, p.hedged, p.via) for p in claim.positions} for claim in (a, b)]
    return voices[0] == voices[1] and a.kind == b.kind


def _home(
    rows: Sequence[Row],
    claims: Mapping[int, DraftClaim],
    costs: Mapping[int, int],
    chosen: Sequence[list[int]],
    i: int,
) -> list[int] | None:
    """Return the sentence that a row can be told in: near it, not too long, of one voice if possible."""

    def fits(group: Sequence[int]) -> bool:
        near = all(abs(rows[j].first.paragraph - rows[i].first.paragraph) <= 2 for j in group)
        return near and len(group) < _ROWS_A_SENTENCE and sum(costs[j] for j in (*group, i)) < _ONE_BREATH

    fitting = [group for group in chosen if fits(group)]
    alike = (group for group in fitting if all(one_voice(claims[j], claims[i]) for j in group))
    return next(alike, next(iter(fitting), None))
