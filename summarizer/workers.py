"""Articles in processes of their own: more cores than one, and one that dies takes no article with it.

A process has an event loop, a pipeline built from settings, and a number of places. The parent hands out an
article at a time to whoever has a free place; articles go there and records come back as JSON over a socket,
with a number and a length before each. Nobody outlives the process that made them.
"""

import asyncio
import itertools
import json
import multiprocessing
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import PrivateAttr, SerializerFunctionWrapHandler, model_serializer

from summarizer import prompts, wiring
from summarizer.batch import failure
from summarizer.domain.article import Article
from summarizer.domain.report import ArticleRecord, Failure, Outcome, Report, Trace
from summarizer.errors import SummarizerError
from summarizer.pipeline import Pipeline
from summarizer.settings import OFFLINE, Settings

_PATIENCE: Final = 2.0
"""Seconds that a process has to end by itself."""
_STILLBORN: Final = 3
"""Deaths in a row, before a process was ready, after which it is not started again."""
_HEAD: Final = struct.Struct("!QI")
"""Before each message: the article's number, and the bytes that follow; 0 says that a process is ready."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
"""They come to the whole group, and whoever made us decides what becomes of them."""


class WorkerDied(SummarizerError):
    """The process that summarised an article ended before it was done, each time."""


class Workers:
    """Processes that summarise articles, each as many at once as it has places.

    They are started together when the first article comes, by spawning: nothing is inherited but the
    settings, which stay in memory. Each keeps to its share of the settings' rates, and of the limits that the
    endpoint tells of.

    One that dies is started again, and its articles are asked for again. Where another dies on one of those,
    too, nobody knows which of them did it: from then on one such article at a time is in hand, so that none
    fails for its neighbour.

    Args:
        settings: How summaries are made.
        places: A number for each process: articles that it may have in hand.
    """

    def __init__(self, settings: Settings, places: Sequence[int]) -> None:
        self.places = tuple(places)
        self._settings = settings
        # For one article at a time there is no neighbour to suspect.
        self._tries = (False, False, True) if max(places) > 1 else (False, True)
        # The lowest rank first: nobody gets a second article while another process has none.
        self._free: asyncio.PriorityQueue[_Place] = asyncio.PriorityQueue()
        self._suspected = asyncio.Lock()
        self._tending: list[asyncio.Task[None]] = []
        self._running: dict[int, _Worker] = {}
        self._closing = False

    async def outcome(self, article: Article) -> Outcome:
        """Summarise one article, as ``Pipeline.summarize``; what that raises is a failure.

        Raises:
            WorkerDied: The process died on it each time, or there is none any more.
        """
        if not self._tending:
            self._tending = [asyncio.create_task(self._tend(n)) for n in range(len(self.places))]
        data = article.model_dump_json().encode()
        for alone in self._tries:
            async with self._suspected if alone else nullcontext():
                place = await self._place(article)
                with suppress(_Died):
                    return _received(await place.worker.ask(data, place))
        times = len(self._tries)
        raise WorkerDied(
            f"the process that summarised it died, {times} times; was it killed, or out of memory?",
            where=article.source or article.id,
            mend="Try it again with fewer --workers.",
        )

    async def aclose(self) -> None:
        """Have the processes end, and end those that do not."""
        self._closing = True
        for worker in self._running.values():
            worker.dismiss()
        if self._tending:
            await asyncio.wait(self._tending, timeout=_PATIENCE)
        await self._end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await (self._end() if kind else self.aclose())

    async def _end(self) -> None:
        for task in self._tending:
            task.cancel()
        await asyncio.gather(*self._tending, return_exceptions=True)

    async def _place(self, article: Article) -> "_Place":
        while True:
            place = await self._free.get()
            if place.worker is _NOBODY:
                self._free.put_nowait(place)
                raise WorkerDied(
                    "every process died before it was ready; was it killed, or out of memory?",
                    where=article.source or article.id,
                    mend="Try it again with fewer --workers.",
                )
            if place.worker.alive:
                return place

    async def _tend(self, number: int) -> None:
        """Keep a process running."""
        deaths = 0
        while deaths < _STILLBORN and not self._closing:
            worker = self._running[number] = _Worker(self.places[number], self._free.put_nowait)
            await worker.run(self._settings, worker.places / sum(self.places))
            deaths = 0 if worker.was_ready else deaths + 1
        del self._running[number]
        if not self._running:
            self._free.put_nowait(_Place(-1, 0, _NOBODY))


def shares(total: int, number: int) -> list[int]:
    """Divide a total among so many, as alike as can be; fewer where the total does not go round."""
    each, rest = divmod(total, number)
    return [each + (place < rest) for place in range(number) if each + (place < rest)]


class _Died(Exception):
    """A process ended before it answered."""


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A place at a process: the lower, the sooner it is taken."""

    rank: int
    started: int
    worker: "_Worker" = field(compare=False)


