"""``summarizer run``: articles in, a record for each out."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from summarizer import batch, wiring
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.cli.output import Output, opened
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Report
from summarizer.intake import read
from summarizer.intake.unread import Unread
from summarizer.settings import OFFLINE, Settings


def run_articles(
    paths: list[str], settings: Settings, out: Path | None, formats: str, concurrency: int
) -> int:
    """Summarise what the paths hold and return the exit code.

    Raises:
        SettingsError: The settings or formats make no sense.
    """
    if settings.model == OFFLINE:
        say("no language model is used (--model offline); name one with --model or $SUMMARIZER_MODEL.")
    with opened(out, formats) as output:
        try:
            done, failed = asyncio.run(_run(read(paths), settings, output, concurrency))
        except KeyboardInterrupt:
            say("interrupted; what was finished is kept.")
            return exits.INTERRUPTED
    where = f", records in {out}" if out else ""
    say(f"{done} done, {failed} failed{where}.")
    return exits.FAILED if failed else 0


async def _run(
    inputs: Iterable[Article | Unread], settings: Settings, output: Output, concurrency: int
) -> tuple[int, int]:
    pipeline = wiring.pipeline(settings)
    counts = {Report: 0, Failure: 0}
    ready: dict[int, Report | Failure] = {}
    following = 0
    try:
        async for index, outcome in batch.outcomes(pipeline, inputs, concurrency=concurrency):
            counts[type(outcome)] += 1
            ready[index] = outcome
            while following in ready:  # records keep the order of the inputs
                _write(output, ready.pop(following))
                following += 1
    finally:
        for index in sorted(ready):  # finished before an interruption, but after one that was not
            _write(output, ready[index])
        await pipeline.backend.aclose()
    return counts[Report], counts[Failure]


def _write(output: Output, outcome: Report | Failure) -> None:
    if isinstance(outcome, Failure):
        say(f"failed: {outcome.error.type}: {outcome.error.message}")
    output.write(outcome)
