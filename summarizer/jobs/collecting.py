"""Answers into records, on the same way as where every answer is asked for at once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from summarizer.backends.openai.batching import Batch, Provider
from summarizer.backends.openai.postponed import Postponed
from summarizer.batch import failure
from summarizer.domain.article import Article
from summarizer.domain.report import Outcome, Report
from summarizer.errors import SettingsError
from summarizer.jobs.folder import Entry, Job, Part
from summarizer.jobs.parts import Writer
from summarizer.jobs.work import Work
from summarizer.pipeline import Pipeline

_T = TypeVar("_T")


@dataclass(slots=True)
class Came:
    """What came of a collection beside records.

    Attributes:
        waiting: Articles whose answers are still to come.
        repairs: Articles whose repair is to be asked for.
    """

    waiting: int = 0
    repairs: int = 0


async def look(job: Job, provider: Provider) -> dict[int, Batch]:
    """Return how the batches stand whose files are not here, by part.

    Raises:
        BackendError: The provider cannot be reached or refuses.
    """
    there = {part.number: part.batch for part in job.parts if part.batch and part.ended is None}
    return {number: await provider.retrieve(batch) for number, batch in there.items()}


async def fetch(job: Job, provider: Provider) -> None:
    """Bring the files of batches that ended here.

    Raises:
        BackendError: The provider cannot be reached or refuses; another call goes on from there.
    """
    for number, batch in (await look(job, provider)).items():
        if batch.has_ended:
            part = job.parts[number - 1]
            files = await _downloaded(job, provider, part, batch)
            job.note("ended", part, status=batch.status, files=files, problem=batch.problem)


async def collect(work: Work, told: Callable[[Outcome], None], *, at_once: int = 1) -> Came:
    """Write a record for each article whose answers are here, in order; the repairs go into new parts.

    Args:
        work: The job, with the files of batches that ended. Who has a report is passed over; what failed
            is looked at again, since it may have been asked about again.
        told: Is told each record.
        at_once: Articles in hand.

    Raises:
        SettingsError: This version would ask otherwise than the one that submitted.
    """
    job, records, answers, pipeline = work.job, work.records, work.answers, work.pipeline
    came = Came()
    writer = Writer(job.folder, "repair", job.order.limits, len(job.parts) + 1)
    ready = _ready(work, came)
    async for entry, outcome in _in_order((_outcome(pipeline, *one) for one in ready), at_once):
        if not isinstance(outcome, Postponed):
            if isinstance(outcome, Report) or records.error(entry.id, entry.again) != outcome.error:
                records.enter(entry.index, outcome, entry.again)
                told(outcome)
        elif answers.is_underway(outcome.digest):
            came.waiting += 1
        elif outcome.is_repair:
            writer.add(outcome.body, index=entry.index)
            came.repairs += 1
        else:
            raise SettingsError(
                f"this version asks otherwise than {job.order.version}, which submitted.",
                where=str(job.out),
                mend=f"Collect with it: pip install grounded-summarizer=={job.order.version}",
            )
    job.plan(writer.finish())
    records.settle()
    for part in job.parts:  # only now, with the records on the disk
        if part.ended and not part.collected:
            job.note("collected", part)
    return came


async def _downloaded(job: Job, provider: Provider, part: Part, batch: Batch) -> list[str]:
    folder = job.folder / "answers"
    folder.mkdir(exist_ok=True)
    names: list[str] = []
    for kind, file in (("output", batch.output_file), ("error", batch.error_file)):
        if file is None:
            continue
        names.append(f"{part.number:04d}.{kind}.jsonl")
        if not (folder / names[-1]).exists():  # what is there is whole
            await provider.download(file, folder / names[-1])
    return names


def _ready(work: Work, came: Came) -> Iterator[tuple[Entry, Article]]:
    for entry in work.job.entries():
        if entry.article is None or entry.request is None or _is_reported(entry, work):
            continue
        if work.answers.is_underway(entry.request):
            came.waiting += 1
        else:
            yield entry, entry.article


def _is_reported(entry: Entry, work: Work) -> bool:
    """Tell whether there is a report of the input: of this text, or `run` made one of another text since."""
    standing = work.records.standing(entry.index, entry.id, entry.article, entry.again)
    return standing in {"done", "changed"}


async def _outcome(pipeline: Pipeline, entry: Entry, article: Article) -> tuple[Entry, Outcome | Postponed]:
    try:
        return entry, await pipeline.summarize(article)
    except Postponed as postponed:
        return entry, postponed
    except Exception as error:  # noqa: BLE001 - one article's crash is its own record, not the job's end
        return entry, failure(article, error)


async def _in_order(work: Iterable[Coroutine[Any, Any, _T]], at_once: int) -> AsyncIterator[_T]:
    """Give what the work gives, in its order, with so much of it in hand."""
    running: deque[asyncio.Task[_T]] = deque()
    try:
        for one in work:
            running.append(asyncio.create_task(one))
            if len(running) >= at_once:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
