"""Tables: aligned columns for a terminal, pipes for Markdown; every cell made harmless."""

from collections.abc import Sequence

from summarizer.text.folding import printable

Row = Sequence[str]


def aligned(head: Row, rows: Sequence[Row], title: str, *, left: int = 1) -> str:
    """Return rows as columns under a title, the first ``left`` flush left, the others flush right."""
    table = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  ".join(_cells(row, widths, left)).rstrip() for row in table)
    return "\n".join([title, *lines])


def piped(head: Row, rows: Sequence[Row], *, left: int = 1) -> str:
    """Return rows as a Markdown table, the first ``left`` columns flush left."""
    rule = [*["---"] * left, *["---:"] * (len(head) - left)]
    body = (f"| {' | '.join(map(escaped, row))} |" for row in rows)
    return "\n".join([f"| {' | '.join(head)} |", f"|{'|'.join(rule)}|", *body])


def number(value: float | None) -> str:
    """Write a share; a dash where nothing was measured."""
    return "–" if value is None else f"{value:.3f}"


def escaped(cell: str) -> str:
    """Make a cell harmless: one line, no markup of ours or HTML's."""
    marked = printable(" ".join(cell.split())).replace("&", "&amp;").replace("<", "&lt;")
    for sign in "\\`*_[]|":
        marked = marked.replace(sign, f"\\{sign}")
    return marked


def _cells(row: Row, widths: Sequence[int], left: int) -> list[str]:
    return [
        cell.ljust(width) if n < left else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
