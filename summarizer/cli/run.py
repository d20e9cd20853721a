"""``summarizer run``: articles in, a record for each out."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

from summarizer import batch, wiring
from summarizer.budget import Budget
from summarizer.cli import exits
from summarizer.cli.messages import say, tell_of_intake
from summarizer.cli.output import Output, opened
from summarizer.cli.tally import Tally, dollars
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Outcome
from summarizer.errors import SettingsError
from summarizer.intake import read
from summarizer.intake.unread import Unread
from summarizer.prices import Price, is_known
from summarizer.settings import OFFLINE, Settings

_NAMED = 20
"""Articles at most that a message names."""
_FREE = ", the same again if you like, since answers in the cache cost nothing"


def run_articles(
    paths: list[str],
    settings: Settings,
    out: Path | None,
    formats: str,
    concurrency: int,
    max_cost: float | None = None,
    *,
    fresh: bool = False,
) -> int:
    """Summarise what the paths hold and return the exit code.

    Raises:
        SettingsError: The settings or formats make no sense, or a limit that nobody can keep is given.
    """
    if settings.model == OFFLINE:
        say("no language model is used (--model offline); name one with --model or $SUMMARIZER_MODEL.")
    tell_of_intake()
    price = None if settings.model == OFFLINE else wiring.price(settings)
    tally, budget = Tally(price), _budget(max_cost, price, settings)
    with opened(out, formats, fresh=fresh) as output:
        try:
            asyncio.run(_run(read(paths), settings, output, concurrency, budget, tally))
        except KeyboardInterrupt:
            say(f"interrupted{tally.spent}; what was finished is kept.")
            return exits.INTERRUPTED
    if budget and budget.left:
        say(_left(budget, settings))
    where = f", records in {out}" if out else ""
    say(f"{tally}{where}{tally.spent}.")
    return exits.FAILED if tally.failed or (budget and budget.left) else 0


async def _run(
    inputs: Iterable[Article | Unread],
    settings: Settings,
    output: Output,
    concurrency: int,
    budget: Budget | None,
    tally: Tally,
) -> None:
    pipeline = wiring.pipeline(settings)
    ready: dict[int, Outcome] = {}
    following = 0
    try:
        async for index, outcome in batch.outcomes(pipeline, inputs, concurrency=concurrency, budget=budget):
            tally.add(outcome)
            ready[index] = outcome
            while following in ready:  # records keep the order of the inputs
                _write(output, ready.pop(following))
                following += 1
    finally:
        for index in sorted(ready):  # finished before an interruption, but after one that was not
            _write(output, ready[index])
        await pipeline.backend.aclose()


def _write(output: Output, outcome: Outcome) -> None:
    if isinstance(outcome, Failure) and not output.tells_failures:
        say(f"failed: {outcome.error.type}: {outcome.error.message}")
    output.write(outcome)


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


def _left(budget: Budget, settings: Settings) -> str:
    """Tell which articles the budget left, and how to go on."""
    named = ", ".join(budget.left[:_NAMED])
    more = f" and {len(budget.left) - _NAMED:,} more" if len(budget.left) > _NAMED else ""
    return (
        f"--max-cost {dollars(budget.limit)}: {len(budget.left):,} left, without a record: {named}{more}. "
        f"A limit is for one run: start another{_FREE if settings.cache else ''}."
    )
