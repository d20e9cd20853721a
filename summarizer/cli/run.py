"""``summarizer run``: articles in, a record for each out."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from summarizer import batch, wiring
from summarizer.budget import Budget
from summarizer.cli import exits, output, progress
from summarizer.cli.interruption import Interruption
from summarizer.cli.messages import named, say, tell_of_intake
from summarizer.cli.output import Sink
from summarizer.cli.progress import Progress
from summarizer.cli.tally import Tally, dollars
from summarizer.domain.report import Failure, Outcome
from summarizer.errors import SettingsError
from summarizer.intake import count, read
from summarizer.ledger import Job
from summarizer.pipeline import Pipeline
from summarizer.prices import Price, is_known
from summarizer.settings import OFFLINE, Settings
from summarizer.workers import Workers, shares

_NAMED = 20
"""Articles at most that a message names."""
_TICK = 0.25
"""Seconds between two looks at how far a run is, where nothing happens."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a run, beside how summaries are made.

    Attributes:
        out: Folder for the records; None for standard output.
        formats: Names of formats, joined by commas.
        concurrency: Articles in hand at once.
        max_cost: USD it may spend.
        fresh: Records of an earlier run are removed, not gone on with.
        ordered: Records in the order of the inputs; None for what is usual: on standard output, yes, since
            nothing else tells which record is whose; in a folder, no, since the ledger does.
        workers: Processes, or Ray's, that share the articles in hand, and the rates that the settings allow.
        by_ray: Whether Ray runs them.
        summary: File for the counts, as JSON.
    """

    out: Path | None = None
    formats: str = ""
    concurrency: int = 8
    max_cost: float | None = None
    fresh: bool = False
    ordered: bool | None = None
    workers: int = 1
    by_ray: bool = False
    summary: Path | None = None


def run_articles(paths: list[str], settings: Settings, ask: Ask) -> int:
    """Summarise what the paths hold and return the exit code.

    Raises:
        SettingsError: The settings or formats make no sense, a limit that nobody can keep is given, or the
            folder holds records of another job.
        OutputError: Records cannot be written.
    """
    if settings.model == OFFLINE:
        say("no language model is used (--model offline); name one with --model or $SUMMARIZER_MODEL.")
    tell_of_intake()
    price = None if settings.model == OFFLINE else wiring.price(settings)
    tally, interruption = Tally(price), Interruption()
    budget = _budget(ask.max_cost, price, settings)
    pipeline = wiring.pipeline(settings)
    with interruption.heeded():
        try:
            _summarize(paths, _Parts(settings, ask, pipeline, tally, budget, interruption))
        except KeyboardInterrupt:
            interruption.asked = True
    return _close(settings, ask, tally, budget, interrupted=interruption.asked)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a run is made of."""

    settings: Settings
    ask: Ask
    pipeline: Pipeline
    tally: Tally
    budget: Budget | None
    interruption: Interruption


def _summarize(paths: list[str], parts: _Parts) -> None:
    ask = parts.ask
    with ExitStack() as stack:
        sink = stack.enter_context(_sink(parts))
        bar = ask.out is not None or not sys.stdout.isatty()
        shown = progress.shown(parts.tally, lambda: count(paths), bar=bar and sys.stderr.isatty())
        with shown as showing:
            asyncio.run(_run(paths, sink, showing, parts))
        sink.finish(interrupted=lambda: parts.interruption.asked)


def _sink(parts: _Parts) -> AbstractContextManager[Sink]:
    ask, formats = parts.ask, output.wanted_formats(parts.ask.formats)
    if ask.out is None:
        return output.printed(formats, ordered=ask.ordered is not False)
    job = Job.of(parts.pipeline)
    return output.kept(ask.out, formats, job, parts.tally, ordered=bool(ask.ordered), fresh=ask.fresh)