class _Worker:
    """The parent's side of a process.

    Args:
        places: How many articles it may have in hand.
        give: Takes its places as they are free.
    """

    _started = itertools.count(1)

    def __init__(self, places: int, give: Callable[[_Place], None]) -> None:
        self.places, self._give, self._number = places, give, next(self._started)
        self._asked: dict[int, tuple[asyncio.Future[bytes], _Place]] = {}
        self._numbers = itertools.count(1)
        self._writer: asyncio.StreamWriter | None = None
        self.pid: int | None = None
        self.alive, self.was_ready = True, False

    @property
    def in_hand(self) -> int:
        """How many articles it has."""
        return len(self._asked)

    async def ask(self, article: bytes, place: _Place) -> bytes:
        """Hand over an article and return what comes back; the place is free again when it has come.

        Raises:
            _Died: The process ended before.
        """
        assert self._writer
        number = next(self._numbers)
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked[number] = future, place
        _write(self._writer, number, article)
        return await future

    def dismiss(self) -> None:
        """Tell it that nothing more will come."""
        if self._writer and self._writer.can_write_eof():
            self._writer.write_eof()

    async def run(self, settings: Settings, share: float) -> None:
        """Start the process and take what it answers, until it ends; cancelled, it is killed."""
        ours, its = socket.socketpair()
        spawning = multiprocessing.get_context("spawn")
        process = spawning.Process(target=_work, args=(its, settings, share), daemon=True)
        try:
            with its, _held_back():
                process.start()
            self.pid = process.pid
            reader, self._writer = await asyncio.open_connection(sock=ours)
            with suppress(asyncio.IncompleteReadError, OSError):
                while True:
                    self._take(*await _read(reader))
        finally:
            self.alive = False
            if self.pid:
                process.kill()
                process.join(_PATIENCE)
            if self._writer:
                self._writer.transport.abort()
            else:
                ours.close()
            for future, _ in self._asked.values():
                if not future.done():
                    future.set_exception(_Died)

    def _take(self, number: int, data: bytes) -> None:
        if not number:
            self.was_ready = True
            for rank in range(self.places):
                self._give(_Place(rank, self._number, self))
            return
        future, place = self._asked.pop(number)
        if not future.done():
            future.set_result(data)
        self._give(place)


_NOBODY: Final = _Worker(0, lambda _: None)
"""Has the one place that there is when no process is left."""


