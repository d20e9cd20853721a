"""Runs: slots are filled as they are freed, inputs read as they are needed, and nothing is lost."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator

import pytest

from summarizer import batch
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Outcome, Report
from summarizer.errors import InputNotFound
from summarizer.intake.unread import Unread
from summarizer.settings import Settings
from summarizer.wiring import pipeline

TEXT = "Two trawlers sank off Norra on Monday, the coast guard said."
PIPELINE = pipeline(Settings())


def articles(number: int) -> list[Article]:
    """Make articles that differ."""
    return [Article(text=f"{TEXT} Lamp {n} was lit.", id=f"a{n}") for n in range(number)]


class Gate:
    """Makes reports; those of the ids it holds only when it is opened."""

    def __init__(self, *held: str) -> None:
        self.held, self.open = set(held), asyncio.Event()
        self.begun: list[str] = []
        self.full = asyncio.Event()  # three have begun

    async def __call__(self, article: Article) -> Report:
        self.begun.append(article.id)
        if len(self.begun) == 3:
            self.full.set()
        await asyncio.sleep(0)
        if article.id in self.held:
            await self.open.wait()
        return await PIPELINE.summarize(article)


async def settled() -> None:
    """Let everything that can go on do so."""
    for _ in range(200):
        await asyncio.sleep(0)


def test_a_slow_article_holds_up_no_other() -> None:
    """With two slots, one of them stuck, all others are done through the other."""

    async def run() -> tuple[list[str], list[str]]:
        gate = Gate("a0")
        stream = batch.Run(gate, concurrency=2).over(batch.ahead(batch.numbered(articles(12)), 2))
        early = [(await anext(stream))[1].article.id for _ in range(11)]
        gate.open.set()
        return early, [outcome.article.id async for _, outcome in stream]

    early, late = asyncio.run(run())
    assert sorted(early) == sorted(f"a{n}" for n in range(1, 12))
    assert late == ["a0"]


def test_slots_are_filled_while_nobody_takes_outcomes() -> None:
    """As many outcomes as slots may wait; then, and not before, the run stands still."""

    async def run() -> list[int]:
        gate = Gate()
        stream = batch.Run(gate, concurrency=3).over(each(batch.numbered(articles(50))))
        begun = []
        for _ in range(2):
            await anext(stream)
            await settled()
            begun.append(len(gate.begun))
        await stream.aclose()
        return begun

    first, second = asyncio.run(run())
    assert first == 1 + 3 + 3  # taken, waiting to be taken, and waiting to be put there
    assert second == first + 1


async def each(inputs: Iterator[batch.Input]) -> AsyncGenerator[batch.Input]:
    """Give inputs in the event loop."""
    for one in inputs:
        yield one


def test_inputs_are_read_as_they_are_needed() -> None:
    """Of an endless archive no more is read than is in hand, a little ahead, or done."""
    read: list[int] = []

    def endless() -> Iterator[Article]:
        while True:
            read.append(len(read))
            yield Article(text=f"{TEXT} Lamp {len(read)} was lit.")

    async def run() -> None:
        stream = batch.Run(PIPELINE.summarize, concurrency=4).over(batch.ahead(batch.numbered(endless()), 4))
        for _ in range(10):
            await anext(stream)
        await stream.aclose()

    asyncio.run(run())
    assert len(read) <= 10 + 3 * 4 + 2


def test_a_source_that_blocks_holds_up_nothing() -> None:
    """While the next input is waited for, what is in hand is finished and given."""
    more = threading.Event()

    def slow() -> Iterator[Article]:
        yield from articles(2)
        more.wait(30)
        yield Article(text=TEXT, id="late")

    async def run() -> list[str]:
        stream = batch.Run(PIPELINE.summarize, concurrency=4).over(batch.ahead(batch.numbered(slow())))
        found = [(await anext(stream))[1].article.id for _ in range(2)]
        assert not more.is_set()
        more.set()
        return found + [outcome.article.id async for _, outcome in stream]

    assert asyncio.run(run()) == ["a0", "a1", "late"]


def test_a_run_that_is_stopped_finishes_what_is_in_hand() -> None:
    """Nothing more is taken, and nothing in hand is lost."""

    async def run() -> tuple[list[str], list[str]]:
        gate = Gate(*(f"a{n}" for n in range(20)))
        run = batch.Run(gate, concurrency=3)
        stream = run.over(batch.ahead(batch.numbered(articles(20)), 3))
        first = asyncio.ensure_future(anext(stream))
        await gate.full.wait()
        run.stop()
        gate.open.set()
        found = [(await first)[1].article.id]
        return gate.begun, found + [outcome.article.id async for _, outcome in stream]

    begun, found = asyncio.run(run())
    assert sorted(begun) == sorted(found) == ["a0", "a1", "a2"]


def test_a_source_that_breaks_loses_no_outcome() -> None:
    """What was read before the fault is given, then the fault is raised."""

    def broken() -> Iterator[Article]:
        yield from articles(3)
        raise OSError("the disk is gone")

    async def run() -> list[str]:
        stream = batch.outcomes(PIPELINE, broken(), concurrency=2)
        found = [(await anext(stream))[1].article.id for _ in range(3)]
        with pytest.raises(OSError, match="the disk is gone"):
            await anext(stream)
        return found

    assert asyncio.run(run()) == ["a0", "a1", "a2"]


def test_outcomes_have_the_index_of_their_input() -> None:
    """Whatever kind of source they come from."""

    async def source() -> AsyncGenerator[Article | Unread]:
        yield articles(1)[0]
        yield Unread("lost", "lost.txt", InputNotFound("no such file.", where="lost.txt"))

    async def run() -> dict[int, Outcome]:
        return {index: outcome async for index, outcome in batch.outcomes(PIPELINE, source())}

    found = asyncio.run(run())
    assert isinstance(found[0], Report)
    assert isinstance(found[1], Failure)


def test_inputs_of_one_id_are_counted() -> None:
    """An article behind an unreadable input of its id is taken; a second article is none."""
    lost = Unread("a0", "a0.txt", InputNotFound("no such file.", where="a0.txt"))
    one, other = articles(1)[0], Article(text=TEXT, id="a0", source="old/a0.txt")
    found = list(batch.numbered([lost, one, other, lost]))
    assert [given.again for given in found] == [0, 1, 2, 3]
    assert [given.index for given in found] == [0, 1, 2, 3]
    assert [isinstance(given.one, Article) for given in found] == [False, True, False, False]
    assert "so has input 2" in str(found[2].one.error)  # type: ignore[union-attr]
