"""Who judges a draft: one file a check, each a function from a grounded draft to findings."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from summarizer.checks import (
    attribution,
    coverage,
    evidence,
    figures,
    hedges,
    leaks,
    loaded,
    names,
    obedience,
    sources,
    stance,
)
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft

Check = Callable[[GroundedDraft], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    evidence.check,
    figures.check,
    names.check,
    sources.check,
    stance.check,
    hedges.check,
    attribution.check,
    loaded.check,
    coverage.check,
    leaks.check,
    obedience.check,
)


MOST_A_CHECK = 25
"""Findings of one check and severity that a report holds; what is beyond is counted, not listed."""


def judge(grounded: GroundedDraft) -> tuple[Finding, ...]:
    """Return what grounding could not tie, then what every check found, each finding once."""
    found = (finding for check in CHECKS for finding in check(grounded))
    return tuple(_bounded(dict.fromkeys((*grounded.untied, *found))))


def _bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; of a check that finds no end of them the first ones and how many more there are."""
    seen: Counter[tuple[str, Severity]] = Counter()
    for finding in findings:
        seen[finding.check, finding.severity] += 1
        if seen[finding.check, finding.severity] <= MOST_A_CHECK:
            yield finding
    for (check, severity), count in seen.items():
        if count > MOST_A_CHECK:
            message = f"{count - MOST_A_CHECK:,} more findings of this kind are not listed."
            yield Finding(check=check, severity=severity, where="report", message=message)