async def _run(paths: list[str], sink: Sink, showing: Progress, parts: _Parts) -> None:
    async with _maker(parts) as (make, concurrency):
        run = batch.Run(make, concurrency=concurrency, budget=parts.budget)
        parts.interruption.stops(run.stop)
        ticking = asyncio.create_task(_tick(showing))
        inputs = batch.ahead(sink.missing(batch.numbered(read(paths))), concurrency)
        try:
            async with aclosing(run.over(inputs)) as finished:
                async for given, outcome in finished:
                    parts.tally.add(outcome)
                    _tell(outcome, sink)
                    sink.take(given, outcome)
                    showing.show()
        finally:
            ticking.cancel()
            await parts.pipeline.backend.aclose()


@asynccontextmanager
async def _maker(parts: _Parts) -> AsyncIterator[tuple[batch.Make, int]]:
    """Give what makes reports, and how many articles are to be in hand."""
    ask = parts.ask
    if ask.by_ray:
        from summarizer.cli.ray import ray_workers

        with ray_workers(parts.settings, ask.workers, ask.concurrency) as (make, concurrency):
            yield make, concurrency
        return
    if ask.workers == 1:
        yield parts.pipeline.summarize, ask.concurrency
        return
    # Rules compute and wait for nobody: a second article in hand would only wait.
    places = [1] * ask.workers if parts.settings.model == OFFLINE else shares(ask.concurrency, ask.workers)
    async with Workers(parts.settings, places) as workers:
        yield workers.outcome, sum(places)


async def _tick(showing: Progress) -> None:
    while True:
        await asyncio.sleep(_TICK)
        showing.show()


def _tell(outcome: Outcome, sink: Sink) -> None:
    if isinstance(outcome, Failure) and not sink.tells_failures:
        say(f"failed: {outcome.error.type}: {outcome.error.message}")


def _close(settings: Settings, ask: Ask, tally: Tally, budget: Budget | None, *, interrupted: bool) -> int:
    """Say what came of a run and return the exit code."""
    if budget and budget.left:
        tally.left = len(budget.left)
        say(_left(budget, settings, ask))
    if sys.stderr.isatty() if tally.seconds < progress.LINES_APART else tally.finished:
        sys.stderr.write(progress.table(tally))
    if interrupted:
        code, began = exits.INTERRUPTED, f"interrupted: {tally}"
        on = f"; what was finished is kept in {ask.out}: the same command goes on" if ask.out else ""
    else:
        code, began = exits.FAILED if tally.failed or tally.left else 0, str(tally)
        code = exits.WAITING if tally.waiting else code
        on = f", records in {ask.out}" if ask.out else ""
    if ask.summary:
        counts = {"schema_version": 1, **tally.summary(), "interrupted": interrupted, "exit_code": code}
        ask.summary.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    say(f"{began}{on}{tally.spent}.")
    return code


def _budget(limit: float | None, price: Price | None, settings: Settings) -> Budget | None:
    """Return the budget of a run; none where nothing limits it.

    Raises:
        SettingsError: A limit is given, and no price is known by which it could be kept.
    """
    if limit is None or price is None:
        return None
    if not is_known(price):
        raise SettingsError(
            f"no price is known for model {settings.model!r} at this endpoint, so no limit can be kept.",
            where=f"--max-cost {limit:g}",
            mend="Give its prices, in USD per million tokens, with --prices FILE: "
            f"{json.dumps(wiring.model_name(settings))} = {{input = 2.00, output = 8.00}}",
        )
    return Budget(limit, price, section_tokens=settings.section_tokens)


def _left(budget: Budget, settings: Settings, ask: Ask) -> str:
    """Tell which articles the budget left, and how to go on."""
    told = named(budget.left, len(budget.left), _NAMED)
    if ask.out:
        on = ": the same command goes on with them"
    elif settings.cache:
        on = ": start another, the same again if you like, since answers in the cache cost nothing"
    else:
        on = ": start another"
    return (
        f"--max-cost {dollars(budget.limit)}: {len(budget.left):,} left, without a record: {told}. "
        f"A limit is for one run{on}."
    )