@contextmanager
def _held_back() -> Iterator[None]:
    """Start a process that heeds no signal before it can say so itself."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it is started with the first process, and lets signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Received(Report):
    """A report as its JSON: what a ledger and a tally ask for is at hand, the rest is read when asked for."""

    _json: str = PrivateAttr("")

    @classmethod
    def of(cls, head: bytes, record: bytes) -> "_Received":
        """Return a report by its article and trace, and by all of it."""
        data = json.loads(head)
        article, trace = ArticleRecord.model_validate(data["article"]), Trace.model_validate(data["trace"])
        known: dict[str, Any] = {"article": article, "trace": trace}
        return _Received.model_construct(**known).holding(record.decode())

    def holding(self, record: str) -> Self:
        """Forget what is not read yet, and keep what it is read from."""
        self._json = record
        for name in self.__dict__.keys() - {"article", "trace"}:
            del self.__dict__[name]  # a default, where the record may say otherwise
        return self

    def to_json(self, *, indent: int | None = None) -> str:
        return self._json if indent is None else super().to_json(indent=indent)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name not in Report.model_fields:
                return super().__getattr__(name)
            whole = Report.from_json(self._json).__dict__
            self.__dict__.clear()  # fields are written in the order in which they stand there
            self.__dict__.update(whole)
            return self.__dict__[name]

    @model_serializer(mode="wrap")
    def _whole(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        _ = self.claims
        whole: dict[str, Any] = dump(self)
        return whole


def _received(data: bytes) -> Outcome:
    head, _, record = data.partition(b"\n")
    return _Received.of(head, record) if head else Failure.model_validate_json(record)


def _sent(outcome: Outcome) -> bytes:
    """Return a record, and before it in a line of its own, of a report, what the parent needs of it."""
    if isinstance(outcome, Failure):
        return b"\n" + outcome.to_json().encode("utf-8", "replace")
    head = outcome.model_dump_json(include={"article", "trace"})
    return f"{head}\n{outcome.to_json()}".encode()


def _write(writer: asyncio.StreamWriter, number: int, data: bytes = b"") -> None:
    writer.write(_HEAD.pack(number, len(data)) + data)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    number, size = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    return number, await reader.readexactly(size)


def _work(its: socket.socket, settings: Settings, share: float) -> None:
    """Be a process: answer until nothing more comes."""
    for heeded in _SIGNALS:
        signal.signal(heeded, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asyncio.run(_answer_all(its, settings, share))
    os._exit(0)  # nothing is left to do, and the parent waits


def _end_with_parent() -> None:
    """End this process when the one that made it is gone, even where that was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


async def _answer_all(its: socket.socket, settings: Settings, share: float) -> None:
    pipeline = wiring.pipeline(settings, share=share)
    await _warm(settings, pipeline)
    reader, writer = await asyncio.open_connection(sock=its)
    _write(writer, 0)
    answering = set[asyncio.Task[None]]()
    with suppress(asyncio.IncompleteReadError, OSError):
        while True:
            number, data = await _read(reader)
            task = asyncio.create_task(_answer(pipeline, writer, number, data))
            answering.add(task)
            task.add_done_callback(answering.discard)
    for task in answering:
        task.cancel()
    await pipeline.backend.aclose()
    writer.close()


async def _answer(pipeline: Pipeline, writer: asyncio.StreamWriter, number: int, data: bytes) -> None:
    article = Article.model_validate_json(data)
    try:
        answer = _sent(await pipeline.summarize(article))
    except Exception as error:  # noqa: BLE001 - one article's crash is its own record
        answer = _sent(failure(article, error))
    _write(writer, number, answer)


async def _warm(settings: Settings, pipeline: Pipeline) -> None:
    """Import all that is imported where it is needed: by the worked example and the reply that it has."""
    text, reply = prompts.example()
    if settings.model != OFFLINE:
        pipeline = wiring.batch_pipeline(settings, wiring.collected(settings, lambda _: _line(reply)))
    with suppress(SummarizerError):
        await pipeline.summarize(Article(text=text))


def _line(reply: Any) -> dict[str, Any]:
    """Return the line of a batch's file that holds a reply."""
    message = {"role": "assistant", "content": json.dumps(reply)}
    body = {
        "id": "",
        "object": "chat.completion",
        "created": 0,
        "model": "",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return {"response": {"status_code": 200, "body": body}}
