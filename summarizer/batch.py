"""Many articles: as many at once as allowed, each outcome as it is finished, no failure loses another.

Inputs are read as they are needed, and nothing is kept of one that is finished but a digest of its id.
"""

import asyncio
import json
import threading
import zlib
from collections import Counter
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
)
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from summarizer.budget import Budget
from summarizer.domain.article import Article
from summarizer.domain.report import ErrorRecord, FailedArticle, Failure, Outcome, Tokens
from summarizer.errors import BackendError, DuplicateId
from summarizer.intake.unread import Unread
from summarizer.numbering import Numbering
from summarizer.pipeline import Pipeline

_T = TypeVar("_T")
Make = Callable[[Article], Awaitable[Outcome]]
"""Summarises one article; what it raises becomes a failure."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a run.

    Attributes:
        index: Its place among the inputs, from 0.
        one: The article, or why there is none.
        again: How many inputs before it have its id.
    """

    index: int
    one: Article | Unread
    again: int = 0


async def outcomes(
    pipeline: Pipeline,
    inputs: Iterable[Article | Unread] | AsyncIterable[Article | Unread],
    *,
    concurrency: int = 8,
    budget: Budget | None = None,
) -> AsyncGenerator[tuple[int, Outcome]]:
    """Yield (index of the input, outcome) as articles are finished; see :class:`Run`.

    A second article with an id that this run has seen becomes a failure, since two records with one id could
    not be told apart.
    """
    run = Run(pipeline.summarize, concurrency=concurrency, budget=budget)
    async with aclosing(run.over(_numbered(inputs))) as finished:
        async for given, outcome in finished:
            yield given.index, outcome


def numbered(inputs: Iterable[Article | Unread]) -> Iterator[Input]:
    """Number inputs; a second article with an id that was seen before becomes an Unread that says so."""
    return map(_Register().enter, inputs)


async def each(inputs: Iterable[_T] | AsyncIterable[_T]) -> AsyncGenerator[_T]:
    """Yield from an iterable of either kind, in the event loop; what can be closed is closed at the end."""
    if not isinstance(inputs, AsyncIterable):
        for one in inputs:
            yield one
        return
    try:
        async for one in inputs:
            yield one
    finally:
        if isinstance(inputs, AsyncGenerator):
            await inputs.aclose()


async def ahead(inputs: Iterable[_T], room: int = 8) -> AsyncGenerator[_T]:
    """Yield from an iterable that is read on a thread of its own: a slow disk or pipe holds nothing up.

    Args:
        inputs: Whatever blocks.
        room: How many may be read before they are asked for.

    Raises:
        Exception: Whatever the iterable raises, after what it gave before.
    """
    reader = _Reader(inputs, room)
    try:
        while (came := await reader.following()) is not None:
            yield came[0]
    finally:
        reader.close()


class Run:
    """Keeps a number of articles in hand: a slot that is freed is filled at once.

    At most ``concurrency`` articles are in hand, one more input is read, and as many outcomes may wait for
    whoever takes them: one that is slow holds the run up, and memory stays what it is.

    Where a budget is given, the first article that does not fit ends the taking: what is in hand is finished,
    inputs that cannot be read still become failures, and ``budget.left`` names the rest.

    Args:
        make: Summarises one article; what it raises becomes a failure.
        concurrency: Articles in hand at most.
        budget: What may be spent.
    """

    def __init__(
        self,
        make: Make,
        *,
        concurrency: int = 8,
        budget: Budget | None = None,
    ) -> None:
        self._make, self._budget = make, budget
        self._slots = asyncio.Semaphore(concurrency)
        self._finished: asyncio.Queue[tuple[Input, Outcome] | None] = asyncio.Queue(concurrency)
        self._changed = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()
        self._taking: asyncio.Task[None] | None = None
        self._stopped = False
        self._fault: BaseException | None = None

    @property
    def in_hand(self) -> int:
        """How many articles are in hand."""
        return len(self._working)

    def stop(self) -> None:
        """Take nothing more; what is in hand is finished. To be called in the event loop."""
        self._stopped = True
        if self._taking:
            self._taking.cancel()

    async def over(self, inputs: AsyncIterator[Input]) -> AsyncGenerator[tuple[Input, Outcome]]:
        """Yield inputs and what came of them, as they are finished.

        Raises:
            Exception: Whatever the inputs raise, after what was read before has been finished.
        """
        self._taking = asyncio.create_task(self._take(inputs))
        ending = asyncio.create_task(self._end(self._taking))
        if self._stopped:
            self._taking.cancel()
        try:
            while (came := await self._finished.get()) is not None:
                yield came
            await ending
        finally:
            left = [self._taking, ending, *self._working]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _take(self, inputs: AsyncIterator[Input]) -> None:
        try:
            async for given in inputs:
                await self._slots.acquire()
                if not await self._fits(given):
                    self._slots.release()
                    await self._leave(given, inputs)
                    return
                task = asyncio.create_task(self._work(given))
                self._working.add(task)
                task.add_done_callback(self._done)
        finally:
            if isinstance(inputs, AsyncGenerator):
                await inputs.aclose()

    async def _end(self, taking: "asyncio.Task[None]") -> None:
        await asyncio.wait([taking])
        while self._working:
            await asyncio.wait(self._working)
        await self._finished.put(None)
        if self._fault:
            raise self._fault
        if not taking.cancelled():
            taking.result()

    async def _work(self, given: Input) -> None:
        outcome = await self._outcome(given.one)
        if self._budget:
            self._budget.settle(given.index, outcome)
        await self._finished.put((given, outcome))

    def _done(self, task: "asyncio.Task[None]") -> None:
        """Free a slot; a fault of ours ends the run."""
        self._working.discard(task)
        self._slots.release()
        self._changed.set()
        if not task.cancelled() and (fault := task.exception()):
            self._fault = fault
            self.stop()

    async def _outcome(self, one: Article | Unread) -> Outcome:
        if isinstance(one, Unread):
            return failure(one, one.error)
        try:
            return await self._make(one)
        except Exception as error:  # noqa: BLE001 - one article's crash is its own record, not the batch's end
            return failure(one, error)

    async def _fits(self, given: Input) -> bool:
        """Tell whether an input may be taken, waiting for what is in hand where that may make room."""
        if self._budget is None or isinstance(given.one, Unread):
            return True
        while not self._budget.takes(given.index, given.one):
            if not self._working:
                return False
            self._changed.clear()
            await self._changed.wait()
        return True

    async def _leave(self, first: Input, rest: AsyncIterator[Input]) -> None:
        """Note what the budget leaves; what cannot be read costs nothing and has its record."""
        assert self._budget
        self._budget.left.append(first.one.id)
        async for given in rest:
            if isinstance(given.one, Unread):
                await self._finished.put((given, failure(given.one, given.one.error)))
            else:
                self._budget.left.append(given.one.id)


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


