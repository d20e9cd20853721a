"""Worker processes: the same reports, and no article is lost with the process that had it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.domain.article import Article
from summarizer.domain.report import Report
from summarizer.errors import EmptyInput
from summarizer.settings import Settings
from summarizer.wiring import pipeline
from summarizer.workers import WorkerDied, Workers

TEXT = "Two trawlers sank off Norra on Monday, the coast guard said. Ada Holm denied that {} had burned. "
LONG = Article(text="".join(TEXT.format(f"hall {n}") for n in range(1500)), id="long")
SHORT = Article(text=TEXT.format("the hall"), id="short")


def pids(workers: Workers) -> list[int]:
    """Return the processes that there are."""
    return [pid for pool in workers._pools for pid in (getattr(pool, "_processes", None) or {})]


def busy(workers: Workers) -> int:
    """Return the one process that has an article."""
    free = [workers._free.get_nowait() for _ in range(workers._free.qsize())]
    for pool in free:
        workers._free.put_nowait(pool)
    (pid,) = (pid for pool in workers._pools.difference(free) for pid in pool._processes)
    return pid


def test_a_worker_gives_the_report_that_we_would_give() -> None:
    """Errors, too, come as they are."""

    async def made() -> tuple[Report, Report]:
        with Workers(Settings(), 1) as workers:
            with pytest.raises(EmptyInput, match="empty"):
                await workers.summarize(Article(text=" "))
            return await workers.summarize(SHORT), await pipeline(Settings()).summarize(SHORT)

    one, other = (report.model_dump(exclude={"trace": {"seconds"}}) for report in asyncio.run(made()))
    assert one == other


def test_an_article_whose_process_is_killed_is_tried_again() -> None:
    """By a new process; its neighbour notices nothing."""

    async def made() -> list[str]:
        with Workers(Settings(), 2) as workers:
            await asyncio.gather(workers.summarize(SHORT), workers.summarize(SHORT))
            long = asyncio.create_task(workers.summarize(LONG))
            await asyncio.sleep(0.1)
            os.kill(busy(workers), signal.SIGKILL)
            short = await workers.summarize(SHORT)
            return [short.article.id, (await long).article.id]

    assert asyncio.run(made()) == ["short", "long"]


def test_an_article_that_kills_its_process_each_time_is_a_failure() -> None:
    """It is told, and the workers go on."""

    async def kill_all(workers: Workers) -> None:
        while True:
            for pid in pids(workers):
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.05)

    async def made() -> Report:
        with Workers(Settings(), 1) as workers:
            killing = asyncio.create_task(kill_all(workers))
            with pytest.raises(WorkerDied, match="died, 2 times"):
                await workers.summarize(LONG)
            killing.cancel()
            await asyncio.wait([killing])
            return await workers.summarize(SHORT)

    assert asyncio.run(made()).article.id == "short"


_PARENT = """
import asyncio, os, sys
from summarizer.domain.article import Article
from summarizer.settings import Settings
from summarizer.workers import Workers

async def main():
    workers = Workers(Settings(), 1)
    await workers.summarize(Article(text="Two trawlers sank off Norra on Monday."))
    print(*(pid for pool in workers._pools for pid in pool._processes), flush=True)
    os.kill(os.getpid(), 9)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals here")
def test_workers_do_not_outlive_who_made_them(tmp_path: Path) -> None:
    """Even where that was killed: they hold the other end of a pipe, which ends with them."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    # The workers inherit standard output; it ends when the last of them has.
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=here, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split()
