"""Articles into requests: the pipeline over no answers says what it would ask, for each article."""

from collections.abc import Iterable
from pathlib import Path

from summarizer.backends.openai.collected import Collected
from summarizer.backends.openai.postponed import Postponed
from summarizer.batch import Input, failure, numbered
from summarizer.domain.article import Article
from summarizer.domain.report import Failure
from summarizer.errors import BackendError, InputError, OversizedInput
from summarizer.intake.unread import Unread
from summarizer.jobs.folder import Entry, Job, Limits, Part
from summarizer.jobs.journal import replacing
from summarizer.jobs.parts import Writer
from summarizer.jobs.work import Work
from summarizer.ledger import Ledger
from summarizer.pipeline import Pipeline
from summarizer.text.sections import cut
from summarizer.text.sentences import split


async def draft_requests(
    folder: Path,
    inputs: Iterable[Article | Unread],
    pipeline: Pipeline,
    limits: Limits,
    section_tokens: int,
) -> list[Part]:
    """Write down all inputs, and the requests for drafts of those that one request is enough for.

    Args:
        folder: The job's; nothing of it counts yet.
        inputs: What was read; each is in hand once.
        pipeline: Over a transport that has no answers.
        limits: Of one file of requests.
        section_tokens: Estimated tokens of article up to which it goes out in one request.
    """
    writer = Writer(folder, "draft", limits)
    with replacing(folder / "articles.jsonl") as file:
        for each in numbered(inputs):
            entry = await _entry(each, pipeline, writer, section_tokens)
            file.write(entry.model_dump_json(exclude_defaults=True).encode() + b"\n")
    return writer.finish()


async def requests_again(work: Work, transport: Collected) -> int:
    """Take requests into the job that ask again for what failed, and return for how many articles.

    Only what failed is asked again: of an article whose repair failed, the repair. Inputs that cannot be read
    are not asked about, nor those that were left.

    Args:
        work: The job.
        transport: Under its pipeline.
    """
    job = work.job
    writer = Writer(job.folder, "again", job.order.limits, len(job.parts) + 1)
    for entry in job.entries():
        article = entry.article
        if article is None or entry.request is None:
            continue
        if work.records.standing(entry.index, entry.id, article, entry.again) != "failed":
            continue
        try:
            await work.pipeline.summarize(article)
        except InputError:
            continue
        except Postponed as postponed:
            if not work.answers.is_underway(postponed.digest):  # asked about again already
                writer.add(postponed.body, index=entry.index)
        except BackendError:
            writer.add(transport.last, index=entry.index)
    parts = writer.finish()
    job.plan(parts)
    return sum(len(part.inputs) for part in parts)


def record_unread(job: Job, records: Ledger) -> list[Failure]:
    """Write the failures of inputs that nothing is asked about, and return those that are new."""
    new: list[Failure] = []
    for entry in job.entries():
        if entry.failure is not None and _is_new(entry, records):
            records.enter(entry.index, entry.failure, entry.again)
            new.append(entry.failure)
    return new


def _is_new(entry: Entry, records: Ledger) -> bool:
    return records.standing(entry.index, entry.id, entry.article, entry.again) == "new"


async def _entry(given: Input, pipeline: Pipeline, writer: Writer, section_tokens: int) -> Entry:
    one, place = given.one, {"index": given.index, "again": given.again}
    if isinstance(one, Unread):
        return Entry(**place, failure=failure(one, one.error))
    try:
        await pipeline.summarize(one)
    except Postponed as postponed:
        if len(cut(split(one.text), section_tokens)) > 1:
            return Entry(**place, article=one, left=True)
        try:
            request, part = writer.add(postponed.body, one.source or one.id)
        except OversizedInput as error:
            return Entry(**place, failure=failure(one, error))
        return Entry(**place, article=one, request=request, part=part)
    except Exception as error:  # noqa: BLE001 - one article's crash is its own record, not the job's end
        return Entry(**place, failure=failure(one, error))
    raise AssertionError("a pipeline without answers gave a report")