class _Register:
    """Numbers inputs, and knows which ids it has seen and who had them first."""

    def __init__(self) -> None:
        self._ids, self._again = Numbering(), Counter[int]()
        self._names = _Names()  # of the first article with each id
        self._late: dict[int, str] = {}  # … where an input that is no article had it before
        self._count = 0

    def enter(self, one: Article | Unread) -> Input:
        """Number one input."""
        index, self._count = self._count, self._count + 1
        name = one.source or f"input {index + 1}"
        known = len(self._ids)
        number = self._ids.number(one.id)
        if number == known:
            self._names.add(name if isinstance(one, Article) else "")
            return Input(index, one)
        self._again[number] += 1
        if isinstance(one, Article):
            if first := self._names[number] or self._late.get(number):
                one = Unread(one.id, one.source, _duplicate(one.id, first, name))
            else:
                self._late[number] = name
        return Input(index, one, self._again[number])


class _Names:
    """A list of names, packed: those of an archive are much alike, and few are ever asked for."""

    _PACK = 1000

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._latest: list[str] = []

    def add(self, name: str) -> None:
        """Add a name."""
        self._latest.append(name)
        if len(self._latest) == self._PACK:
            self._packed.append(zlib.compress(json.dumps(self._latest).encode()))
            self._latest = []

    def __getitem__(self, number: int) -> str:
        pack, place = divmod(number, self._PACK)
        names = json.loads(zlib.decompress(self._packed[pack])) if pack < len(self._packed) else self._latest
        return str(names[place])


def _duplicate(article_id: str, first: str, second: str) -> DuplicateId:
    if first == second:
        return DuplicateId("it is given twice; the first time counts.", where=second, mend="Name it once.")
    return DuplicateId(
        f"it has the id {article_id!r}, and so has {first}; only the first of the two is taken.",
        where=second,
        mend="Rename one of the files, or give each article an id of its own (in JSON, the field id).",
    )


async def _numbered(
    inputs: Iterable[Article | Unread] | AsyncIterable[Article | Unread],
) -> AsyncGenerator[Input]:
    register = _Register()
    async with aclosing(each(inputs)) as given:
        async for one in given:
            yield register.enter(one)


class _Reader(Generic[_T]):
    """A thread that reads an iterable a little ahead, and hands what it read to the event loop."""

    def __init__(self, inputs: Iterable[_T], room: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Queue[tuple[_T] | Exception | None] = asyncio.Queue()
        self._free = threading.Semaphore(room)
        self._closed = False
        # A daemon: a pipe that nobody writes to does not keep a program alive.
        threading.Thread(target=self._read, args=(inputs,), name="summarizer-inputs", daemon=True).start()

    async def following(self) -> tuple[_T] | None:
        """Return what was read next, in a tuple, or None at the end."""
        came = await self._came.get()
        self._free.release()
        if isinstance(came, Exception):
            raise came
        return came

    def close(self) -> None:
        """Read nothing more."""
        self._closed = True
        self._free.release()

    def _read(self, inputs: Iterable[_T]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits for this any more
            for came in self._all(inputs):
                self._loop.call_soon_threadsafe(self._came.put_nowait, came)

    def _all(self, inputs: Iterable[_T]) -> Iterator[tuple[_T] | Exception | None]:
        try:
            waiting = iter(inputs)
            while self._free.acquire() and not self._closed:
                yield (next(waiting),)
        except StopIteration:
            yield None
        except Exception as error:  # noqa: BLE001 - raised where it can be caught
            yield error
