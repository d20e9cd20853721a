"""Parts into uploads and batches, none lost and none made twice.

The intent is written down before each step, the result after. Where there is an intent and no result, the
step may have been taken: what it made is looked for, by a name or metadata of ours, before it is taken
again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from summarizer.backends.openai.batching import Batch, Provider
from summarizer.errors import SettingsError
from summarizer.jobs.folder import Job, Part, digest_of_file

_T = TypeVar("_T")

SETTLE = 5.0
"""Seconds after which a list that did not show what was just sent is looked at once more."""
_FRUITLESS = ("failed", "expired", "cancelled")


async def send(
    job: Job,
    provider: Provider,
    told: Callable[[Part], None],
    *,
    repairs_alone: bool = False,
) -> None:
    """Make a batch of each part that has none.

    Args:
        job: The job.
        provider: Takes them.
        told: Is told each part that became a batch.
        repairs_alone: Only parts that ask for repairs.

    Raises:
        BackendError: The provider cannot be reached or refuses; another call goes on from there.
        SettingsError: A file of requests is not what it was.
    """
    for part in job.parts:
        if part.is_unsent and (part.kind == "repair" or not repairs_alone):
            if part.file is None:
                await _upload(job, provider, part)
            await _create(job, provider, part)
            told(part)


async def adopt(job: Job, provider: Provider, part: Part) -> bool:
    """Look for the batch of a part whose making was begun; tell whether there is one.

    Raises:
        BackendError: The provider cannot be reached.
    """
    if "creating" not in part.intent:
        return False
    metadata = job.metadata_of(part)
    made = await _looked(lambda: provider.created(metadata), part.is_recent("creating"))
    if not made:
        return False
    first, *rest = sorted(made, key=lambda batch: batch.status in _FRUITLESS)
    job.note("created", part, batch=first.id)
    for extra in rest:  # a request that was slow to arrive; only one is to be paid for
        await _ended(provider, extra)
    return True


async def cancel(job: Job, provider: Provider) -> int:
    """Cancel all batches that have not ended, and make no more; return how many were cancelled.

    Raises:
        BackendError: The provider cannot be reached or refuses; another call goes on from there.
    """
    cancelled = 0
    for part in job.parts:
        if part.is_unsent and not await adopt(job, provider, part):
            job.note("dropped", part)
        if part.batch and part.ended is None:
            before = await provider.retrieve(part.batch)
            cancelled += not before.has_ended
            await _ended(provider, before)
    return cancelled


async def _upload(job: Job, provider: Provider, part: Part) -> None:
    path, name, found = job.path_of(part), job.name_of(part), None
    if digest_of_file(path) != part.sha256:
        raise SettingsError(
            "is not what was written there.", where=str(path), mend="Submit anew, into another folder."
        )
    if "uploading" in part.intent:
        recent = part.is_recent("uploading")
        found = await _looked(lambda: provider.uploaded(name, part.size), recent)
    if found is None:
        job.note("uploading", part)
        found = await provider.upload(path, name)
    job.note("uploaded", part, file=found)


async def _create(job: Job, provider: Provider, part: Part) -> None:
    if await adopt(job, provider, part):
        return
    job.note("creating", part)
    assert part.file is not None
    made = await provider.create(part.file, job.metadata_of(part))
    job.note("created", part, batch=made.id)


async def _looked(look: Callable[[], Awaitable[_T]], recent: bool) -> _T:
    """Look for what may have been made; once more where it was begun a moment ago and does not show."""
    found = await look()
    if not found and recent:
        await asyncio.sleep(SETTLE)
        found = await look()
    return found


async def _ended(provider: Provider, batch: Batch) -> None:
    if not batch.has_ended and batch.status != "cancelling":
        await provider.cancel(batch.id)
