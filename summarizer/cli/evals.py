"""``summarizer eval``: reports scored against hand-labelled articles and beside a baseline, behind a gate."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from summarizer import batch, wiring
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.cli.show import records
from summarizer.cli.texts import LookedUp, look_up
from summarizer.domain.article import Article
from summarizer.domain.report import FailedArticle, Failure, Outcome, Report
from summarizer.errors import InputError, InputNotFound
from summarizer.evaluation import baseline, change, gate, statistics, table
from summarizer.evaluation.baseline import Difference
from summarizer.evaluation.baselines import lexrank
from summarizer.evaluation.corpus import Split, of_split
from summarizer.evaluation.gate import FailedFloor
from summarizer.evaluation.gold import find_cases, load_case
from summarizer.evaluation.junit import render_junit
from summarizer.evaluation.layout import aligned, number
from summarizer.evaluation.metrics import summary
from summarizer.evaluation.score import Scores, score_all
from summarizer.evaluation.scorecard import render_html
from summarizer.evaluation.sentinels import Sentinel, followed, sentinels
from summarizer.settings import OFFLINE, Settings


@dataclass(frozen=True, slots=True)
class Ask:
    """What the command line asks of one scoring.

    Attributes:
        articles: Where texts are that do not lie beside their labels.
        reports: Saved reports to score in place of a run.
        baseline: An earlier run to compare with.
        save_baseline: Where to keep this run.
        ratchet: Move the floors of ``gate`` up to what was measured, less ``margin``; ``lower``: also down.
    """

    split: Split | None = None
    articles: Path | None = None
    reports: Path | None = None
    gate: Path | None = None
    baseline: Path | None = None
    save_baseline: Path | None = None
    json: Path | None = None
    markdown: Path | None = None
    junit: Path | None = None
    html: Path | None = None
    misses: bool = False
    sentinels: bool = False
    baselines: bool = False
    ratchet: bool = False
    margin: float = 0.0
    lower: bool = False


def score_cases(folders: Sequence[Path], settings: Settings, ask: Ask) -> int:
    """Score a model, or saved reports, on cases; print the tables and return the exit code.

    Raises:
        InputError: A case, the reports or the baseline cannot be read.
        SettingsError: The gate makes no sense, or a floor would fall that must not.
    """
    floors = gate.load_floors(ask.gate, _table(settings, ask)) if ask.gate else {}
    before = baseline.load(ask.baseline) if ask.baseline else None
    found = _found(folders, ask)
    cases = [load_case(folder, found.articles) for folder in found.present]
    scores = score_all(zip(cases, _outcomes([c.article for c in cases], settings, ask), strict=True))
    difference = baseline.difference(before, scores) if before else None
    failed = gate.failed_floors(scores, floors)
    _print(scores, difference, misses=ask.misses)
    if ask.baselines:
        _print_baselines(scores)
    if ask.sentinels:
        _print_sentinels([s for case in cases for s in sentinels(case)], settings, ask)
    if ask.junit:
        ask.junit.write_text(render_junit(scores, floors, failed, difference), encoding="utf-8")
    _write(scores, _table(settings, ask), failed, difference, ask)
    if ask.ratchet and ask.gate:
        moved = gate.raised(floors, scores, margin=ask.margin, lower=ask.lower)
        gate.write_floors(ask.gate, _table(settings, ask), moved)
        failed = gate.failed_floors(scores, moved)
    if ask.save_baseline:
        kept = baseline.keep(scores, _table(settings, ask))
        ask.save_baseline.write_text(baseline.dump(kept), encoding="utf-8")
    return _exit(scores, failed, difference) or (exits.FAILED if found.absent else 0)


def _table(settings: Settings, ask: Ask) -> str:
    """Name the table of floors: the system, and the split where one is asked for."""
    system = OFFLINE if settings.model == OFFLINE and not ask.reports else "model"
    return f"{system}.{ask.split}" if ask.split else system


def _found(folders: Sequence[Path], ask: Ask) -> LookedUp:
    found = of_split(find_cases(folders), ask.split)
    if not found:
        raise InputNotFound(f"No case of the {ask.split} split here.", where=str(folders[0]))
    return look_up(found, ask.articles)


def _outcomes(articles: Sequence[Article], settings: Settings, ask: Ask) -> list[Outcome]:
    return _saved(articles, ask.reports) if ask.reports else asyncio.run(_made(articles, settings))


def _print(scores: Scores, difference: Difference | None, *, misses: bool) -> None:
    typer.echo(table.render_text(scores, misses=misses), nl=False)
    if difference:
        typer.echo("\n" + change.render_text(difference), nl=False)
    if not statistics.can_tell():
        say("no intervals: they need SciPy; pip install 'grounded-summarizer[eval]'")
    else:
        _say_detectable(scores)


def _print_baselines(scores: Scores) -> None:
    """Print what summaries rest on beside what extracts of the same length hold."""
    laid = [case.comparison for case in scores.cases if case.comparison]
    lexranked = [summary.extract_coverage(c, lexrank(c.sentences, summary.words(c))) for c in laid]
    lines = {
        "this system": scores.counts("evidence_coverage"),
        "first sentences": scores.counts("lead_coverage"),
        "LexRank": [(r.numerator, r.denominator) for r in lexranked],
    }
    rows = [(name, number(statistics.ratio(c)), table.between(c)) for name, c in lines.items()]
    title = "Key rows whose evidence a summary of the same length rests on"
    typer.echo("\n" + aligned(("", "share", "95 %"), rows, title))


def _print_sentinels(made: Sequence[Sentinel], settings: Settings, ask: Ask) -> None:
    """Summarise the changed articles and print how many changes the tables follow."""
    outcomes = _outcomes([s.article for s in made], settings, ask)
    rows = [
        (f.kind, f"{f.followed}/{f.of}", ", ".join(f.missed))
        for f in followed(zip(made, outcomes, strict=True))
    ]
    typer.echo("\n" + aligned(("change", "followed", "not in"), rows, "Sentinels"))


def _say_detectable(scores: Scores) -> None:
    drops = ((m, statistics.detectable(scores.counts(m))) for m in baseline.TESTED)
    seen = ", ".join(f"{metric} {drop:.3f}" for metric, drop in drops if drop is not None)
    if seen:
        say(f"smallest drops that {len(scores.cases)} articles can tell from chance: {seen}")


def _write(
    scores: Scores, system: str, failed: Sequence[FailedFloor], difference: Difference | None, ask: Ask
) -> None:
    if ask.json:
        ask.json.write_text(scores.to_json(), encoding="utf-8")
    if ask.markdown:
        first = change.render_markdown(difference, failed) if ask.gate or difference else ""
        ask.markdown.write_text(f"{first}\n{table.render_markdown(scores)}", encoding="utf-8")
    if ask.html:
        page = render_html(scores, system, failed, difference)
        ask.html.write_text(page, encoding="utf-8")


def _exit(scores: Scores, failed: Sequence[FailedFloor], difference: Difference | None) -> int:
    for floor in failed:
        say(f"gate: {floor}")
    worse = difference.worse if difference else ()
    for moved in worse:
        say(f"gate: {moved.metric} fell by {-moved.change:.3f} since {difference and difference.system}")
    if failed or worse:
        return exits.GATE
    return exits.FAILED if scores.failures else 0


async def _made(articles: Sequence[Article], settings: Settings) -> list[Outcome]:
    """Summarise every article, in their order."""
    pipeline = wiring.pipeline(settings)
    try:
        found = {index: outcome async for index, outcome in batch.outcomes(pipeline, iter(articles))}
    finally:
        await pipeline.backend.aclose()
    return [found[index] for index in range(len(articles))]


def _saved(articles: Sequence[Article], path: Path) -> list[Outcome]:
    """Find each article's saved report by its digest; an article without one counts as failed."""
    found: dict[str, Outcome] = {}
    for record in records(str(path)):
        if isinstance(record, InputError):
            raise record
        if isinstance(record, Report):
            found[record.article.sha256] = record
    if not found:
        raise InputNotFound("no reports here.", where=str(path))
    return [found.get(article.sha256) or _missing(article) for article in articles]


def _missing(article: Article) -> Failure:
    known = FailedArticle(id=article.id, sha256=article.sha256)
    error = {"type": "InputNotFound", "message": "no report of this article among those given."}
    return Failure.model_validate({"article": known, "error": error})
