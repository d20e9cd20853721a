"""The Python door: one class, sync and async."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from summarizer import batch, wiring
from summarizer.domain.article import Article
from summarizer.domain.report import Outcome, Report
from summarizer.errors import MalformedInput
from summarizer.intake.unread import Unread
from summarizer.settings import Settings

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal


class Summarizer:
    """Makes neutral summaries and claim tables.

    Args:
        model: ``offline`` (the default: rules, no network), or the name of a model at an OpenAI-compatible
            endpoint, with or without ``openai/`` in front. Falls back on ``SUMMARIZER_MODEL``.
        base_url: The endpoint; falls back on ``OPENAI_BASE_URL``, then OpenAI's.
        api_key: Its key; falls back on ``OPENAI_API_KEY``.
        **settings: Any other field of :class:`summarizer.Settings`.

    Raises:
        SettingsError: A setting is missing or makes no sense.

    Sync methods also work inside a running event loop, as in a notebook: they run on a thread of their own.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        **settings: Any,
    ) -> None:
        self.settings = Settings.make(model=model, base_url=base_url, api_key=api_key, **settings)
        self._pipeline = wiring.pipeline(self.settings)
        self._open = ExitStack()
        self._portal: BlockingPortal | None = None

    async def asummarize(self, article: Article | str) -> Report:
        """Summarise one article or text.

        Raises:
            InputError: It is empty, nothing but furniture, too long, or no valid Unicode.
            BackendError: No draft could be had.
        """
        return await self._pipeline.summarize(_article(article))

    def summarize(self, article: Article | str) -> Report:
        """Summarise one article or text; as :meth:`asummarize`."""
        return self._thread().call(self.asummarize, article)

    async def asummarize_many(
        self, articles: Iterable[Article | str], *, concurrency: int = 8
    ) -> AsyncGenerator[Outcome]:
        """Yield a report or a failure for each article, as they are finished; no article raises."""
        async for _, outcome in batch.outcomes(self._pipeline, _readable(articles), concurrency=concurrency):
            yield outcome

    def summarize_many(self, articles: Iterable[Article | str], *, concurrency: int = 8) -> Iterator[Outcome]:
        """Yield outcomes as they are finished; as :meth:`asummarize_many`."""
        stream = self.asummarize_many(articles, concurrency=concurrency)

        async def following() -> Outcome | None:
            return await anext(stream, None)

        try:
            while (outcome := self._thread().call(following)) is not None:
                yield outcome
        finally:
            self._thread().call(stream.aclose)

    def close(self) -> None:
        """Close connections and the thread behind the sync methods."""
        if self._portal is not None:
            self._portal.call(self._pipeline.backend.aclose)
            self._portal = None
        self._open.close()

    async def aclose(self) -> None:
        """Close the connections that async methods opened in this event loop."""
        await self._pipeline.backend.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _thread(self) -> "BlockingPortal":
        """Return the door to the event loop that all sync calls share, so that connections are kept."""
        if self._portal is None:
            from anyio.from_thread import start_blocking_portal

            self._portal = self._open.enter_context(start_blocking_portal())
        return self._portal


def _article(given: Article | str) -> Article:
    if isinstance(given, Article):
        return given
    try:
        given.encode()
    except UnicodeEncodeError as error:
        what = f"a lone surrogate (U+{ord(given[error.start]):04X}) stands at character {error.start}."
        raise MalformedInput(what, mend="Decode the text with errors='replace' where it was read.") from None
    return Article(text=given)


def _readable(articles: Iterable[Article | str]) -> Iterator[Article | Unread]:
    for n, given in enumerate(articles):
        try:
            yield _article(given)
        except MalformedInput as error:
            yield Unread(f"input-{n + 1}", None, error)
