"""Which row of a report says the same as which row of the labels: one-to-one, without a judge.

``s = .5 * content-token F1 + .5 * evidence-character IoU``, but 0 where one text negates what the other does
not, or where their numbers cannot be the same. A denial and the assertion of the opposite are one: where one
text negates the other and a source stands on opposite sides of them, the report's row is turned round. Rows
are paired so that the sum of ``s`` is greatest; pairs below ``THRESHOLD`` do not count.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from summarizer.domain.report import Claim
from summarizer.domain.vocabulary import Stance
from summarizer.evaluation.assignment import assign
from summarizer.evaluation.spans import Intervals, intervals, iou
from summarizer.text.figures import read
from summarizer.text.folding import fold
from summarizer.text.names import same
from summarizer.text.words import content_words

THRESHOLD = 0.35
"""The least similarity at which two rows count as one; fitted on adjudicated pairs (evals/AGREEMENT.md)."""

Veto = Literal["polarity", "figures"]


class Bounds(Protocol):
    """A number: at least ``low``, at most ``high``; None where unbounded."""

    @property
    def low(self) -> float | None:
        """The least it may be."""

    @property
    def high(self) -> float | None:
        """The most it may be."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """How far two rows say the same.

    Attributes:
        words: F1 of their texts' content words, counted with repetition.
        evidence: Characters both cite / characters either cites.
        mirrored: Whether the row says the opposite with opposite stances, which is the same.
        veto: Why they cannot be the same all the same, or None.
    """

    words: float
    evidence: float
    veto: Veto | None = None
    mirrored: bool = False

    @property
    def unvetoed(self) -> float:
        """.5 * words + .5 * evidence, between 0 and 1."""
        return 0.5 * self.words + 0.5 * self.evidence

    @property
    def value(self) -> float:
        """The same, but 0 where vetoed."""
        return 0.0 if self.veto else self.unvetoed


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the labels and the row of the report that says the same, turned round if mirrored."""

    gold: Claim
    system: Claim
    similarity: Similarity


@dataclass(frozen=True, slots=True)
class Matching:
    """All pairs, and what was left over on either side, with the likeliest partner of each leftover."""

    pairs: tuple[Pair, ...]
    unmatched_gold: tuple[tuple[Claim, Pair | None], ...]
    unmatched_system: tuple[tuple[Claim, Pair | None], ...]

    def of_gold(self, claim_id: str) -> Pair | None:
        """Return the pair of a row of the labels, or None."""
        return next((p for p in self.pairs if p.gold.id == claim_id), None)

    def of_system(self, claim_id: str) -> Pair | None:
        """Return the pair of a row of the report, or None."""
        return next((p for p in self.pairs if p.system.id == claim_id), None)


def match(gold: Sequence[Claim], system: Sequence[Claim], *, threshold: float = THRESHOLD) -> Matching:
    """Pair rows of the labels with rows of a report so that their similarities sum up highest.

    Only pairs of at least ``threshold`` count. Among equal sums closer evidence wins, then closer words,
    then the report's earlier row.
    """
    wanted, had = [_profile(c) for c in gold], [_profile(c) for c in system]
    table = [[_compare(g, s) for s in had] for g in wanted]
    for g, row in enumerate(table):
        for s, like in enumerate(row):
            if like.veto == "polarity" and _oppositely_held(gold[g], system[s]):
                row[s] = replace(like, veto=_veto_of_figures(wanted[g], had[s]), mirrored=True)
    chosen = assign([[_weight(s, threshold, n) for n, s in enumerate(row)] for row in table])
    by_gold, by_system = dict(chosen), {s: g for g, s in chosen}

    def pair(g: int, s: int) -> Pair:
        like = table[g][s]
        return Pair(gold[g], turned(system[s]) if like.mirrored else system[s], like)

    def nearest(candidates: Iterable[tuple[int, int]]) -> Pair | None:
        pairs = (pair(g, s) for g, s in candidates)
        best = max(pairs, key=lambda p: p.similarity.unvetoed, default=None)
        return best if best and best.similarity.unvetoed > 0 else None

    rows, columns = range(len(gold)), range(len(system))
    return Matching(
        pairs=tuple(pair(g, s) for g, s in chosen),
        unmatched_gold=tuple((gold[g], nearest((g, s) for s in columns)) for g in rows if g not in by_gold),
        unmatched_system=tuple(
            (system[s], nearest((g, s) for g in rows)) for s in columns if s not in by_system
        ),
    )


