"""The Python door: one class, sync and async."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Coroutine, Iterable, Iterator
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypeVar

from summarizer import batch, wiring
from summarizer.domain.article import Article, lone_surrogate
from summarizer.domain.report import Outcome, Report
from summarizer.errors import MalformedInput
from summarizer.intake.unread import Unread
from summarizer.settings import Settings

_T = TypeVar("_T")


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
        self._thread: _LoopThread | None = None

    async def asummarize(self, article: Article | str) -> Report:
        """Summarise one article or text.

        Raises:
            InputError: It is empty, nothing but furniture, too long, or no valid Unicode.
            BackendError: No draft could be had.
        """
        return await self._pipeline.summarize(_article(article))

    def summarize(self, article: Article | str) -> Report:
        """Summarise one article or text; as :meth:`asummarize`."""
        return self._call(self.asummarize(article))

    async def asummarize_many(
        self, articles: Iterable[Article | str] | AsyncIterable[Article | str], *, concurrency: int = 8
    ) -> AsyncGenerator[Outcome]:
        """Yield a report or a failure for each article, as they are finished; no article raises.

        Articles are taken as they are needed, ``concurrency`` at once, and a slot that is freed is filled at
        once: as many outcomes as there are slots may wait to be taken. What blocks is better given as an
        asynchronous iterable: it is read in the event loop.
        """
        found = batch.outcomes(self._pipeline, _readable(articles), concurrency=concurrency)
        async with aclosing(found):
            async for _, outcome in found:
                yield outcome

    def summarize_many(self, articles: Iterable[Article | str], *, concurrency: int = 8) -> Iterator[Outcome]:
        """Yield outcomes as they are finished; as :meth:`asummarize_many`.

        The articles are read on a thread of their own, so that an iterable that blocks holds nothing up.
        """
        stream = self._many(articles, concurrency)

        async def following() -> Outcome | None:
            return await anext(stream, None)

        try:
            while (outcome := self._call(following())) is not None:
                yield outcome
        finally:
            if self._thread is not None:
                self._call(stream.aclose())

    async def _many(self, articles: Iterable[Article | str], concurrency: int) -> AsyncGenerator[Outcome]:
        # Not more ahead than there are slots; the last one is read while all slots are filled.
        stream = self.asummarize_many(batch.ahead(_listed(articles), 1), concurrency=concurrency)
        async with aclosing(stream):
            async for outcome in stream:
                yield outcome

    def close(self) -> None:
        """Close connections and the thread behind the sync methods."""
        if self._thread is not None:
            self._thread.call(self._pipeline.backend.aclose())
            self._thread.stop()
            self._thread = None

    async def aclose(self) -> None:
        """Close the connections that async methods opened in this event loop."""
        await self._pipeline.backend.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine on the event loop that all sync calls share, so that connections are kept."""
        if self._thread is None:
            self._thread = _LoopThread()
        return self._thread.call(work)


class _LoopThread:
    """An event loop on a daemon thread: a script that never closes its summarizer still ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="summarizer", daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine to its end and return what it gives."""
        task = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return task.result()
        except BaseException:  # an interrupted caller does not leave its work running
            task.cancel()
            raise

    def stop(self) -> None:
        """End the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _article(given: Article | str) -> Article:
    if isinstance(given, Article):
        return given
    if not isinstance(given, str):
        raise MalformedInput(
            f"a text or an Article is needed, not {type(given).__name__}.",
            mend="Decode bytes first; read files with Article.from_file.",
        )
    if (fault := lone_surrogate(given)) is not None:
        raise MalformedInput(fault, mend="Decode the text with errors='replace' where it was read.")
    return Article(text=given)


async def _readable(
    articles: Iterable[Article | str] | AsyncIterable[Article | str],
) -> AsyncGenerator[Article | Unread]:
    number = 0
    async with aclosing(batch.each(_listed(articles))) as each:
        async for given in each:
            number += 1
            try:
                yield _article(given)
            except MalformedInput as error:
                yield Unread(f"input-{number}", None, error)


_Many = TypeVar("_Many", bound=Iterable[Article | str] | AsyncIterable[Article | str])


def _listed(articles: _Many) -> _Many:
    if isinstance(articles, str):
        raise MalformedInput("many articles are needed, not one text.", mend="Use summarize, or a list.")
    return articles
