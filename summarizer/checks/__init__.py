"""Who judges a draft: one file a check, each a function from a grounded draft to findings."""

from collections.abc import Callable, Iterator

from summarizer.checks import (
    attribution,
    coverage,
    evidence,
    figures,
    hedges,
    leaks,
    loaded,
    names,
    sources,
    stance,
)
from summarizer.domain.finding import Finding
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
)


def judge(grounded: GroundedDraft) -> tuple[Finding, ...]:
    """Return what grounding could not tie, then what every check found, each finding once."""
    found = (finding for check in CHECKS for finding in check(grounded))
    return tuple(dict.fromkeys((*grounded.untied, *found)))
