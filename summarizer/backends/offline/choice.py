"""Chooses the rows a summary tells: central, early, on the headline's topic, contested or with figures."""

import re
from collections import Counter
from collections.abc import Sequence

from summarizer.backends.offline import centrality, grammar
from summarizer.backends.offline.claims import Row
from summarizer.backends.offline.statements import Statement
from summarizer.domain.draft import DraftClaim
from summarizer.domain.vocabulary import ARTICLE_VOICE, CONTESTED, derive_status
from summarizer.text.words import content_words

_WORDS = 110
"""Words of a summary at most, unless a single row takes more."""
_SENTENCES = 6
_ROWS_A_SENTENCE = 3


def topic(statements: Sequence[Statement]) -> Counter[str]:
    """Return the words of what stands above the body."""
    return Counter(word for s in statements if s.headline for word in content_words(s.text))


def weights(rows: Sequence[Row], claims: Sequence[DraftClaim], about: Counter[str]) -> list[float]:
    """Return how much each row matters."""
    priors = [1.0 / (1.0 + 0.35 * i) for i in range(len(rows))]
    central = centrality.rank([row.words for row in rows], priors)
    return [
        weight * _standing(row, claim) * (1 + _on_topic(row, about))
        for weight, row, claim in zip(central, rows, claims, strict=True)
    ]


def _on_topic(row: Row, about: Counter[str]) -> float:
    """Return the share of a row's words that the headline has, too."""
    return (row.words & about).total() / max(row.words.total(), 1)


_BOUND = re.compile(
    r"(?:His|Her|Its|Their|He|She|It|They|This|These|Those|That|There|Here|What"
    r"|The\s+(?:same|other|rest|figure|number|toll|total))\b"
)
_IN_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|me|[Yy]ou|[Yy]our)\b")


def _standing(row: Row, claim: DraftClaim) -> float:
    """Weigh what a row is: contested and counted rows up; asides, loose pronouns and bare nouns down."""
    weight = 1 + 0.5 * (len(claim.positions) - 1)
    weight *= 1.5 if derive_status(claim.positions) in CONTESTED else 1.0
    weight *= 0.0 if _withdrawn(claim) else 1.0
    weight *= 1.4 if row.numbers else 1.0
    weight *= 0.6 if row.first.kind == "forecast" and not row.first.source.is_named else 1.0
    weight *= 0.4 if all(s.aside for s in row.statements) else 1.0
    weight *= 0.3 if _BOUND.match(claim.text) else 1.0
    weight *= 0.2 if _IN_PERSON.search(claim.text) else 1.0
    return weight * (1.0 if grammar.has_finite(grammar.lex(claim.text)) else 0.1)


def _withdrawn(claim: DraftClaim) -> bool:
    """Tell whether the article itself takes it back."""
    return any(p.source == ARTICLE_VOICE and p.stance == "denies" for p in claim.positions)


def groups(
    rows: Sequence[Row], claims: Sequence[DraftClaim], order: Sequence[int], costs: Sequence[int]
) -> list[list[int]]:
    """Choose rows in this order within the words there are; near rows of one voice share a sentence.

    Args:
        rows: The table.
        claims: The same as claims.
        order: Indices, the most important first.
        costs: Words it takes to tell each.
    """
    chosen: list[list[int]] = []
    left = _WORDS
    for i in order:
        if any(centrality.likeness(rows[i].words, rows[j].words) > 0.5 for g in chosen for j in g):
            continue
        home = next((g for g in chosen if len(g) < _ROWS_A_SENTENCE and _belong(rows, claims, g[0], i)), None)
        cost = len(claims[i].text.split()) + 2 if home else costs[i]  # who says it is said once
        if chosen and (cost > left or (home is None and len(chosen) == _SENTENCES)):
            continue
        left -= cost
        if home is None:
            chosen.append([i])
        else:
            home.append(i)
            home.sort()
    return sorted(chosen)


def _belong(rows: Sequence[Row], claims: Sequence[DraftClaim], a: int, b: int) -> bool:
    """Tell whether two rows can be told in one breath: one plain voice, and near each other."""
    voices = [{(p.source, p.stance, p.hedged) for p in claims[i].positions} for i in (a, b)]
    near = abs(rows[a].first.paragraph - rows[b].first.paragraph) <= 1
    short = len(claims[a].text) + len(claims[b].text) < 220
    return near and short and voices[0] == voices[1] and len(voices[0]) == 1
