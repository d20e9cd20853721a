"""The provider's Batch API: files up, batches made and looked after, files down.

What is asked twice does no harm is tried again where the wire failed. An upload or a new batch is first
looked for: a connection that broke after it was taken must not make it twice.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from summarizer.backends.openai import faults
from summarizer.backends.openai.transport import Exchanges, Transport
from summarizer.backends.openai.waiting import waiting
from summarizer.domain.report import Tokens
from summarizer.errors import BackendError, NotAnEndpoint

if TYPE_CHECKING:
    from tenacity import AsyncRetrying

_T = TypeVar("_T")

ENDED: Final = frozenset({"completed", "failed", "expired", "cancelled"})
"""States of a batch that it never leaves."""
URL: Final = "/v1/chat/completions"
_ABSENT: Final = {404, 405, 501}
_NO_BATCHES: Final = (
    "Does this endpoint offer files and batches, and is the key of the account that submitted?"
)
_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the provider tells it.

    Attributes:
        id: The provider's name of it.
        status: One of the provider's words; see ``ENDED``.
        total: Requests in it, and how many are done and failed.
        output_file: Where answers are, once it ended; None where there are none.
        error_file: Where errors are, once it ended.
        problem: Why it failed as a whole.
        tokens: What it took so far, where the provider tells.
        created_at: Seconds since 1970.
        metadata: What was written on it when it was made.
    """

    id: str
    status: str
    total: int = 0
    completed: int = 0
    failed: int = 0
    output_file: str | None = None
    error_file: str | None = None
    problem: str | None = None
    tokens: Tokens | None = None
    created_at: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDED


class Provider(Transport):
    """Files and batches of one endpoint; see :class:`Transport` for the arguments.

    All methods raise BackendError where the endpoint cannot be reached or refuses.
    """

    async def upload(self, path: Path, name: str) -> str:
        """Upload a file of requests under a name of its own and return the provider's id."""

        async def post() -> str:
            with path.open("rb") as file:
                made = await self._client().files.create(
                    file=(name, file, "application/jsonl"), purpose="batch"
                )
            return _identified(made)

        return await self._asked(post, lambda: self.uploaded(name, path.stat().st_size))

    async def uploaded(self, name: str, size: int) -> str | None:
        """Return the id of an upload of this name and size, or None."""

        async def listed() -> str | None:
            async for file in self._client().files.list(purpose="batch"):
                if file.filename == name and file.bytes == size:
                    return file.id
            return None

        return await self._asked(listed)

    async def create(self, file: str, metadata: Mapping[str, str]) -> Batch:
        """Make a batch of an uploaded file. Costs money."""

        async def post() -> Batch:
            return _batch(
                await self._client().batches.create(
                    input_file_id=file,
                    endpoint=URL,
                    completion_window="24h",
                    metadata=dict(metadata),
                )
            )

        async def look() -> Batch | None:
            return next(iter(await self.created(metadata)), None)

        return await self._asked(post, look)

    async def created(self, metadata: Mapping[str, str]) -> list[Batch]:
        """Return the batches that have all of this metadata, the oldest first."""

        async def listed() -> list[Batch]:
            found = [_batch(batch) async for batch in self._client().batches.list(limit=_PAGE)]
            return [one for one in found if metadata.items() <= one.metadata.items()]

        return sorted(await self._asked(listed), key=lambda batch: (batch.created_at, batch.id))

    async def retrieve(self, batch: str) -> Batch:
        """Ask how a batch stands."""

        async def get() -> Batch:
            return _batch(await self._client().batches.retrieve(batch))

        return await self._asked(get)

    async def cancel(self, batch: str) -> Batch:
        """Cancel a batch and return how it stands; one that has ended stays as it is."""
        import openai

        async def post() -> Batch:
            try:
                return _batch(await self._client().batches.cancel(batch))
            except (openai.BadRequestError, openai.ConflictError):
                now = _batch(await self._client().batches.retrieve(batch))
                if now.has_ended or now.status == "cancelling":
                    return now
                raise

        return await self._asked(post)

    async def download(self, file: str, path: Path) -> None:
        """Write a file to a path, whole or not at all; a part of it is never taken for the whole."""
        partial = path.with_name(f"{path.name}.part")

        async def get() -> None:
            import httpx2
            import openai

            try:
                async with self._client().files.with_streaming_response.content(file) as answer:
                    with partial.open("wb") as held:
                        async for piece in answer.iter_bytes():
                            held.write(piece)
                        held.flush()
                        os.fsync(held.fileno())
            except httpx2.TransportError as error:  # past the headers the client library lets it through
                raise openai.APIConnectionError(request=error.request) from error

        await self._asked(get)
        partial.replace(path)

    async def _asked(
        self, act: Callable[[], Awaitable[_T]], look: Callable[[], Awaitable[_T | None]] | None = None
    ) -> _T:
        """Do something, again where the wire failed; what must not be done twice is looked for before."""
        import openai

        try:
            async for attempt in self._tries():
                with attempt:
                    again = attempt.retry_state.attempt_number > 1
                    found = await look() if look and again else None
                    done = await act() if found is None else found
        except (openai.OpenAIError, BackendError, ValueError) as error:
            raise self._fault(error) from None
        return done

    def _tries(self) -> "AsyncRetrying":
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        return AsyncRetrying(
            retry=retry_if_exception(faults.is_transient),
            stop=stop_after_attempt(self._attempts),
            wait=waiting(self._backoff),
            sleep=asyncio.sleep,
            reraise=True,
        )

    def _fault(self, error: Exception) -> BackendError:
        # The client library lets through what its JSON reader raises.
        known = faults.unreadable(getattr(error, "doc", "")) if isinstance(error, ValueError) else error
        ours = faults.mapped(known, self.asked({}), Exchanges(count=1))
        if getattr(error, "status_code", None) in _ABSENT:
            ours.mend = _NO_BATCHES
        return ours


def _identified(made: Any) -> str:
    """Return the id of what the provider made, or say that this is no provider."""
    if not isinstance(found := getattr(made, "id", None), str):
        page = isinstance(made, str)
        raise NotAnEndpoint(
            f"what answered is no Batch API: {'a web page' if page else 'other JSON'}.",
            mend="Does the base URL end in /v1, and does the endpoint offer files and batches?",
        )
    return found


def _batch(told: Any) -> Batch:
    counts = getattr(told, "request_counts", None)
    return Batch(
        id=_identified(told),
        status=str(told.status),
        total=getattr(counts, "total", None) or 0,
        completed=getattr(counts, "completed", None) or 0,
        failed=getattr(counts, "failed", None) or 0,
        output_file=told.output_file_id,
        error_file=told.error_file_id,
        problem=_problem(told),
        tokens=_usage(getattr(told, "usage", None)),
        created_at=told.created_at or 0,
        metadata=told.metadata or {},
    )


def _problem(told: Any) -> str | None:
    """Return what the provider found wrong with a batch, a line of ours."""
    listed = getattr(getattr(told, "errors", None), "data", None) or []
    lines = [f"{one.message or one.code}{f' (line {one.line})' if one.line else ''}" for one in listed[:3]]
    return " ".join(lines) or None


def _usage(told: Any) -> Tokens | None:
    if told is None or not told.input_tokens:
        return None
    details = getattr(told, "input_tokens_details", None)
    return Tokens(
        input=told.input_tokens,
        cached_input=getattr(details, "cached_tokens", None) or 0,
        output=told.output_tokens or 0,
    )
