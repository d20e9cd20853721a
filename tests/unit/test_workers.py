"""Worker processes: the same records, and no article is lost with the process that had it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Outcome, Report
from summarizer.prompts import example
from summarizer.settings import Settings
from summarizer.wiring import pipeline
from summarizer.workers import WorkerDied, Workers, _received, _sent, shares

EXAMPLE, REPLY = example()
TEXT = "Two trawlers sank off Norra on Monday, the coast guard said. Ada Holm denied that {} had burned. "
LONG = Article(text="".join(TEXT.format(f"hall {n}") for n in range(1500)), id="long")
SHORT = Article(text=TEXT.format("the hall"), id="short")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals here")


def pids(workers: Workers) -> list[int]:
    """Return the processes that there are."""
    return [worker.pid for worker in workers._running.values() if worker.pid]


def busy(workers: Workers) -> int:
    """Return the one process that has an article."""
    (pid,) = (worker.pid for worker in workers._running.values() if worker.in_hand)
    assert pid
    return pid


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - nothing tells us
            await asyncio.sleep(0.01)


def without_seconds(outcome: Outcome) -> dict[str, Any]:
    """Return a record but for what may differ."""
    data: dict[str, Any] = json.loads(outcome.to_json())
    data.get("trace", {}).pop("seconds", None)
    return data


def report() -> Report:
    """Make a report that has findings."""
    return asyncio.run(pipeline(Settings()).summarize(SHORT))


def test_a_worker_gives_the_records_that_we_would_give() -> None:
    """Failures, too, come as they are."""
    empty = Article(text=" ", id="empty")

    async def made() -> tuple[Outcome, Outcome, Report]:
        async with Workers(Settings(), [1]) as workers:
            ours = await pipeline(Settings()).summarize(SHORT)
            return await workers.outcome(SHORT), await workers.outcome(empty), ours

    one, failed, other = asyncio.run(made())
    assert without_seconds(one) == without_seconds(other)
    assert isinstance(failed, Failure)
    assert (failed.article.id, failed.error.type) == ("empty", "EmptyInput")


def test_a_report_that_came_as_its_json_is_that_report() -> None:
    """What was not read at first is there when it is asked for, in any order and when all is."""
    whole = report()
    received = [_received(_sent(whole)) for _ in range(4)]
    assert all(isinstance(one, Report) for one in received)
    names = list(Report.model_fields)
    assert [getattr(received[0], name) for name in names] == [getattr(whole, name) for name in names]
    assert received[1].model_dump() == whole.model_dump()
    assert isinstance(received[2], Report)
    assert received[2].to_json(indent=1) == whole.to_json(indent=1)
    assert received[3].to_json() == whole.to_json()
    with pytest.raises(AttributeError):
        received[0].nothing  # type: ignore[union-attr] # noqa: B018 - that is the test


def test_an_article_whose_process_is_killed_is_tried_again() -> None:
    """By another process; its neighbour notices nothing."""

    async def made() -> list[str]:
        async with Workers(Settings(), [1, 1]) as workers:
            await asyncio.gather(workers.outcome(SHORT), workers.outcome(SHORT))
            long = asyncio.create_task(workers.outcome(LONG))
            await asyncio.sleep(0.1)
            os.kill(busy(workers), signal.SIGKILL)
            short = await workers.outcome(SHORT)
            outcomes = [short, await long]
            assert all(isinstance(one, Report) for one in outcomes)
            return [one.article.id for one in outcomes]

    assert asyncio.run(made()) == ["short", "long"]


def test_an_article_that_kills_its_process_each_time_is_a_failure() -> None:
    """It is told, and the workers go on."""

    async def made() -> Outcome:
        async with Workers(Settings(), [1]) as workers:
            dying = asyncio.create_task(workers.outcome(LONG))
            for _ in range(2):
                await until(lambda: any(worker.in_hand for worker in workers._running.values()))
                os.kill(pid := busy(workers), signal.SIGKILL)
                await until(lambda: pid not in pids(workers))
            with pytest.raises(WorkerDied, match="died, 2 times"):
                await dying
            return await workers.outcome(SHORT)

    assert isinstance(asyncio.run(made()), Report)


def test_an_article_that_kills_takes_no_neighbour_with_it(endpoint: Any, says: Callable[..., Any]) -> None:
    """Those that were in hand with it each time have their reports, and it alone is a failure."""
    endpoint.play({**says(json.dumps(REPLY)), "trickle": 0.0001})
    settings = Settings(model="scripted", base_url=endpoint.base_url)
    articles = [Article(text=f"{EXAMPLE}\n\nLamp {n} was lit.", id=f"a{n}") for n in range(6)]
    fatal = "Lamp 3 was lit."

    async def kill_at_each(workers: Workers) -> None:
        for times in range(1, 4):
            await until(lambda: sum(fatal in str(body) for body in endpoint.requests) == times)  # noqa: B023 - called here
            (pid,) = pids(workers)
            os.kill(pid, signal.SIGKILL)

    async def made() -> list[Any]:
        async with Workers(settings, [6]) as workers:
            killing = asyncio.create_task(kill_at_each(workers))
            asked = [workers.outcome(article) for article in articles]
            outcomes = await asyncio.gather(*asked, return_exceptions=True)
            await killing
            return outcomes

    outcomes = asyncio.run(made())
    assert isinstance(outcomes.pop(3), WorkerDied)
    assert all(isinstance(one, Report) for one in outcomes)


def test_processes_that_never_get_ready_are_told() -> None:
    """Every article is a failure; nobody waits for a process that cannot be."""
    settings = Settings(model="needs-a-key")

    async def made() -> list[Any]:
        async with Workers(settings, [1, 1]) as workers:
            asked = [workers.outcome(SHORT) for _ in range(4)]
            return await asyncio.gather(*asked, return_exceptions=True)

    for error in asyncio.run(made()):
        assert isinstance(error, WorkerDied)
        assert "before it was ready" in str(error)


def test_processes_end_with_their_block() -> None:
    """Those that have something to do, too, where the block ends by an error."""

    async def made(*, fail: bool) -> list[int]:
        running: list[int] = []
        with pytest.raises(ZeroDivisionError) if fail else pytest.raises(LookupError):
            async with Workers(Settings(), [1, 1]) as workers:
                await asyncio.gather(workers.outcome(SHORT), workers.outcome(SHORT))
                running = pids(workers)
                if fail:
                    task = asyncio.create_task(workers.outcome(LONG))
                    await asyncio.sleep(0.05)
                    task.cancel()
                    raise ZeroDivisionError
            raise LookupError
        return running

    for fail in (False, True):
        running = asyncio.run(made(fail=fail))
        assert len(running) == 2
        for pid in running:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


@pytest.mark.parametrize(
    ("total", "number", "expected"), [(8, 3, [3, 3, 2]), (64, 2, [32, 32]), (2, 5, [1, 1]), (7, 1, [7])]
)
def test_shares_sum_to_the_whole(total: int, number: int, expected: list[int]) -> None:
    """As alike as can be, and nobody has nothing."""
    assert shares(total, number) == expected


_PARENT = """
import asyncio, os, sys
from summarizer.domain.article import Article
from summarizer.settings import Settings
from summarizer.workers import Workers

