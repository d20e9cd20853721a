"""A report laid beside the labels of its article: rows, positions and figures paired one-to-one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

from summarizer.checks import reading
from summarizer.domain.article import Article
from summarizer.domain.draft import Draft, DraftSentence
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Evidence, Figure, Position, Report
from summarizer.domain.sentences import Sentences
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.evaluation.assignment import assign
from summarizer.evaluation.gold import Case
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.matching import Matching, Pair, match
from summarizer.text import figures
from summarizer.text.names import same
from summarizer.text.sentences import split

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PairedPositions:
    """The positions of two matched rows: those of the same source, and the leftovers."""

    pair: Pair
    both: tuple[tuple[Position, Position], ...]
    gold_only: tuple[Position, ...]
    system_only: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class PairedFigures:
    """The figures of two matched rows: those that are the same, and the leftovers."""

    pair: Pair
    both: tuple[tuple[Figure, Figure], ...]
    gold_only: tuple[Figure, ...]
    system_only: tuple[Figure, ...]


@dataclass(frozen=True)
class Comparison:
    """A report beside the labels of its article; what all metrics are functions of.

    Attributes:
        gold: The labels as a report.
        system: The report to be measured.
        matching: Which of their rows are one.
    """

    case: Case
    gold: Report
    system: Report
    matching: Matching

    @property
    def article(self) -> Article:
        """The article both are about."""
        return self.case.article

    @cached_property
    def sentences(self) -> Sentences:
        """The article's sentences."""
        return split(self.article.text)

    @cached_property
    def rows(self) -> tuple[Claim, ...]:
        """The report's rows, those turned round that say a row of the labels the other way."""
        partners = {p.system.id: p.system for p in self.matching.pairs}
        return tuple(partners.get(claim.id, claim) for claim in self.system.claims)

    @cached_property
    def grounded(self) -> GroundedDraft:
        """The report as the checks read it: what a check finds at run time and what is measured are one."""
        report = self.system
        return GroundedDraft(
            article=self.article,
            sentences=self.sentences,
            draft=Draft(headline=DraftSentence(text="")),
            headline=report.headline,
            summary=report.summary,
            claims=report.claims,
            conflicts=report.conflicts,
            loaded=report.loaded,
            furniture=report.furniture,
        )

    def sentences_around(self, spans: Iterable[Evidence]) -> str:
        """Return the text of the whole sentences that spans stand in, a line a sentence."""
        return reading.text_of(self.grounded, reading.sentences_of(self.grounded, spans))

    @cached_property
    def positions(self) -> tuple[PairedPositions, ...]:
        """The positions of all matched rows, paired by source."""
        return tuple(map(_pair_positions, self.matching.pairs))

    @cached_property
    def figures(self) -> tuple[PairedFigures, ...]:
        """The figures of all matched rows, paired where they are the same."""
        return tuple(map(_pair_figures, self.matching.pairs))


def compare(case: Case, report: Report) -> Comparison:
    """Lay a report beside the labels of its article and match their rows."""
    gold = gold_report(case)
    return Comparison(case, gold, report, match(gold.claims, report.claims))


def same_source(gold: Position, system: Position) -> bool:
    """Tell whether a position's source is the labels' one, by its name or an alias the labels give.

    The article's own voice is only itself; nameless sources are one another. The report's aliases do not
    count: a report must not gain by naming many.
    """
    if ARTICLE_VOICE in (gold.source, system.source):
        return gold.source == system.source
    if _nameless(gold.source) or _nameless(system.source):
        return _nameless(gold.source) and _nameless(system.source)
    return any(same(name, system.source) for name in (gold.source, *gold.aliases))


def same_figure(gold: Figure, system: Figure) -> bool:
    """Tell whether two figures of one row are one: the same bounds, and units that do not clash."""
    return figures.compatible(_quantity(gold), _quantity(system))


def _pair_positions(pair: Pair) -> PairedPositions:
    gold, system = pair.gold.positions, pair.system.positions
    chosen = assign([[_agreement(g, s) for s in system] for g in gold])
    return PairedPositions(pair, *_split(gold, system, chosen))


def _pair_figures(pair: Pair) -> PairedFigures:
    gold, system = pair.gold.figures, pair.system.figures
    chosen = assign([[float(same_figure(g, s)) for s in system] for g in gold])
    return PairedFigures(pair, *_split(gold, system, chosen))


def _split(
    gold: Sequence[Item], system: Sequence[Item], chosen: Sequence[tuple[int, int]]
) -> tuple[tuple[tuple[Item, Item], ...], tuple[Item, ...], tuple[Item, ...]]:
    """Return what is paired and what is left over on either side."""
    rows, columns = {g for g, _ in chosen}, {s for _, s in chosen}
    return (
        tuple((gold[g], system[s]) for g, s in chosen),
        tuple(item for n, item in enumerate(gold) if n not in rows),
        tuple(item for n, item in enumerate(system) if n not in columns),
    )


def _agreement(gold: Position, system: Position) -> float:
    """Weigh two positions: 0 unless they share a source; stance, hedge and name break ties."""
    if not same_source(gold, system):
        return 0.0
    stance, hedged = gold.stance == system.stance, gold.hedged == system.hedged
    return 1 + 0.2 * stance + 0.1 * hedged + 0.01 * (gold.source == system.source)


def _nameless(source: str) -> bool:
    return source.partition(":")[0].strip().lower() == UNNAMED


def _quantity(figure: Figure) -> figures.Quantity:
    return figures.Quantity(0, 0, figure.low, figure.high, _unit(figure.unit), figure.of)


@cache
def _unit(unit: str) -> str:
    """Return a unit as figures are read with: "kilometres" gives "km"."""
    sample = figures.read(f"5 {unit}")
    return (sample[0].unit if sample else "") or unit
