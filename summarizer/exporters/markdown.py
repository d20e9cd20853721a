"""Markdown: one section an article; text of the article cannot become markup."""

import re
from collections.abc import Iterable, Iterator

from summarizer.domain.report import Claim, Failure, Outcome, Report
from summarizer.exporters import phrases

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$])")


def render(outcome: Outcome) -> str:
    """Return one record as Markdown, ending in a blank line."""
    lines = _failure(outcome) if isinstance(outcome, Failure) else _report(outcome)
    return "\n".join(lines) + "\n\n"


def escaped(text: str) -> str:
    """Return text on one line in which Markdown and HTML see nothing but text."""
    safe = phrases.line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _MARKUP.sub(r"\\\1", safe)
    # Bare addresses would become links.
    return safe.replace("://", ":&#8203;//").replace("www.", "www&#8203;.")


def _failure(failure: Failure) -> Iterator[str]:
    yield f"## {escaped(failure.article.id)}: no report"
    yield ""
    yield f"{escaped(failure.error.type)}: {escaped(failure.error.message)}"


def _report(report: Report) -> Iterator[str]:
    yield f"## {escaped(report.headline.text)}"
    yield ""
    yield f"*{escaped(report.article.id)} · {_maker(report)}*"
    yield ""
    for sentence in report.summary:
        yield f"- {escaped(sentence.text)} ({', '.join(sentence.claims)})"
    yield ""
    yield "| | claim | who | status |"
    yield "|---|---|---|---|"
    for claim in report.claims:
        yield f"| {claim.id}{' ★' if claim.key else ''} | {_claim(claim)} | {_who(claim)} | {claim.status} |"
    yield from _notes("Conflicts", (f"{' and '.join(c.claims)}: {escaped(c.why)}" for c in report.conflicts))
    yield from _notes(
        "Loaded wording",
        (f"“{escaped(w.text)}” → {escaped(w.neutral) or '(leave out)'}" for w in report.loaded),
    )
    yield from _notes(
        "Findings", (f"{f.severity}, {escaped(f.where)}: {escaped(f.message)}" for f in report.findings)
    )


def _maker(report: Report) -> str:
    if report.trace.model is None:
        return "made by rules; no language model was used"
    return f"written by {escaped(report.trace.model)}"


def _claim(claim: Claim) -> str:
    quotes = [e.quote for p in claim.positions for e in p.evidence]
    shown = "<br>".join(f"<sub>“{escaped(quote)}”</sub>" for quote in dict.fromkeys(quotes))
    return (
        f"{escaped(claim.text)}<br>{shown}" if shown else f"{escaped(claim.text)}<br><sub>no evidence</sub>"
    )


def _who(claim: Claim) -> str:
    held = (f"{escaped(phrases.source(p))} {phrases.stance(p)}" for p in claim.positions)
    return "<br>".join(held) or "nobody"


def _notes(title: str, notes: Iterable[str]) -> Iterator[str]:
    listed = list(notes)
    if listed:
        yield ""
        yield f"**{title}**"
        yield ""
        yield from (f"- {note}" for note in listed)
