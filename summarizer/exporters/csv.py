"""CSV: one row a position, defused for spreadsheets."""

import csv
import io
from typing import Any

from summarizer.domain.report import Outcome, Report
from summarizer.exporters.rows import COLUMNS, rows
from summarizer.text.folding import printable

FORMULA_STARTS = "=+-@\t\r＝＋－＠"
"""First characters that make a spreadsheet compute a cell (full-width forms included)."""


class Table:
    """Renders record after record; the header goes before the first."""

    def __init__(self) -> None:
        self._begun = False

    def render(self, outcome: Outcome) -> str:
        """Return the lines for one record; failures have no positions and so no row."""
        page = io.StringIO(newline="")
        writer = csv.DictWriter(page, COLUMNS, lineterminator="\n")
        if not self._begun:
            writer.writeheader()
            self._begun = True
        if isinstance(outcome, Report):
            writer.writerows({name: defused(value) for name, value in row.items()} for row in rows(outcome))
        return page.getvalue()


def defused(value: Any) -> Any:
    """Return a cell that no spreadsheet computes: what could start a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip()[:1] and text.lstrip()[0] in FORMULA_STARTS else text
