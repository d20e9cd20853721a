"""Articles in processes of their own: one that takes long holds nothing up, and one that dies is told."""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from summarizer import wiring
from summarizer.domain.article import Article
from summarizer.domain.report import Report
from summarizer.errors import SummarizerError
from summarizer.pipeline import Pipeline
from summarizer.settings import Settings

_TRIES = 2
_PATIENCE = 2.0
"""Seconds."""


class WorkerDied(SummarizerError):
    """The process that summarised an article ended before it was done, each time."""


class Workers:
    """Processes that summarise one article each at a time, with pipelines built from settings.

    A process that dies is replaced, and its article tried once more. Nobody outlives the process that made
    them. They are started when they are first needed, by spawning: nothing is inherited but the settings.

    Args:
        settings: How summaries are made.
        number: How many processes.
    """

    def __init__(self, settings: Settings, number: int) -> None:
        self._settings = settings
        # A pool of one for each: a process that dies breaks its pool, and nobody else's.
        self._pools = {_pool(settings) for _ in range(number)}
        self._free: asyncio.Queue[ProcessPoolExecutor] = asyncio.Queue()
        for pool in self._pools:
            self._free.put_nowait(pool)

    async def summarize(self, article: Article) -> Report:
        """Summarise one article, as ``Pipeline.summarize``.

        Raises:
            InputError: It is empty, nothing but furniture, or too long.
            BackendError: No draft could be had.
            WorkerDied: The process died on it twice.
        """
        for _ in range(_TRIES):
            pool = await self._free.get()
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, _summarized, article)
            except BrokenProcessPool:
                pool = self._replaced(pool)
            finally:
                self._free.put_nowait(pool)
        raise WorkerDied(
            f"the process that summarised it died, {_TRIES} times; was it killed, or out of memory?",
            where=article.source or article.id,
            mend="Try it again with fewer --workers.",
        )

    def close(self) -> None:
        """End the processes, whatever they do."""
        for pool in self._pools:
            _end(pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _replaced(self, broken: ProcessPoolExecutor) -> ProcessPoolExecutor:
        _end(broken)
        fresh = _pool(self._settings)
        self._pools = self._pools - {broken} | {fresh}
        return fresh


def _pool(settings: Settings) -> ProcessPoolExecutor:
    spawning = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawning, initializer=_begin, initargs=(settings,))


def _end(pool: ProcessPoolExecutor) -> None:
    # No public way before Python 3.14; without it an article in hand would be waited for.
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()
    # Its thread ends with its process; the end of ours must not come upon it half closed.
    if manager := getattr(pool, "_executor_manager_thread", None):
        manager.join(_PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)


class _Here:
    """What a worker process has: its pipeline and its event loop."""

    pipeline: Pipeline
    loop: asyncio.AbstractEventLoop


def _begin(settings: Settings) -> None:
    """Make a process ready."""
    for heeded in (signal.SIGINT, signal.SIGTERM):  # of the whole group: whoever made us decides
        signal.signal(heeded, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Here.pipeline = wiring.pipeline(settings)
    _Here.loop = asyncio.new_event_loop()


def _end_with_parent() -> None:
    """End this process when the one that made it is gone, even where that was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _summarized(article: Article) -> Report:
    return _Here.loop.run_until_complete(_Here.pipeline.summarize(article))
