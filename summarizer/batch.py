"""Many articles: as many at once as allowed, each outcome as it is finished, no failure loses another."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Iterator
from operator import itemgetter

from summarizer.budget import Budget
from summarizer.domain.article import Article
from summarizer.domain.report import ErrorRecord, FailedArticle, Failure, Outcome, Tokens
from summarizer.errors import BackendError, DuplicateId
from summarizer.intake.unread import Unread
from summarizer.pipeline import Pipeline

_Numbered = tuple[int, Article | Unread]


async def outcomes(
    pipeline: Pipeline,
    inputs: Iterable[Article | Unread],
    *,
    concurrency: int = 8,
    budget: Budget | None = None,
) -> AsyncIterator[tuple[int, Outcome]]:
    """Yield (index of the input, outcome) as articles are finished.

    Inputs are read lazily: at most ``concurrency`` are in hand. A second article with an id that this run
    has seen becomes a failure, since two records with one id could not be told apart.

    Where a budget is given, the first article that does not fit ends the taking: what is in hand is finished,
    inputs that cannot be read still become failures, and ``budget.left`` names the rest.
    """
    waiting = enumerate(_unique(inputs))
    running: set[asyncio.Task[tuple[int, Outcome]]] = set()
    held: _Numbered | None = None  # does not fit the budget until what is in hand is finished
    try:
        while True:
            while len(running) < concurrency and (following := held or next(waiting, None)):
                held = None if _fits(budget, *following) else following
                if held:
                    break
                running.add(asyncio.create_task(_outcome(pipeline, *following)))
            if not running:
                break
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for index, outcome in _settled(budget, (task.result() for task in done)):
                yield index, outcome
        if budget and held:
            for index, outcome in _left(budget, itertools.chain([held], waiting)):
                yield index, outcome
    finally:
        for task in running:
            task.cancel()


def failure(one: Article | Unread, error: Exception) -> Failure:
    """Return the record that stands in a report's place."""
    if isinstance(one, Article):
        known = {name: getattr(one, name) for name in FailedArticle.model_fields}
    else:
        known = {"id": one.id, "source": one.source}
    spent = next((e for e in (error, error.__cause__) if isinstance(e, BackendError)), None)
    return Failure(
        article=FailedArticle(**known),
        error=ErrorRecord(
            type=type(error).__name__,
            message=str(error),
            attempts=spent.attempts if spent else 0,
            tokens=spent.tokens if spent else Tokens(),
        ),
    )


def _fits(budget: Budget | None, index: int, one: Article | Unread) -> bool:
    return budget is None or isinstance(one, Unread) or budget.takes(index, one)


def _settled(budget: Budget | None, finished: Iterable[tuple[int, Outcome]]) -> Iterator[tuple[int, Outcome]]:
    for index, outcome in sorted(finished, key=itemgetter(0)):
        if budget:
            budget.settle(index, outcome)
        yield index, outcome


def _left(budget: Budget, rest: Iterable[_Numbered]) -> Iterator[tuple[int, Outcome]]:
    for index, one in rest:
        if isinstance(one, Unread):
            yield index, failure(one, one.error)
        else:
            budget.left.append(one.id)


async def _outcome(pipeline: Pipeline, index: int, one: Article | Unread) -> tuple[int, Outcome]:
    if isinstance(one, Unread):
        return index, failure(one, one.error)
    try:
        return index, await pipeline.summarize(one)
    except Exception as error:  # noqa: BLE001 - one article's crash is its own record, not the batch's end
        return index, failure(one, error)


def _unique(inputs: Iterable[Article | Unread]) -> Iterator[Article | Unread]:
    seen: dict[str, str] = {}
    for number, one in enumerate(inputs, 1):
        name = one.source or f"input {number}"
        if isinstance(one, Article) and one.id in seen:
            yield Unread(one.id, one.source, _duplicate(one.id, seen[one.id], name))
            continue
        if isinstance(one, Article):
            seen[one.id] = name
        yield one


def _duplicate(article_id: str, first: str, second: str) -> DuplicateId:
    if first == second:
        return DuplicateId("it is given twice; the first time counts.", where=second, mend="Name it once.")
    return DuplicateId(
        f"it has the id {article_id!r}, and so has {first}; only the first of the two is taken.",
        where=second,
        mend="Rename one of the files, or give each article an id of its own (in JSON, the field id).",
    )
