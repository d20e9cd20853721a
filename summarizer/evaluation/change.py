"""What became better or worse since a baseline, as plain text and as Markdown."""

from collections.abc import Iterable, Sequence

from summarizer.evaluation.baseline import Difference, Flip, Moved
from summarizer.evaluation.gate import FailedFloor
from summarizer.evaluation.layout import aligned, escaped, number, piped

SHOWN = 40
"""Rows that a page lists; the rest is counted."""


def render_text(difference: Difference) -> str:
    """Return the rows that turned and the metrics that moved."""
    blocks = [_headline(difference)]
    blocks += [aligned(_FLIP_HEAD, rows, title) for title, rows in _flip_blocks(difference) if rows]
    if moved := _moved(difference):
        blocks.append(aligned(_MOVED_HEAD, moved, "Metrics that moved"))
    if difference.uncompared:
        blocks.append(f"Not in both runs: {', '.join(difference.uncompared)}")
    return "\n\n".join(blocks) + "\n"


def render_markdown(difference: Difference | None, failed: Sequence[FailedFloor]) -> str:
    """Return what a reviewer looks at first: the gate, the rows that turned, the metrics that moved."""
    blocks = [f"**Gate: {'does not hold' if failed or (difference and difference.worse) else 'holds'}**"]
    blocks += [f"- {escaped(str(floor))}" for floor in failed]
    if difference:
        blocks.append(escaped(_headline(difference)))
        blocks += [f"#### {title}\n\n{piped(_FLIP_HEAD, r)}" for title, r in _flip_blocks(difference) if r]
        if moved := _moved(difference):
            blocks.append(f"#### Metrics that moved\n\n{piped(_MOVED_HEAD, moved)}")
    return "\n\n".join(blocks) + "\n"


_FLIP_HEAD = ("case", "row", "metric", "why")
_MOVED_HEAD = ("metric", "before", "after", "change", "p worse")


def _headline(difference: Difference) -> str:
    worse = sum(f.worse for f in difference.flips)
    words = f"Since {difference.system}: {worse} rows got worse, {len(difference.flips) - worse} better."
    fallen = ", ".join(f"{m.metric} by {-m.change:.3f} (p = {m.p:.3f})" for m in difference.worse)
    return f"{words} Fell by more than chance explains: {fallen or 'nothing'}."


def _flip_blocks(difference: Difference) -> Iterable[tuple[str, list[Sequence[str]]]]:
    for title, worse in (("Rows that got worse", True), ("Rows that got better", False)):
        yield title, _flip_rows([f for f in difference.flips if f.worse is worse])


def _flip_rows(flips: Sequence[Flip]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [(f.case, f.row, f.metric, f.why) for f in flips[:SHOWN]]
    return [*rows, (f"and {len(flips) - SHOWN} more", "", "", "")] if len(flips) > SHOWN else rows


def _moved(difference: Difference) -> list[Sequence[str]]:
    moved = [m for m in difference.moved.values() if abs(m.change) > 1e-9]
    return [(m.metric, number(m.before), number(m.after), f"{m.change:+.3f}", _chance(m)) for m in moved]


def _chance(moved: Moved) -> str:
    return "" if moved.p is None else f"{moved.p:.3f}"