def similarity(gold: Claim, system: Claim) -> Similarity:
    """Compare two rows of one article."""
    return _compare(_profile(gold), _profile(system))


def turned(claim: Claim) -> Claim:
    """Return a row with its stances turned round: "p is denied" for "not p is asserted"."""
    positions = tuple(p.model_copy(update={"stance": _TURNED[p.stance]}) for p in claim.positions)
    return claim.model_copy(update={"positions": positions})


_TURNED: dict[Stance, Stance] = {
    "asserts": "denies",
    "denies": "asserts",
    "does_not_confirm": "does_not_confirm",
}


def _oppositely_held(gold: Claim, system: Claim) -> bool:
    """Tell whether some source asserts the one row and denies the other."""
    return any(
        {g.stance, s.stance} == {"asserts", "denies"}
        and any(same(name, s.source) for name in (g.source, *g.aliases))
        for g in gold.positions
        for s in system.positions
    )


def opposed(a: str, b: str) -> bool:
    """Tell whether exactly one of two texts negates something that both speak of.

    A negation reaches to the end of its clause: "it held wheat and not a single rifle" is not opposed to "it
    held wheat", but "it held no wheat" is.
    """
    return _opposed(_negated(a), frozenset(content_words(a)), _negated(b), frozenset(content_words(b)))


def may_be_one(a: Bounds, b: Bounds) -> bool:
    """Tell whether two numbers may be one: they share a bound, or both are ranges and overlap.

    "At least 31" and "31" may; "at least 31" and "40" may not, though 40 is at least 31.
    """
    if {a.low, a.high} & {b.low, b.high} - {None}:
        return True
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return False
    return a.low <= b.high and b.low <= a.high


_NEGATION = re.compile(
    r"(?:\b(?:not(?! only| just| merely)|no(?!\.? \d| doubt)|never|none|nobody|nothing|nowhere|neither|nor"
    r"|without|cannot)\b|n't\b)(?P<reach>[^,;:.!?()\"]{0,200})",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"\b(?:and|but|because|although|though|while)\b", re.IGNORECASE)


def _negated(text: str) -> frozenset[str]:
    """Return the content words that a text's negations reach."""
    reaches = (m["reach"] for m in _NEGATION.finditer(fold(text)))
    return frozenset(
        word for reach in reaches for word in content_words(_CLAUSE_END.split(reach, maxsplit=1)[0])
    )


def _opposed(
    negated_a: frozenset[str], words_a: Collection[str], negated_b: frozenset[str], words_b: Collection[str]
) -> bool:
    return negated_a.isdisjoint(words_b) != negated_b.isdisjoint(words_a)


@dataclass(frozen=True, slots=True)
class _Profile:
    """What of a row is compared, worked out once a row."""

    words: Counter[str]
    evidence: Intervals
    negated: frozenset[str]
    numbers: tuple[Bounds, ...]
    held: tuple[Bounds, ...]


def _profile(claim: Claim) -> _Profile:
    return _Profile(
        words=Counter(content_words(claim.text)),
        evidence=intervals(e for p in claim.positions for e in p.evidence),
        negated=_negated(claim.text),
        numbers=tuple(read(claim.text)),
        held=claim.figures,
    )


def _compare(a: _Profile, b: _Profile) -> Similarity:
    return Similarity(_words_f1(a.words, b.words), iou(a.evidence, b.evidence), _veto(a, b))


def _words_f1(a: Counter[str], b: Counter[str]) -> float:
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _veto(a: _Profile, b: _Profile) -> Veto | None:
    if _opposed(a.negated, a.words, b.negated, b.words):
        return "polarity"
    return _veto_of_figures(a, b)


def _veto_of_figures(a: _Profile, b: _Profile) -> Veto | None:
    return "figures" if a.numbers and b.numbers and not _may_agree(a, b) else None


def _may_agree(a: _Profile, b: _Profile) -> bool:
    """Tell whether some number of one text may be one of the other's, or is held in the other's figures."""
    return any(may_be_one(x, y) for x in a.numbers for y in (*b.numbers, *b.held)) or any(
        may_be_one(x, y) for x in b.numbers for y in a.held
    )


def _weight(similarity: Similarity, threshold: float, number: int) -> float:
    """Weigh a pair for the assignment; what is added is too small for more than to break ties."""
    if similarity.value < threshold:
        return 0.0
    return similarity.value + 1e-6 * similarity.evidence + 1e-9 * similarity.words - 1e-13 * number
