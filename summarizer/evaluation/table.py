"""Scores as tables: plain text for a terminal, Markdown for a page."""

from collections.abc import Iterator, Sequence

from summarizer.evaluation.metrics import METRICS, Group
from summarizer.evaluation.ratio import Ratio
from summarizer.evaluation.score import CaseScore, Scores
from summarizer.text.folding import printable

_TITLES: dict[Group, str] = {"score": "Scores", "invariant": "Grounding", "watch": "Watched", "context": "Context"}
_CASE_COLUMNS = ("claims_f1", "key_recall", "positions_f1", "status_accuracy", "figures_f1", "key_coverage")

Row = Sequence[str]


def render_text(scores: Scores, *, misses: bool = False) -> str:
    """Return totals and a line a case as aligned columns; with ``misses`` every miss of every case below."""
    blocks = [_aligned([_TOTALS_HEAD, *_totals(scores, group)], title) for group, title in _TITLES.items()]
    blocks.append(_aligned([_case_head(), *map(_case_row, scores.cases)], f"Cases: {_count(scores)}"))
    blocks.extend(_failures(scores))
    if misses:
        blocks.extend(filter(None, map(_misses, scores.cases)))
    return printable("\n\n".join(blocks)) + "\n"


def render_markdown(scores: Scores) -> str:
    """Return totals and a row a case as Markdown tables."""
    blocks = [f"### {title}\n\n{_piped([_TOTALS_HEAD, *_totals(scores, g)])}" for g, title in _TITLES.items()]
    blocks.append(f"### Cases: {_count(scores)}\n\n{_piped([_case_head(), *map(_case_row, scores.cases)])}")
    blocks.extend(f"- {_escaped(line)}" for line in _failures(scores))
    return "\n\n".join(blocks) + "\n"


_TOTALS_HEAD: Row = ("metric", "value", "of")


def _totals(scores: Scores, group: Group) -> list[Row]:
    names = [m.name for m in METRICS if m.group == group]
    return [(n, _value(scores.totals[n]), _fraction(scores.totals[n])) for n in names]


def _value(ratio: Ratio) -> str:
    return "–" if ratio.value is None else f"{ratio.value:.3f}"


def _fraction(ratio: Ratio) -> str:
    return f"{ratio.numerator:g}/{ratio.denominator:g}"


def _case_head() -> Row:
    return ("case", *_CASE_COLUMNS)


def _case_row(case: CaseScore) -> Row:
    return (case.id, *(_value(case.metrics[name]) for name in _CASE_COLUMNS))


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
    named = ((name, ratio) for name, ratio in case.metrics.items() if name not in _REPEATING)
    lines = [f"  {name:20} {miss.where}: {miss.why}" for name, ratio in named for miss in ratio.misses]
    return "\n".join([f"{case.id}:", *lines]) if lines else ""


_REPEATING = frozenset({"claims_f1", "key_recall", "positions_f1", "positions_f1_all"})


def _aligned(rows: Sequence[Row], title: str) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(w) if n == 0 else cell.rjust(w)
            for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join([title, *lines])


def _piped(rows: Sequence[Row]) -> str:
    head, *body = rows
    return "\n".join(_pipe_lines(head, body))


def _pipe_lines(head: Row, body: Sequence[Row]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---', *['---:'] * (len(head) - 1)])}|"
    for row in body:
        yield f"| {' | '.join(map(_escaped, row))} |"


def _escaped(cell: str) -> str:
    """Make a cell harmless: one line, no markup of ours or HTML's."""
    marked = printable(" ".join(cell.split())).replace("&", "&amp;").replace("<", "&lt;")
    for sign in "\\`*_[]|":
        marked = marked.replace(sign, f"\\{sign}")
    return marked
