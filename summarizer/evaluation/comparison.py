"""A report laid beside the labels of its article: rows, positions and figures paired one-to-one."""

from dataclasses import dataclass
from functools import cache, cached_property

from summarizer.domain.article import Article
from summarizer.domain.report import Figure, Position, Report
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.evaluation.assignment import assign
from summarizer.evaluation.gold import Case
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.matching import Matching, Pair, match
from summarizer.text import figures
from summarizer.text.names import same


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
    def stands(self) -> tuple["Stands", ...]:
        """The positions of all matched rows, paired by source."""
        return tuple(_pair_positions(pair) for pair in self.matching.pairs)


@dataclass(frozen=True, slots=True)
class Stands:
    """The positions of one matched pair of rows: those with the same source, and the leftovers."""

    pair: Pair
    same_source: tuple[tuple[Position, Position], ...]
    gold_only: tuple[Position, ...]
    system_only: tuple[Position, ...]


def compare(case: Case, report: Report) -> Comparison:
    """Lay a report beside the labels of its article and match their rows."""
    gold = gold_report(case)
    return Comparison(case, gold, report, match(gold.claims, report.claims))


def _pair_positions(pair: Pair) -> Stands:
    gold, system = pair.gold.positions, pair.system.positions
    chosen = assign([[_agreement(g, s) for s in system] for g in gold])
    rows, columns = {g for g, _ in chosen}, {s for _, s in chosen}
    return Stands(
        pair=pair,
        same_source=tuple((gold[g], system[s]) for g, s in chosen),
        gold_only=tuple(p for n, p in enumerate(gold) if n not in rows),
        system_only=tuple(p for n, p in enumerate(system) if n not in columns),
    )


def _agreement(gold: Position, system: Position) -> float:
    """Weigh two positions: 0 unless one source holds both; stance, then hedge, then closer names decide between more."""
    if not same_source(gold, system):
        return 0.0
    stance, hedged = gold.stance == system.stance, gold.hedged == system.hedged
    return 1 + 0.2 * stance + 0.1 * hedged + 0.01 * (gold.source == system.source)


def same_source(gold: Position, system: Position) -> bool:
    """Tell whether a position's source is the labels' one, by its name or one of the aliases the labels give.

    The article's own voice is only itself; nameless sources are one another. The report's aliases do not count: a
    report must not gain by naming many.
    """
    if ARTICLE_VOICE in (gold.source, system.source):
        return gold.source == system.source
    if _nameless(gold.source) or _nameless(system.source):
        return _nameless(gold.source) and _nameless(system.source)
    return any(same(name, system.source) for name in (gold.source, *gold.aliases))


def _nameless(source: str) -> bool:
    return source.partition(":")[0].strip().lower() == UNNAMED


def _same_figures(pair: Pair) -> tuple[tuple[int, int], ...]:
    return assign([[float(_same_figure(g, s)) for s in pair.system.figures] for g in pair.gold.figures])


def _same_figure(a: Figure, b: Figure) -> bool:
    return (a.low, a.high) == (b.low, b.high) and _units_agree(a, b)


def _units_agree(a: Figure, b: Figure) -> bool:
    """Tell whether two units may be one: equal, or one's words are among what the other counts ("workers", "people")."""
    mine, yours = _unit_words(a.unit), _unit_words(b.unit)
    if mine == yours:
        return True
    return bool(mine & (yours | _unit_words(b.of)) or yours & _unit_words(a.of))


_UNIT_NAMES = {
    "%": "percent", "percentage": "percent", "percentages": "percent", "$": "dollars", "usd": "dollars",
    "€": "euros", "eur": "euros", "£": "pounds", "gbp": "pounds", "km": "kilometers", "kilometres": "kilometers",
    "mi": "miles", "m": "meters", "metres": "meters", "kg": "kilograms", "t": "tonnes", "tons": "tonnes",
    "hectares": "hectare", "ha": "hectare", "persons": "people", "person": "people",
}  # fmt: skip


def _unit_words(unit: str) -> frozenset[str]:
    words = " ".join(_UNIT_NAMES.get(w, w) for w in unit.lower().replace("per cent", "percent").split())
    return frozenset(content_words(words)) or frozenset(words.split())


