"""``summarizer eval``: reports scored against hand-labelled articles, with floors that must hold."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import typer

from summarizer import batch, wiring
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.cli.show import records
from summarizer.domain.report import FailedArticle, Failure, Outcome, Report
from summarizer.errors import InputError, InputNotFound
from summarizer.evaluation.gate import failed_floors, load_floors
from summarizer.evaluation.gold import Case, find_cases, load_case
from summarizer.evaluation.score import Scores, score_all
from summarizer.evaluation.table import render_markdown, render_text
from summarizer.settings import OFFLINE, Settings


def score_cases(
    folders: Sequence[Path],
    settings: Settings,
    *,
    reports: Path | None,
    gate: Path | None,
    json_file: Path | None,
    markdown: Path | None,
    misses: bool = False,
) -> int:
    """Score a model, or saved reports, on cases; print the table and return the exit code.

    Raises:
        InputError: A case or the reports cannot be read.
        SettingsError: The gate makes no sense.
    """
    floors = load_floors(gate, OFFLINE if settings.model == OFFLINE else "model") if gate else {}
    cases = [load_case(folder) for folder in find_cases(folders)]
    outcomes = _saved(cases, reports) if reports else asyncio.run(_made(cases, settings))
    scores = score_all(zip(cases, outcomes, strict=True))
    _print(scores, json_file, markdown, misses=misses)
    failed = failed_floors(scores, floors)
    for floor in failed:
        say(f"gate: {floor}")
    return exits.GATE if failed else exits.FAILED if scores.failures else 0


def _print(scores: Scores, json_file: Path | None, markdown: Path | None, *, misses: bool) -> None:
    typer.echo(render_text(scores, misses=misses), nl=False)
    if json_file:
        json_file.write_text(scores.to_json(), encoding="utf-8")
    if markdown:
        markdown.write_text(render_markdown(scores), encoding="utf-8")


async def _made(cases: Sequence[Case], settings: Settings) -> list[Outcome]:
    """Summarise every case's article, in the order of the cases."""
    pipeline = wiring.pipeline(settings)
    try:
        found = {
            index: outcome
            async for index, outcome in batch.outcomes(pipeline, (case.article for case in cases))
        }
    finally:
        await pipeline.backend.aclose()
    return [found[index] for index in range(len(cases))]


def _saved(cases: Sequence[Case], path: Path) -> list[Outcome]:
    """Find each case's saved report by the article's digest; a case without one counts as failed."""
    found: dict[str, Outcome] = {}
    for record in records(str(path)):
        if isinstance(record, InputError):
            raise record
        if isinstance(record, Report):
            found[record.article.sha256] = record
    if not found:
        raise InputNotFound("no reports here.", where=str(path))
    return [found.get(case.article.sha256) or _missing(case) for case in cases]


def _missing(case: Case) -> Failure:
    known = FailedArticle(id=case.id, sha256=case.article.sha256)
    error = {"type": "InputNotFound", "message": "no report of this article among those given."}
    return Failure.model_validate({"article": known, "error": error})
