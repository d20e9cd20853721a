"""Scores as tables: plain text for a terminal, Markdown for a page."""

from summarizer.evaluation import statistics
from summarizer.evaluation.layout import Row, aligned, escaped, number, piped
from summarizer.evaluation.metrics import METRICS, Group
from summarizer.evaluation.ratio import Ratio
from summarizer.evaluation.score import CaseScore, Scores
from summarizer.text.folding import printable

TITLES: dict[Group, str] = {
    "score": "Scores",
    "invariant": "Grounding",
    "watch": "Watched",
    "context": "Context",
}
CASE_COLUMNS = ("claims_f1", "key_recall", "positions_f1", "status_accuracy", "figures_f1", "key_coverage")

_SUMS = frozenset(m.name for m in METRICS if m.group == "context")
"""Metrics that are no shares and have no interval."""


def render_text(scores: Scores, *, misses: bool = False) -> str:
    """Return totals and a line a case as aligned columns; with ``misses`` every miss of every case below."""
    blocks = [aligned(_TOTALS_HEAD, totals(scores, group), title) for group, title in TITLES.items()]
    blocks.append(aligned(_case_head(), list(map(case_row, scores.cases)), f"Cases: {_count(scores)}"))
    blocks.extend(_failures(scores))
    if misses:
        blocks.extend(filter(None, map(_misses, scores.cases)))
    return printable("\n\n".join(blocks)) + "\n"


def render_markdown(scores: Scores) -> str:
    """Return totals and a row a case as Markdown tables."""
    blocks = [f"### {title}\n\n{piped(_TOTALS_HEAD, totals(scores, g))}" for g, title in TITLES.items()]
    blocks.append(f"### Cases: {_count(scores)}\n\n{piped(_case_head(), list(map(case_row, scores.cases)))}")
    blocks.extend(f"- {escaped(line)}" for line in _failures(scores))
    return "\n\n".join(blocks) + "\n"


_TOTALS_HEAD: Row = ("metric", "value", "95 %", "of")


def totals(scores: Scores, group: Group) -> list[Row]:
    """Return name, value, interval and fraction of each metric of a group."""
    names = [m.name for m in METRICS if m.group == group]
    return [
        (n, number(scores.totals[n].value), _interval(scores, n), _fraction(scores.totals[n])) for n in names
    ]


def _interval(scores: Scores, metric: str) -> str:
    return "" if metric in _SUMS else between(scores.counts(metric))


def between(counts: statistics.Counts) -> str:
    """Write the interval of a share; nothing where it cannot be told."""
    found = statistics.interval(counts) if statistics.can_tell() else None
    return "" if found is None else f"{found.low:.3f}–{found.high:.3f}"


def _fraction(ratio: Ratio) -> str:
    return f"{ratio.numerator:g}/{ratio.denominator:g}"


def _case_head() -> Row:
    return ("case", *CASE_COLUMNS)


def case_row(case: CaseScore) -> Row:
    """Return a case's id and its values of the main metrics."""
    return (case.id, *(number(case.metrics[name].value) for name in CASE_COLUMNS))


def _count(scores: Scores) -> str:
    return (
        f"{len(scores.cases)}, of which {len(scores.failures)} failed"
        if scores.failures
        else str(len(scores.cases))
    )


def _failures(scores: Scores) -> list[str]:
    return [f"{case.id} failed: {case.failure}" for case in scores.failures]


def _misses(case: CaseScore) -> str:
    if case.failure:
        return ""
    # F1 repeats what recall and precision miss.
    named = ((name, ratio) for name, ratio in case.metrics.items() if name not in REPEATING)
    lines = [f"  {name:20} {miss.where}: {miss.why}" for name, ratio in named for miss in ratio.misses]
    return "\n".join([f"{case.id}:", *lines]) if lines else ""


REPEATING = frozenset({"claims_f1", "key_recall", "positions_f1", "positions_f1_all"})
