"""A page to read scores by: what turned, the totals, and each case's labels beside the report, row by row."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer.domain.report import Claim
from summarizer.evaluation import table
from summarizer.evaluation.baseline import Difference
from summarizer.evaluation.gate import FailedFloor
from summarizer.evaluation.score import CaseScore, Scores
from summarizer.exporters import html

Laid = tuple[Claim | None, Claim | None, Sequence[str]]
"""A row of the labels, the row of the report that says the same, and what is wrong between them."""


def render_html(
    scores: Scores, system: str, failed: Sequence[FailedFloor] = (), difference: Difference | None = None
) -> str:
    """Return one HTML page that needs nothing else; text of articles and reports stays text."""
    body = html.template("scorecard.html.jinja", "summarizer.evaluation").render(
        scores=scores,
        system=system,
        failed=failed,
        difference=difference,
        totals=[(title, table.totals(scores, group)) for group, title in table.TITLES.items()],
        columns=table.CASE_COLUMNS,
        case_rows=[table.case_row(case) for case in scores.cases],
        laid=_laid,
    )
    return html.begin(f"Scorecard: {system}") + body


def _laid(case: CaseScore) -> Iterator[Laid]:
    """Give the labels' rows with their partners, in the labels' order, then the report's other rows."""
    if case.comparison is None:
        return
    whys = _whys(case)
    matching = case.comparison.matching
    partner = {pair.gold.id: pair.system for pair in matching.pairs}
    for claim in case.comparison.gold.claims:
        yield claim, partner.get(claim.id), whys[claim.id]
    for claim, _ in matching.unmatched_system:
        yield None, claim, whys[f"claims[{claim.id}]"]


def _whys(case: CaseScore) -> defaultdict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for metric, ratio in case.metrics.items():
        for miss in ratio.misses:
            if metric not in table.REPEATING:
                found[miss.where].append(f"{metric}: {miss.why}")
    return found
