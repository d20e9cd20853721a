"""A report for a person at a terminal: headline, summary, claim table, conflicts, findings."""

import io
import shutil
from collections.abc import Iterable
from typing import IO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from summarizer.domain.report import CitedText, Claim, Failure, Outcome, Position, Report
from summarizer.exporters import phrases

STATUS_STYLES = {
    "disputed": "bold red",
    "denied": "red",
    "unconfirmed": "yellow",
    "attributed": "cyan",
    "stated": "green",
}
SEVERITY_STYLES = {"error": "red", "warning": "yellow", "note": "dim"}
PIPE_WIDTH = 110
NARROWEST, WIDEST = 60, 130


def page(outcome: Outcome, stream: IO[str]) -> str:
    """Return one record as text, with colours where the stream is a terminal."""
    terminal = stream.isatty()
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    held = io.StringIO()
    console = Console(
        file=held,
        force_terminal=terminal,
        width=max(NARROWEST, min(width, WIDEST)),
        highlight=False,
        markup=False,
    )
    console.print(page_of(outcome))
    return held.getvalue()


def page_of(outcome: Outcome) -> RenderableType:
    """Return one record as something rich can print."""
    return _failure(outcome) if isinstance(outcome, Failure) else _report(outcome)


def _failure(failure: Failure) -> RenderableType:
    said = Text.assemble(
        (phrases.line(failure.article.id), "bold"), "  no report\n", (failure.error.type, "red"), ": "
    )
    return said.append(phrases.line(failure.error.message) + "\n")


def _report(report: Report) -> RenderableType:
    return Group(
        Text(phrases.line(report.headline.text), style="bold"),
        Text(_about(report), style="dim"),
        Text(),
        *(_cited(sentence) for sentence in report.summary),
        Text(),
        _claims(report.claims),
        *_notes("Conflicts", ((" ↔ ".join(c.claims), c.why, "red") for c in report.conflicts)),
        *_notes(
            "Loaded wording", ((f"“{w.text}”", w.neutral or "leave out", "magenta") for w in report.loaded)
        ),
        *_notes("Findings", ((f.where, f.message, SEVERITY_STYLES[f.severity]) for f in report.findings)),
        Text(),
    )


def _about(report: Report) -> str:
    trace = report.trace
    made = "rules only, no language model" if trace.model is None else f"{phrases.line(trace.model)}"
    spent = f" · {trace.tokens.input:,} + {trace.tokens.output:,} tokens" if trace.tokens.input else ""
    tries = f" · {trace.attempts} drafts" if trace.attempts > 1 else ""
    cut = f" · {len(report.furniture)} lines of page furniture set aside" if report.furniture else ""
    return f"{phrases.line(report.article.id)} · {made}{tries}{spent}{cut}"


def _cited(sentence: CitedText) -> RenderableType:
    text = Text(phrases.line(sentence.text)).append(f"  [{' '.join(sentence.claims)}]", style="dim")
    return Padding(text, (0, 0, 0, 2))


def _claims(claims: Iterable[Claim]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("", no_wrap=True, style="dim")
    table.add_column("claim", ratio=5)
    table.add_column("who says what", ratio=3)
    table.add_column("status", no_wrap=True)
    for claim in claims:
        who = Text("\n").join(map(_held, claim.positions)) if claim.positions else Text("nobody", style="red")
        status = Text(claim.status, style=STATUS_STYLES[claim.status])
        table.add_row(f"{'★' if claim.key else ' '} {claim.id}", _claim(claim), who, status)
    return table


def _claim(claim: Claim) -> Text:
    details = [said for figure in claim.figures if (said := phrases.figure(figure))]
    details += [
        phrases.line(words) for words in (claim.when.text if claim.when else None, claim.where) if words
    ]
    kind = [claim.kind] if claim.kind != "fact" else []
    text = Text(phrases.line(claim.text))
    if details or kind:
        text.append("  " + " · ".join(kind + details), style="dim")
    if not any(position.evidence for position in claim.positions):
        text.append("  (no evidence)", style="red")
    return text


def _held(position: Position) -> Text:
    style = {"asserts": "", "denies": "red", "does_not_confirm": "yellow"}[position.stance]
    return Text(f"{phrases.source(position)} ").append(phrases.stance(position), style=style or "dim")


def _notes(title: str, notes: Iterable[tuple[str, str, str]]) -> list[RenderableType]:
    listed = list(notes)
    if not listed:
        return []
    lines = [
        Text.assemble(("  " + phrases.line(head), style), "  ", phrases.line(said))
        for head, said, style in listed
    ]
    return [Text(title, style="bold"), *lines]