async def main():
    workers = Workers(Settings(), [1, 1])
    short = Article(text="Two trawlers sank off Norra on Monday.")
    await asyncio.gather(workers.outcome(short), workers.outcome(short))
    asyncio.create_task(workers.outcome(Article(text="Ada Holm denied that hall 7 had burned. " * 9000)))
    await asyncio.sleep(0.1)
    print(*(worker.pid for worker in workers._running.values()), flush=True)
    os.kill(os.getpid(), 9)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_workers_do_not_outlive_who_made_them(tmp_path: Path) -> None:
    """Even where that was killed, and one of them is in the middle of its computing."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    # The workers inherit standard output; it ends when the last of them has.
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=here, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    assert len(done.stdout.split()) == 2


def test_the_key_is_on_no_command_line(endpoint: Any, says: Callable[..., Any]) -> None:
    """It reaches the processes in memory, and they can use it."""
    endpoint.play(says(json.dumps(REPLY)))
    settings = Settings(model="scripted", base_url=endpoint.base_url, api_key="sk-very-secret")

    async def made() -> tuple[Outcome, list[str]]:
        async with Workers(settings, [2]) as workers:
            outcome = await workers.outcome(Article(text=EXAMPLE))
            shown = subprocess.run(  # noqa: ASYNC221 - nothing else is going on
                ["ps", "-o", "args=", "-p", ",".join(map(str, pids(workers)))],
                capture_output=True,
                text=True,
                check=True,
            )
            return outcome, shown.stdout.splitlines()

    outcome, lines = asyncio.run(made())
    assert isinstance(outcome, Report)
    assert len(lines) == 1
    assert "secret" not in lines[0]
