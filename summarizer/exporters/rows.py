"""Rows: one flat dict a position, for data frames and tables."""

from typing import Any

from summarizer.domain.report import Report
from summarizer.exporters import phrases

COLUMNS = (
    "article",
    "claim",
    "text",
    "kind",
    "key",
    "status",
    "source",
    "aliases",
    "via",
    "stance",
    "hedged",
    "evidence",
    "spans",
    "figures",
    "when",
    "where",
    "conflicts_with",
)


def rows(report: Report) -> list[dict[str, Any]]:
    """Return one dict a position with the keys of ``COLUMNS``; a claim without positions gets one row too.

    ``spans`` are ``start-end`` offsets joined by spaces, in the order of the quotes in ``evidence``.
    """
    return [row for claim in report.claims for row in _of_claim(report, claim)]


def _of_claim(report: Report, claim: Any) -> list[dict[str, Any]]:
    about = {
        "article": report.article.id,
        "claim": claim.id,
        "text": claim.text,
        "kind": claim.kind,
        "key": claim.key,
        "status": claim.status,
        "figures": "; ".join(phrases.figure(figure) for figure in claim.figures),
        "when": claim.when.text if claim.when else "",
        "where": claim.where or "",
        "conflicts_with": " ".join(_rivals(report, claim.id)),
    }
    held = [_of_position(position) for position in claim.positions] or [_of_position(None)]
    return [{name: {**about, **position}[name] for name in COLUMNS} for position in held]


def _of_position(position: Any) -> dict[str, Any]:
    if position is None:
        return dict.fromkeys(("source", "aliases", "via", "stance", "hedged", "evidence", "spans"), "")
    return {
        "source": position.source,
        "aliases": "; ".join(position.aliases),
        "via": position.via or "",
        "stance": position.stance,
        "hedged": position.hedged,
        "evidence": " … ".join(evidence.quote for evidence in position.evidence),
        "spans": " ".join(f"{evidence.start}-{evidence.end}" for evidence in position.evidence),
    }


def _rivals(report: Report, claim_id: str) -> list[str]:
    """Return the other claim of each conflict; the claim itself where a source contradicts itself on it."""
    pairs = [conflict.claims for conflict in report.conflicts if claim_id in conflict.claims]
    return [second if first == claim_id else first for first, second in pairs]
