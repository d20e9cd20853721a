"""Articles into requests: the pipeline over no answers says what it would ask, for each article."""

from collections.abc import Iterable
from pathlib import Path

from summarizer.backends.openai.collected import Collected, Postponed
from summarizer.batch import failure, numbered
from summarizer.domain.article import Article
from summarizer.errors import BackendError, InputError, OversizedInput
from summarizer.intake.unread import Unread
from summarizer.jobs.folder import Entry, Job, Limits, Part
from summarizer.jobs.journal import replacing
from summarizer.jobs.parts import Writer
from summarizer.jobs.records import Records
from summarizer.jobs.work import Work
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
            entry = await _entry(each.index, each.one, pipeline, writer, section_tokens)
            file.write(entry.model_dump_json(exclude_defaults=True).encode() + b"\n")
    return writer.finish()


async def requests_again(work: Work, transport: Collected) -> int:
    """Take requests into the job that ask again for what failed, and return for how many articles.

    Only what failed is asked again: of an article whose repair failed, the repair. Inputs that cannot be read
    are not asked about.

    Args:
        work: The job.
        transport: Under its pipeline.
    """
    job, kinds = work.job, work.records.outcomes
    writer = Writer(job.folder, "again", job.order.limits, len(job.parts) + 1)
    again: list[int] = []
    for entry in job.entries():
        if kinds.get(entry.index) != "failure" or entry.article is None:
            continue
        try:
            await work.pipeline.summarize(entry.article)
        except InputError:
            continue
        except Postponed as postponed:
            if work.answers.is_underway(postponed.digest):  # asked about again already
                continue
            writer.add(postponed.body)
        except BackendError:
            writer.add(transport.last)
        again.append(entry.index)
    job.plan(writer.finish(again))
    return len(again)


def record_unread(job: Job, records: Records) -> list[Entry]:
    """Write the failures of inputs that nothing is asked about, and return those that are new."""
    new = [e for e in job.entries() if e.failure is not None and e.index not in records.outcomes]
    for entry in new:
        assert entry.failure is not None
        records.write(entry.index, entry.failure)
    return new


async def _entry(
    index: int, one: Article | Unread, pipeline: Pipeline, writer: Writer, section_tokens: int
) -> Entry:
    if isinstance(one, Unread):
        return Entry(index=index, failure=failure(one, one.error))
    try:
        await pipeline.summarize(one)
    except Postponed as postponed:
        if len(cut(split(one.text), section_tokens)) > 1:
            return Entry(index=index, article=one, left=True)
        try:
            request = writer.add(postponed.body, one.source or one.id)
        except OversizedInput as error:
            return Entry(index=index, failure=failure(one, error))
        return Entry(index=index, article=one, request=request)
    except Exception as error:  # noqa: BLE001 - one article's crash is its own record, not the job's end
        return Entry(index=index, failure=failure(one, error))
    raise AssertionError("a pipeline without answers gave a report")
